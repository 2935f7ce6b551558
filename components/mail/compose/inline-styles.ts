/** What style sheets say is given to each element for itself, as the browser would find it: nearer words win, and those of an element last. */
export function inlineStyles(body: HTMLElement, sheets: readonly string[], wanted: (property: string) => boolean = () => true): void {
  const given = new Map<HTMLElement, Given[]>();
  let order = 0;
  let asked = 0;
  for (const rule of sheets.flatMap(rulesIn)) {
    const style = [...rule.style].filter(wanted);
    if (style.length === 0) continue;
    for (const selector of splitSelectors(rule.selectorText)) {
      if (++asked > mostSelectors || order > mostGiven) break;
      const weight = weightOf(selector);
      for (const element of matching(body, selector)) {
        const all = given.get(element) ?? [];
        given.set(element, all);
        for (const property of style) {
          const important = rule.style.getPropertyPriority(property) !== '';
          all.push({ property, value: rule.style.getPropertyValue(property), important, weight, order: order++ });
        }
      }
    }
  }
  for (const [element, all] of given) giveStyle(element, all);
}

interface Given {
  property: string;
  value: string;
  important: boolean;
  weight: number;
  order: number;
}

function giveStyle(element: HTMLElement, all: Given[]): void {
  const own = element.style.cssText;
  all.sort((one, other) => Number(one.important) - Number(other.important) || one.weight - other.weight || one.order - other.order);
  element.style.cssText = '';
  const put = (those: readonly Given[]) => {
    for (const { property, value } of those) element.style.setProperty(property, value);
  };
  put(all.filter(({ important }) => !important));
  element.style.cssText += own;
  put(all.filter(({ property, important }) => important && element.style.getPropertyPriority(property) === ''));
}

/** A stranger wrote them: each selector goes through all elements, and each declaration is kept until all are known. */
const mostSelectors = 5000;
const mostGiven = 500_000;

function rulesIn(source: string): CSSStyleRule[] {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(source);
  return rulesOf(sheet.cssRules);
}

/** Those that hold on every screen: what depends on its width cannot be said of an element. */
function rulesOf(rules: CSSRuleList): CSSStyleRule[] {
  return [...rules].flatMap((rule) => {
    if (rule instanceof CSSStyleRule) return [rule];
    return rule instanceof CSSMediaRule && /^(all|screen)?$/.test(rule.conditionText) ? rulesOf(rule.cssRules) : [];
  });
}

const splitSelectors = (text: string): string[] => (/[("[]/.test(text) ? [text] : text.split(','));

/** CSS selectors 4, section 17, as near as letters need it: ids, then classes and attributes, then names. */
function weightOf(selector: string): number {
  const count = (pattern: RegExp) => selector.match(pattern)?.length ?? 0;
  return count(/#/g) * 10_000 + count(/\.|\[|(?<!:):(?!:|not|is|where)/g) * 100 + count(/(?:^|[\s>+~(,])[a-z]/gi);
}

function matching(body: HTMLElement, selector: string): HTMLElement[] {
  try {
    return [...body.querySelectorAll<HTMLElement>(selector)];
  } catch {
    return [];
  }
}
