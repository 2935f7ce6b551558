/** So many bytes tell what it is. */
export const pictureBytes = 12;

/** By the first bytes, as browsers know pictures (WHATWG MIME Sniffing section 6.1); null for what is none. */
export function pictureType(bytes: Buffer): string | null {
  const begins = bytes.toString('latin1', 0, pictureBytes);
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(begins)) return 'image/gif';
  if (/^RIFF[\s\S]{4}WEBP/.test(begins)) return 'image/webp';
  if (/^[\s\S]{4}ftypavi[fs]/.test(begins)) return 'image/avif';
  // two letters begin many a text: of a picture nobody uses the four octets behind its size
  if (/^BM[\s\S]{4}\0{4}/.test(begins)) return 'image/bmp';
  return begins.startsWith('\0\0\x01\0') ? 'image/x-icon' : null;
}
