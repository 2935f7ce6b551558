/** What a browser lays out without being felt with every key. */
export const mostElements = 5000;
const mostCharacters = 1_000_000;

/**
 * The beginning of HTML that is too long to be shown whole while one writes; null: it is not. Style sheets do not count, they are not shown.
 * The HTML is the server's (one form for all letters), and the browser closes what is left open.
 */
export function beginningOf(html: string): string | null {
  const shown = html.replace(/<style[^>]*>[^<]*<\/style>/gi, '');
  // a picture in the text is one element, however long
  const pictures = (shown.match(/"data:image[^"]*"/gi) ?? []).reduce((sum, address) => sum + address.length, 0);
  const most = mostCharacters + pictures;
  let elements = 0;
  for (let at = shown.indexOf('<'); at >= 0; at = shown.indexOf('<', at + 1)) {
    if (shown[at + 1] !== '/') elements += 1;
    if (elements > mostElements || at > most) return shown.slice(0, at);
  }
  return shown.length > most ? shown.slice(0, most) : null;
}
