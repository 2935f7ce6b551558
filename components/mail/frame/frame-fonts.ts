/** The house's type in a letter's frame too, from the same files. */
export function addFonts(target: Document): void {
  fontRules ||= fontRulesOf(document);
  const style = target.createElement('style');
  style.textContent = fontRules;
  target.head.append(style);
}

/** found once: they stand among thousands of others */
let fontRules = '';

function fontRulesOf(from: Document): string {
  const rules: string[] = [];
  for (const sheet of from.styleSheets) {
    try {
      collectFontRules(sheet.cssRules, sheet.href ?? from.baseURI, rules);
    } catch {
      // a style sheet of a browser extension
    }
  }
  return rules.join('\n');
}

function collectFontRules(list: CSSRuleList, base: string, rules: string[]): void {
  for (const rule of list) {
    if (rule instanceof CSSFontFaceRule && /Hanken|Hyperlegible/.test(rule.cssText)) {
      rules.push(rule.cssText.replace(/url\("([^"]+)"\)/g, (_, address: string) => `url("${new URL(address, base).href}")`));
    } else if ('cssRules' in rule) collectFontRules(rule.cssRules as CSSRuleList, base, rules);
  }
}
