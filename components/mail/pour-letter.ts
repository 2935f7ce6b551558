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
  const pour = (length: number): void => {
    parsed.write(html.slice(at, at + length));
    at += length;
    const isLast = at >= html.length;
    if (isLast) parsed.close();
    onPiece(isLast);
    // larger by and by: who opens a letter scrolls or goes on at once, and waits for the piece under way
    if (!isLast) cancel = afterPaint(() => pour(Math.min(mostPiece, length * 1.5)));
  };
  at = Math.max(0, html.indexOf('</style>'));
  parsed.write(html.slice(0, at));
  pour(firstPiece);
  return () => cancel();
}

/** More than a window shows of most letters. */
const firstPiece = 40_000;
const mostPiece = 120_000;
const atOnce = 80_000;
/** In a window that nobody sees nothing is painted. */
const unseenMs = 250;

/** Runs something when what was done is on the screen. Answers how to call it off. */
function afterPaint(then: () => void): () => void {
  let timer = setTimeout(run, unseenMs);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(run, 0);
  });
  function run(): void {
    cancelAnimationFrame(frame);
    then();
  }
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
