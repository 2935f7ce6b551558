/**
 * What a Cookie field says under this very name, the first where it stands twice; null without one. The library would join all cookies whose names
 * begin so.
 */
export function cookieValue(field: string | null | undefined, name: string): string | null {
  for (const pair of field?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at >= 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || null;
  }
  return null;
}
