import iconv from 'iconv-lite';

const LF = 10;
const SHIFT_OUT = 14;
const SHIFT_IN = 15;
const TILDE = 0x7e;

/** ISO-2022-KR (RFC 1557): between SO and SI stand two bytes of KS X 1001 a letter; each line begins in ASCII. iconv-lite and Node know it not. */
export function decodeIso2022Kr(bytes: Buffer): string {
  // the announcement at the beginning of the text
  const text = withoutAll(bytes, Buffer.from('\x1b$)C', 'latin1'));
  const euc = Buffer.from(text);
  let length = 0;
  let shifted = false;
  for (const byte of text) {
    if (byte === SHIFT_OUT || byte === SHIFT_IN) shifted = byte === SHIFT_OUT;
    else {
      if (byte === LF) shifted = false;
      euc[length++] = shifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte;
    }
  }
  return iconv.decode(euc.subarray(0, length), 'euc-kr');
}

/** HZ (RFC 1843): between "~{" and "~}" stand two bytes of GB 2312 a letter, "~~" is "~", and "~" at the end of a line joins it to the next. */
export function decodeHz(bytes: Buffer): string {
  const euc = Buffer.from(bytes);
  let length = 0;
  let shifted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if (byte === TILDE && (next === 0x7b || next === 0x7d)) {
      shifted = next === 0x7b;
      at++;
    } else if (byte === TILDE && next === TILDE && !shifted) {
      euc[length++] = TILDE;
      at++;
    } else if (byte === TILDE && next === LF) at++;
    else {
      if (byte === LF) shifted = false;
      euc[length++] = shifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte;
    }
  }
  return iconv.decode(euc.subarray(0, length), 'gbk');
}

function withoutAll(bytes: Buffer, what: Buffer): Buffer {
  if (!bytes.includes(what)) return bytes;
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(what); at !== -1; at = bytes.indexOf(what, from)) {
    pieces.push(bytes.subarray(from, at));
    from = at + what.length;
  }
  pieces.push(bytes.subarray(from));
  return Buffer.concat(pieces);
}
