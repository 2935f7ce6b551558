/** Elements that stand on lines of their own. */
export const blockTags = 'p,div,table,ul,ol,dl,blockquote,pre,hr,h1,h2,h3,h4,h5,h6,center,section,article';
const places = `${blockTags},td,th,li,dd,dt,body`;

/**
 * What a `br` means to whoever reads HTML, and an editor would take for one line more: at the end of what stands before it, it is nothing; alone
 * between blocks, or in one, it is an empty line.
 */
export function meaningOf(lineBreak: Element): 'break' | 'nothing' | 'line' {
  const after = neighbour(lineBreak, 'nextSibling');
  if (after !== null && !isBlock(after)) return 'break';
  const before = neighbour(lineBreak, 'previousSibling');
  if (before !== null && !isBlock(before)) return 'nothing';
  return before === null && after === null && lineBreak.closest(places)?.localName !== 'body' ? 'nothing' : 'line';
}

const isBlock = (node: Node): boolean => node instanceof Element && node.matches(blockTags);

/** What stands beside it on the same line, or the block beside it; null: its own block ends there. */
function neighbour(from: Node, side: 'nextSibling' | 'previousSibling'): Node | null {
  for (let node: Node = from; ; ) {
    const beside = node[side];
    if (beside && !isBlank(beside)) return beside;
    const next: Node | null = beside ?? node.parentNode;
    if (next === null || (next === node.parentNode && next instanceof Element && next.matches(places))) return null;
    node = next;
  }
}

const isBlank = (node: Node): boolean => (node instanceof Text ? !/[^ \t\r\n]/.test(node.data) : node instanceof Comment);

/** The editor shows an empty paragraph, and a break at its end, as a line; HTML shows it only where a `br` stands for it. */
export function writeEmptyLines(body: HTMLElement): void {
  for (const line of body.querySelectorAll('p,div:not([data-block]),h1,h2,h3,h4,h5,h6')) {
    const last = line.lastChild;
    if (last === null || (last instanceof Element && last.localName === 'br')) line.append(body.ownerDocument.createElement('br'));
  }
}
