const width = 76;

/**
 * Plain text as format=flowed (RFC 3676): long lines are broken after a blank, which says that they go on; what a reader joins is what was
 * written, at any width. Quoted lines are broken within their quote; lines that begin with a blank, ">" or "From " are stuffed.
 */
export const flowText = (text: string): string => text.replaceAll('\r\n', '\n').split('\n').flatMap(flowLine).join('\n');

function flowLine(line: string): string[] {
  const marks = /^(?:> ?)*/.exec(line)?.[0] ?? '';
  const depth = marks.replaceAll(' ', '').length;
  const content = line.slice(marks.length);
  const prefix = '>'.repeat(depth);
  if (content === '-- ') return [depth > 0 ? `${prefix} -- ` : content];
  return pieces(content.replace(/(?<! ) +$/, ''), width - depth - 1).map((piece) => {
    if (depth > 0) return piece === '' ? prefix : `${prefix} ${piece}`;
    return /^(?: |>|From )/.test(piece) ? ` ${piece}` : piece;
  });
}

/** Each but the last ends with the blank it was broken after; words are never broken. */
function pieces(content: string, most: number): string[] {
  const found: string[] = [];
  let rest = content;
  while (rest.length > most) {
    const before = rest.lastIndexOf(' ', most - 1);
    const at = before > 0 ? before : rest.indexOf(' ', most);
    if (at < 0) break;
    found.push(rest.slice(0, at + 1));
    rest = rest.slice(at + 1);
  }
  return [...found, rest];
}
