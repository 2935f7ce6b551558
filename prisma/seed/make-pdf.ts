import iconv from 'iconv-lite';

const LINE = 18;
const TOP = 760;

/** A PDF of one A4 page: a title and lines in a typewriter face. Characters of Windows-1252 only (PDF 1.4, section 9.6.6: WinAnsiEncoding). */
export function makePdf(title: string, lines: string[]): Buffer {
  const text = [`BT /F1 20 Tf 60 ${TOP} Td (${escapeText(title)}) Tj ET`];
  for (const [index, line] of lines.entries()) text.push(`BT /F2 11 Tf 60 ${TOP - 44 - index * LINE} Td (${escapeText(line)}) Tj ET`);
  const content = iconv.encode(text.join('\n'), 'windows-1252');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
    Buffer.concat([Buffer.from(`<< /Length ${content.length} >>\nstream\n`), content, Buffer.from('\nendstream')]),
  ];
  const chunks = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const offsets: number[] = [];
  let position = chunks[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    const chunk = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]);
    offsets.push(position);
    position += chunk.length;
    chunks.push(chunk);
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  chunks.push(
    Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${position}\n%%EOF\n`),
  );
  return Buffer.concat(chunks);
}

const escapeText = (text: string): string => text.replace(/[\\()]/g, '\\$&');
