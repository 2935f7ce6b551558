/** Folds lines of a header that are longer: at white space where there is some, else wherever it must be (RFC 5322 section 2.2.3). */
export function foldLongLines(header: Buffer, longest: number): Buffer {
  const lines: string[] = [];
  let changed = false;
  for (const line of header.toString('latin1').split('\n')) {
    const end = line.endsWith('\r') ? '\r' : '';
    let rest = end === '' ? line : line.slice(0, -1);
    while (rest.length > longest) {
      changed = true;
      // the first character may be the space of a fold already; a fold there would leave an empty line
      const blank = Math.max(rest.lastIndexOf(' ', longest), rest.lastIndexOf('\t', longest));
      const at = blank > 1 && rest.slice(0, blank).trim() !== '' ? blank : longest;
      lines.push(`${rest.slice(0, at)}\r`);
      rest = blank === at ? rest.slice(at) : ` ${rest.slice(at)}`;
    }
    lines.push(rest + end);
  }
  return changed ? Buffer.from(lines.join('\n'), 'latin1') : header;
}
