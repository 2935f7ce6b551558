/**
 * Puts the HTML of a letter into its frame. A long one is poured: its beginning stands there at once and can be read, the rest follows while
 * it is read already, so that nothing has to wait for two megabytes. The pieces go through one parser, which writes on in elements that stand
 * in the frame by then: the letter becomes what it would have become in one go.
 */
export function pourLetter(document: Document, html: string, onPiece: (isLast: boolean) => void): () => void {
  if (html.length <= atOnce) {
    document.body.innerHTML = html;
    onPiece(true);
    return () => {};
  }
  const parsed = document.implementation.createHTMLDocument();
  parsed.open();
  // with a doctype: without one it would be read by older rules than what is put in whole
  parsed.write('<!doctype html><body>');
  document.body.replaceWith(parsed.body);
  let at = 0;
  let cancel = (): void => {};
  const pour = (length: number, rest = (): number => 0): void => {
    const began = performance.now();
    parsed.write(html.slice(at, at + length));
    at += length;
    const isLast = at >= html.length;
    if (isLast) parsed.close();
    onPiece(isLast);
    if (isLast) return;
    cancel = afterPaint((rested) => pour(nextPiece(length, at, rested === null ? 0 : performance.now() - began - rested)), rest);
  };
  at = Math.max(0, html.indexOf('</style>'));
  parsed.write(html.slice(0, at));
  pour(firstPiece, () => (document.body.scrollHeight < window.innerHeight ? 0 : restMs));
  return () => cancel();
}

/** About as much as a window shows of most letters; what it does not fill is filled at once. */
const firstPiece = 10_000;
/** Who has just opened it reads its beginning, and whatever he does first is answered at once: the rest would keep the page busy. */
const restMs = 200;
const mostPiece = 120_000;
const atOnce = 40_000;
const leastPiece = 20_000;
/** Who opens a letter scrolls or goes on at once, and waits for the piece under way. */
const mostMs = 50;

/**
 * Larger by and by, and smaller where this machine takes long for one: reading, laying out and painting counted. But never small beside what
 * stands there: one paragraph or table is laid out anew with each piece that it grows by, and a hundred pieces of it would take fifty times as long.
 */
const nextPiece = (length: number, poured: number, tookMs: number): number =>
  Math.max(
    tookMs > mostMs ? Math.max(leastPiece, (length * mostMs) / tookMs) : Math.min(mostPiece, length * 1.5),
    Math.round(poured * leastShare),
  );
const leastShare = 1 / 3;
/** In a window that nobody sees nothing is painted. */
const unseenMs = 250;

/** Runs something when what was done is on the screen and has been for so long, or would be (null). Answers how to call it off. */
function afterPaint(then: (rested: number | null) => void, rest: () => number): () => void {
  let timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    then(null);
  }, unseenMs);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    const ms = rest();
    timer = setTimeout(() => then(ms), ms);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
