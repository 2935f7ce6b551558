/**
 * An address of the web (WHATWG URL), absolute or from `base`; null for what is none. Not `URL.canParse` before `new URL`: of a host name of
 * some 64 KiB the one says that it can be parsed, and the other throws.
 */
export function parseUrl(text: string, base?: string | URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** What a part of one says (RFC 3986 section 2.1); as it stands where it is not encoded well. */
export function decodeLoosely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
