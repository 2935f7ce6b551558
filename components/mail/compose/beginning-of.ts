/** What a browser lays out without being felt with every key. */
export const mostElements = 5000;
const mostCharacters = 1_000_000;

/**
 * The beginning of HTML, without its style sheets, that is too long to be shown whole while one writes; null: it is not. The HTML is the
 * server's (one form for all letters), and the browser closes what is left open.
 */
export function beginningOf(html: string): string | null {
  // a picture in the text is one element, however long
  const pictures = (html.match(/"data:image[^"]*"/gi) ?? []).reduce((sum, address) => sum + address.length, 0);
  const most = mostCharacters + pictures;
  let elements = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    if (html[at + 1] !== '/') elements += 1;
    if (elements > mostElements || at > most) return html.slice(0, at);
  }
  return html.length > most ? html.slice(0, most) : null;
}
