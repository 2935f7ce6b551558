const LF = 10;
const TAB = 9;
/** the first byte of U+0080 to U+009F in UTF-8, which terminals obey like the controls of ASCII */
const C1 = 0xc2;

/**
 * Output of a program as a log may hold it: control characters are written out ("\x1b"), for what a stranger sent us must not command the
 * terminal of whoever reads it (CWE-150). The same buffer where there are none.
 */
export function escapeControls(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let kept = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const isControl = (byte < 0x20 && byte !== LF && byte !== TAB) || byte === 0x7f;
    const next = bytes[at + 1] ?? 0;
    const isC1 = byte === C1 && next >= 0x80 && next <= 0x9f;
    if (!isControl && !isC1) continue;
    pieces.push(bytes.subarray(kept, at), Buffer.from(`\\x${(isC1 ? next : byte).toString(16).padStart(2, '0')}`));
    if (isC1) at++;
    kept = at + 1;
  }
  return kept === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(kept)]);
}
