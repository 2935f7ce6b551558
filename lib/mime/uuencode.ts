/**
 * uuencode (POSIX): what carried files before MIME, as a transfer encoding and in the middle of a text; and yEnc, which newsgroups took after
 * it. Linear time, and nothing fails: lines that are none are left out of the file.
 */

export interface UuFile {
  name: string;
  bytes: Buffer;
}

/** A body whose transfer encoding is uuencode: the bytes of the first file in it. */
export const decodeUuencode = (body: Buffer): Buffer => decodeLines(body.toString('latin1').split('\n').map(bare));

/** Plain text without the files in it. Taken for one is only what begins, goes on line by line, and ends as a file does. */
export function splitUuencoded(text: string): { text: string; files: UuFile[] } {
  if (!(text.includes('\nend') && BEGIN_ANYWHERE.test(text)) && !text.includes('\n=yend ')) return { text, files: [] };
  const lines = text.split('\n').map(bare);
  const lastYenc = lines.findLastIndex((line) => line.startsWith('=yend '));
  const kept: string[] = [];
  const files: UuFile[] = [];
  for (let at = 0; at < lines.length; at++) {
    const begin = files.length < mostFiles ? BEGIN.exec(lines[at] ?? '') : null;
    const end = begin ? endOf(lines, at + 1) : -1;
    if (begin?.[1] && end >= 0) {
      files.push({ name: begin[1].trim(), bytes: decodeLines(lines.slice(at + 1, end)) });
      at = end;
      continue;
    }
    const yenc = at < lastYenc && files.length < mostFiles ? YENC.exec(lines[at] ?? '') : null;
    if (yenc?.[1]) {
      let last = at + 1;
      while (!lines[last]?.startsWith('=yend ')) last++;
      files.push({ name: yenc[1].trim(), bytes: decodeYenc(lines.slice(at + 1, last)) });
      at = last;
    } else kept.push(lines[at] ?? '');
  }
  return { text: kept.join('\n'), files };
}

/** Index of the line "end" behind lines of code alone; -1 where there is none. What looks like none is looked at once. */
function endOf(lines: readonly string[], from: number): number {
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === 'end') return at > from ? at : -1;
    if (line !== '' && !isCode(line)) return -1;
  }
  return -1;
}

/** Length says how many characters follow; blanks at the end may have been lost on the way, a check character may have been added. */
function isCode(line: string): boolean {
  if (!CODE.test(line)) return false;
  const length = Math.ceil(sixBits(line, 0) / 3) * 4 + 1;
  return line.length <= length + 2 && line.length >= (sixBits(line, 0) === 0 ? 1 : Math.min(length, 2));
}

function decodeLines(lines: readonly string[]): Buffer {
  const pieces: Buffer[] = [];
  for (const line of lines) {
    if (line === 'end') break;
    if (BEGIN.test(line) || !isCode(line)) continue;
    const count = sixBits(line, 0);
    const bytes = Buffer.alloc(Math.ceil(count / 3) * 3);
    for (let read = 1, to = 0; to < count; read += 4, to += 3) {
      const four = (sixBits(line, read) << 18) | (sixBits(line, read + 1) << 12) | (sixBits(line, read + 2) << 6) | sixBits(line, read + 3);
      bytes.writeUIntBE(four, to, 3);
    }
    pieces.push(bytes.subarray(0, count));
  }
  return Buffer.concat(pieces);
}

/** Each byte is 42 more than it was; behind "=" another 64 more. */
function decodeYenc(lines: readonly string[]): Buffer {
  const code = Buffer.from(lines.filter((line) => !line.startsWith('=ypart ')).join(''), 'latin1');
  let length = 0;
  for (let at = 0; at < code.length; at++) {
    const escaped = code[at] === 61;
    if (escaped) at++;
    code[length++] = (code[at] ?? 0) - (escaped ? 106 : 42);
  }
  return code.subarray(0, length);
}

const sixBits = (line: string, at: number): number => (at < line.length ? (line.charCodeAt(at) - 32) & 63 : 0);
const bare = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

const mostFiles = 100;
const BEGIN = /^begin [0-7]{3,4} (\S.{0,250})$/;
const BEGIN_ANYWHERE = /^begin [0-7]{3,4} \S/m;
const YENC = /^=ybegin [^\n]{0,200}?name=(.{1,250})$/;
const CODE = /^[ -`]{1,90}$/;
