import { type CssNodePlain, parse, type SelectorListPlain, toPlainObject } from 'css-tree';

/**
 * Selectors of a letter, bound to the part of the page that holds it: every one begins at the part's own element, and classes and ids
 * carry its prefix, as they do in the rebuilt HTML. One that is not understood costs itself, not its neighbours.
 */
export function safeSelectors(source: string, scope: Scope): string[] {
  if (source.length > longest) return [];
  return splitList(source).flatMap((one) => (scope.belowPage && ofPage.test(one) ? [] : (safeSelector(one, scope) ?? [])));
}

/** What binds the names of a letter to the part of the page that holds it. */
export interface Scope {
  scope: string;
  /** the letter is one of ours: what is bound already stays as it is, however often it is read */
  ours?: boolean;
  /** what means the page itself means nothing: the rules are of a place within it */
  belowPage?: boolean;
}

const ofPage = /^\s*(?:html|body|:root)(?![\w-])/i;

/** A class or id of a letter as it is called on the page. */
export const scopedName = (name: string, { scope, ours = false }: Scope): string =>
  ours && (name === scope || name === 'mail-page' || name.startsWith(`${scope}-`)) ? name : `${scope}-${name}`;

const longest = 20_000;

/** At commas outside of brackets and strings. */
function splitList(source: string): string[] {
  if (!/["'([]/.test(source)) return source.split(',');
  const found: string[] = [];
  let from = 0;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < source.length; at++) {
    const sign = source[at] ?? '';
    if (sign === '\\') at++;
    else if (quote) quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') depth--;
    else if (sign === ',' && depth === 0) {
      found.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, source.slice(from)];
}

function safeSelector(source: string, bound: Scope): string | null {
  const text = source.trim();
  if (text === '' || text.length > 1000) return null;
  const known = simple.exec(text);
  if (known && !bound.ours) return `.${bound.scope} ${known[1] ?? ''}${known[2] ? `.${scopedName(known[2], bound)}` : ''}`;
  try {
    const list: CssNodePlain = toPlainObject(parse(text, { context: 'selectorList', onParseError: refuse }));
    const [selector] = (list as SelectorListPlain).children;
    return selector?.type === 'Selector' ? write(selector.children, bound, true) : null;
  } catch {
    return null;
  }
}

/** "td", "p.MsoNormal", ".button": nine of ten, without the parser */
const simple = /^((?!html$|body$|html\.|body\.)[a-z][a-z0-9]{0,20})?(?:\.([a-zA-Z_][\w-]{0,80}))?$/;

function refuse(): never {
  throw new SyntaxError();
}

function write(nodes: readonly CssNodePlain[], bound: Scope, outermost: boolean): string {
  let text = '';
  let first = true;
  let fromRoot = false;
  for (const node of nodes) {
    if (node.type === 'Combinator') {
      // brackets would go all the way up from each element on the way up, and those within them again
      if (!outermost) refuse();
      // beside a letter stands what is not its own, and in an answer what the writer wrote
      if (fromRoot && first && node.name === '+') refuse();
      // "~" looks through all that came before, for each element: one rule over 20,000 paragraphs holds the tab for seconds
      text += node.name === ' ' ? ' ' : /^[>+]$/.test(node.name) ? ` ${node.name} ` : refuse();
      first = false;
      continue;
    }
    const isRoot =
      (node.type === 'TypeSelector' && node.name.toLowerCase() === 'html') ||
      (node.type === 'PseudoClassSelector' && node.name === 'root') ||
      (node.type === 'ClassSelector' && node.name === bound.scope && bound.ours === true);
    if (isRoot && first) fromRoot = true;
    text += isRoot ? `.${bound.scope}` : writeSimple(node, bound);
  }
  return outermost && !fromRoot ? `.${bound.scope} ${text}` : text;
}

function writeSimple(node: CssNodePlain, bound: Scope): string {
  switch (node.type) {
    case 'TypeSelector':
      if (node.name.toLowerCase() === 'body') return '.mail-page';
      return node.name === '*' || /^[a-z][a-z0-9-]{0,40}$/i.test(node.name) ? node.name : refuse();
    case 'ClassSelector':
      return `.${scopedName(identifier(node.name), bound)}`;
    case 'IdSelector':
      return `#${scopedName(identifier(node.name), bound)}`;
    case 'AttributeSelector':
      return writeAttribute(node, bound);
    case 'PseudoClassSelector':
      return writePseudoClass(node, bound);
    default:
      return refuse();
  }
}

const identifier = (name: string): string => (/^[\w\u00a1-\uffff-]{1,80}$/.test(name) ? name : refuse());
const attributes = new Set('class id style align valign width height href dir lang type title border name colspan rowspan'.split(' '));

function writeAttribute(node: Extract<CssNodePlain, { type: 'AttributeSelector' }>, bound: Scope): string {
  const name = node.name.name.toLowerCase();
  if (!attributes.has(name)) return refuse();
  if (node.matcher === null || node.value === null) return `[${name}]`;
  if (!/^[~|^$*]?=$/.test(node.matcher)) return refuse();
  const given = node.value.type === 'String' ? node.value.value : node.value.name;
  // a line end would be the end of the string
  if (!/^[\w .:;#%/,()-]{1,200}$/.test(given)) return refuse();
  const prefixed = /[$*]/.test(node.matcher) ? '' : name;
  if (prefixed === 'id') return `[id${node.matcher}"${scopedName(given, bound)}"]`;
  const value =
    prefixed === 'class'
      ? given
          .split(/\s+/)
          .filter(Boolean)
          .map((word) => scopedName(word, bound))
          .join(' ')
      : given;
  return `[${name}${node.matcher}"${value}"]`;
}

const pseudoClasses = new Set(
  'first-child last-child only-child first-of-type last-of-type only-of-type empty hover link visited active focus'.split(' '),
);
const counting = new Set(['nth-child', 'nth-last-child', 'nth-of-type', 'nth-last-of-type']);

function writePseudoClass(node: Extract<CssNodePlain, { type: 'PseudoClassSelector' }>, bound: Scope): string {
  const name = node.name.toLowerCase();
  if (pseudoClasses.has(name) && node.children === null) return `:${name}`;
  const [child] = node.children ?? [];
  if (counting.has(name) && child?.type === 'Nth' && child.selector === null) return `:${name}(${writeNth(child.nth)})`;
  if ((name === 'not' || name === 'is' || name === 'where') && child?.type === 'SelectorList') {
    const inner = child.children.map((one) => (one.type === 'Selector' ? write(one.children, bound, false) : refuse()));
    return `:${name}(${inner.join(',')})`;
  }
  return refuse();
}

function writeNth(nth: CssNodePlain): string {
  if (nth.type === 'Identifier') return nth.name === 'odd' || nth.name === 'even' ? nth.name : refuse();
  if (nth.type !== 'AnPlusB') return refuse();
  const [a, b] = [nth.a === null ? 0 : Number(nth.a), nth.b === null ? 0 : Number(nth.b)];
  return Number.isFinite(a) && Number.isFinite(b) ? `${a}n+${b}`.replace('+-', '-') : refuse();
}
