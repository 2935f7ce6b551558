/**
 * Text that was given too little room: a height of line that was meant for a picture, so that lines lie over one another; a box of a height that
 * its words outgrew in a face that is not its author's.
 */

export const isTight = ({ fontSize, lineHeight }: CSSStyleDeclaration): boolean =>
  Number.parseFloat(fontSize) >= 6 && Number.parseFloat(lineHeight) < Number.parseFloat(fontSize) * 0.7;

/** Gives room to those elements whose text takes more than one line; a single one stands where its author put it. */
export function separateLines(elements: readonly HTMLElement[]): void {
  const crowded = elements.filter((element) => !element.closest('sup, sub') && linesOf(element) > 1);
  for (const element of crowded) element.style.setProperty('line-height', 'normal', 'important');
}

function linesOf(element: HTMLElement): number {
  const range = element.ownerDocument.createRange();
  range.selectNodeContents(element);
  return new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ bottom }) => Math.round(bottom))).size;
}

/** Lower boxes hide what is for nobody to see. */
const lowest = 12;
const mostBoxes = 2000;

/** Lets boxes grow that would cut their own words off. */
export function uncutText(document: Document): void {
  const { defaultView: view, body } = document;
  if (!view) return;
  const inSheet = [...body.querySelectorAll('style')].some((style) => style.textContent?.includes('overflow'));
  const boxes = [...body.querySelectorAll<HTMLElement>(inSheet ? '.mail-page *' : '[style*="overflow"]')].slice(0, mostBoxes);
  const cutting = boxes.filter(
    (box) =>
      box.clientHeight >= lowest &&
      box.scrollHeight > box.clientHeight + 3 &&
      /hidden|clip/.test(view.getComputedStyle(box).overflowY) &&
      textBottom(box) > box.getBoundingClientRect().bottom + 3,
  );
  for (const box of cutting) {
    box.style.setProperty('min-height', `${box.clientHeight}px`, 'important');
    box.style.setProperty('height', 'auto', 'important');
    box.style.setProperty('max-height', 'none', 'important');
  }
}

/** Where the last words end. */
function textBottom(box: HTMLElement): number {
  const walker = box.ownerDocument.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const range = box.ownerDocument.createRange();
  let bottom = 0;
  while (walker.nextNode()) {
    if (!/\S/.test((walker.currentNode as Text).data)) continue;
    range.selectNodeContents(walker.currentNode);
    bottom = Math.max(bottom, range.getBoundingClientRect().bottom);
  }
  return bottom;
}
