import postcss from 'postcss';

/**
 * CSS of mails: only known properties, only values without functions that fetch, compute or hide something (url, var, env, attr,
 * image-set …). Written as an allow list, because each bypass of other webmails was one more thing that a block list had forgotten.
 */
const properties = new Set(
  (
    'background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse ' +
    'border-color border-left border-left-color border-left-style border-left-width border-radius border-right border-right-color ' +
    'border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style border-top-width ' +
    'border-width box-sizing caption-side clear color direction display empty-cells float font font-family font-size font-style ' +
    'font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top ' +
    'max-height max-width min-height min-width opacity overflow-wrap padding padding-bottom padding-left padding-right padding-top ' +
    'table-layout text-align text-decoration text-indent text-transform unicode-bidi vertical-align white-space width word-break ' +
    'word-spacing word-wrap'
  ).split(' '),
);

const displays =
  /^(block|inline|inline-block|table|inline-table|table-row|table-cell|table-row-group|table-header-group|table-footer-group|list-item|none)$/;
const functions = /^(rgb|rgba|hsl|hsla|calc)$/;

/** Whether a declaration may stay. Anything with an escape, a comment, a string that is left open or an unknown function may not. */
export function safeDeclaration(property: string, value: string): boolean {
  const name = property.toLowerCase().trim();
  const text = value.toLowerCase().trim();
  if (!properties.has(name) || text.length > 300 || /[\\<>{};@]|\/\*|:/.test(text)) return false;
  for (const quote of ['"', "'"]) if (text.split(quote).length % 2 === 0) return false;
  for (const call of text.matchAll(/([a-z-]*)\s*\(/g)) if (!functions.test(call[1] ?? '')) return false;
  if (text.split('(').length !== text.split(')').length) return false;
  if (name === 'display') return displays.test(text.replace(/\s*!important$/, ''));
  return true;
}

/** The declarations of a style attribute that may stay; empty if it cannot be parsed. */
export function safeStyleAttribute(style: string): string {
  if (style.length > 10_000) return '';
  const kept: string[] = [];
  try {
    postcss.parse(`a{${style}}`).walkDecls((declaration) => {
      if (declaration.parent?.parent?.type !== 'root') return;
      if (safeDeclaration(declaration.prop, declaration.value)) {
        kept.push(`${declaration.prop.toLowerCase()}:${declaration.value}${declaration.important ? ' !important' : ''}`);
      }
    });
  } catch {
    return '';
  }
  return kept.join(';');
}

const selector = /^[a-z0-9\s.,#>+~*_:()[\]="'-]+$/i;
const dynamicSelector = /:(?!first-child|last-child|nth-child|hover|link|visited|active|focus)/i;

/** A style element, rebuilt from the rules that may stay: plain rules and those within @media. Empty if it cannot be parsed. */
export function safeStyleSheet(css: string): string {
  if (css.length > 200_000) return '';
  try {
    const rules: string[] = [];
    for (const node of postcss.parse(css.replace(/<!--|-->/g, '')).nodes) {
      if (node.type === 'rule') rules.push(rebuildRule(node));
      else if (node.type === 'atrule' && node.name.toLowerCase() === 'media' && /^[a-z0-9\s():,.-]+$/i.test(node.params)) {
        const inner = (node.nodes ?? []).map((child) => (child.type === 'rule' ? rebuildRule(child) : '')).join('');
        if (inner) rules.push(`@media ${node.params}{${inner}}`);
      }
    }
    return rules.join('');
  } catch {
    return '';
  }
}

function rebuildRule(rule: { selector: string; nodes?: readonly { type: string }[] }): string {
  if (rule.selector.length > 1000 || !selector.test(rule.selector) || dynamicSelector.test(rule.selector)) return '';
  const kept = (rule.nodes ?? []).flatMap((node) => {
    const declaration = node as { type: string; prop?: string; value?: string; important?: boolean };
    if (declaration.type !== 'decl' || !declaration.prop || declaration.value === undefined) return [];
    if (!safeDeclaration(declaration.prop, declaration.value)) return [];
    return [`${declaration.prop.toLowerCase()}:${declaration.value}${declaration.important ? ' !important' : ''}`];
  });
  return kept.length > 0 ? `${rule.selector}{${kept.join(';')}}` : '';
}
