/**
 * Text that was given too little room: a height of line that was meant for a picture, so that lines lie over one another; a box of a height that
 * its words outgrew in a face that is not its author's.
 */

export const isTight = ({ fontSize, lineHeight }: CSSStyleDeclaration): boolean =>
  Number.parseFloat(fontSize) >= 6 && Number.parseFloat(lineHeight) < Number.parseFloat(fontSize) * 0.9;

/** Gives room to those elements whose text takes more than one line; a single one stands where its author put it. */
export function separateLines(elements: readonly HTMLElement[]): void {
  let left = mostPieces;
  const crowded = elements.filter((element) => {
    if (left <= 0 || element.closest('sup, sub')) return false;
    const { lines, pieces } = linesOf(element);
    left -= pieces;
    return lines > 1;
  });
  for (const element of crowded) element.style.setProperty('line-height', 'normal', 'important');
}

/** Elements within one another each hold all that the innermost does: so much is measured of a letter, and no more. */
const mostPieces = 50_000;

function linesOf(element: HTMLElement): { lines: number; pieces: number } {
  const range = element.ownerDocument.createRange();
  range.selectNodeContents(element);
  const boxes = [...range.getClientRects()];
  const lines = new Set(boxes.filter(({ width }) => width > 0).map(({ bottom }) => Math.round(bottom))).size;
  return { lines, pieces: boxes.length };
}

/** Lower boxes hide what is for nobody to see. */
const lowest = 12;
const narrowest = 100;
const mostBoxes = 2000;

/** Lets boxes grow, or be scrolled, that would cut their own words off, and makes room for lists whose bullets stand left of the letter. */
export function uncutText(document: Document): void {
  const { defaultView: view, body } = document;
  if (!view) return;
  const inSheet = [...body.querySelectorAll('style')].some((style) => style.textContent?.includes('overflow'));
  const boxes = [...body.querySelectorAll<HTMLElement>(inSheet ? '.mail-page *' : '[style*="overflow"]')].slice(0, mostBoxes);
  const narrow = boxes.filter(
    (box) =>
      box.clientWidth >= narrowest && box.scrollWidth > box.clientWidth + 3 && /hidden|clip/.test(view.getComputedStyle(box).overflowX),
  );
  const budget = { left: mostPieces };
  const cutting = boxes.filter(
    (box) =>
      box.clientHeight >= lowest &&
      box.scrollHeight > box.clientHeight + 3 &&
      /hidden|clip/.test(view.getComputedStyle(box).overflowY) &&
      hasTextBelow(box, box.getBoundingClientRect().bottom + 3, budget),
  );
  for (const box of cutting) {
    box.style.setProperty('min-height', `${box.clientHeight}px`, 'important');
    box.style.setProperty('height', 'auto', 'important');
    box.style.setProperty('max-height', 'none', 'important');
  }
  for (const box of narrow) box.style.setProperty('overflow-x', 'auto', 'important');
  body.style.paddingLeft = '';
  const leftOf = (element: Element): number => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().left;
  };
  const hanging = [...body.querySelectorAll('[style*="text-indent:-"]')].slice(0, mostBoxes);
  // what holds others of them has all that they have
  const innermost = hanging.filter((element) => !element.querySelector('[style*="text-indent:-"]'));
  const outside = Math.min(0, ...innermost.map(leftOf));
  if (outside > -mostOutside) body.style.paddingLeft = `${-outside}px`;
}

/** Further out is what nobody is to see. */
const mostOutside = 100;

/** Whether words of it end below a height. */
function hasTextBelow(box: HTMLElement, height: number, budget: { left: number }): boolean {
  const walker = box.ownerDocument.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const range = box.ownerDocument.createRange();
  while (budget.left > 0 && walker.nextNode()) {
    budget.left -= 1;
    if (!/\S/.test((walker.currentNode as Text).data)) continue;
    range.selectNodeContents(walker.currentNode);
    if (range.getBoundingClientRect().bottom > height) return true;
  }
  return false;
}
