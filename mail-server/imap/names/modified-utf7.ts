const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,';

/** Unicode → modified UTF-7 (RFC 3501 section 5.1.3). Lone surrogates become U+FFFD. */
export function encodeModifiedUtf7(text: string): string {
  let out = '';
  for (const piece of text.toWellFormed().match(/[\x20-\x7e]+|[^\x20-\x7e]+/g) ?? []) {
    if (/^[\x20-\x7e]/.test(piece)) out += piece.replaceAll('&', '&-');
    else out += `&${encodeRun(piece)}-`;
  }
  return out;
}

function encodeRun(text: string): string {
  const bytes = Buffer.from(text, 'utf16le').swap16();
  return bytes.toString('base64').replace(/=+$/, '').replaceAll('/', ',');
}

/**
 * Modified UTF-7 → Unicode, or null where it is not valid: 8-bit bytes, an open shift, bits left over, printable ASCII that was shifted,
 * two shifts in a row that should be one, lone surrogates. One name has exactly one spelling, so nothing can hide behind another.
 */
export function decodeModifiedUtf7(bytes: string): string | null {
  let out = '';
  let at = 0;
  let afterShift = false;
  while (at < bytes.length) {
    const code = bytes.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return null;
    if (code !== 0x26) {
      out += bytes[at++];
      afterShift = false;
      continue;
    }
    const end = bytes.indexOf('-', at);
    if (end < 0) return null;
    if (end === at + 1) {
      out += '&';
      afterShift = false;
    } else {
      const run = afterShift ? null : decodeRun(bytes.slice(at + 1, end));
      if (run === null) return null;
      out += run;
      afterShift = true;
    }
    at = end + 1;
  }
  return out;
}

function decodeRun(run: string): string | null {
  let bits = 0;
  let value = 0;
  let out = '';
  for (const character of run) {
    const digit = base64.indexOf(character);
    if (digit < 0) return null;
    value = (value << 6) | digit;
    bits += 6;
    if (bits >= 16) {
      bits -= 16;
      const unit = (value >> bits) & 0xffff;
      if (unit >= 0x20 && unit <= 0x7e) return null;
      out += String.fromCharCode(unit);
      value &= (1 << bits) - 1;
    }
  }
  // what is left over must be fewer than six zero bits
  return bits < 6 && value === 0 && out !== '' && out.isWellFormed() ? out : null;
}
