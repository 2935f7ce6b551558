/** The reason of `reject` in one line of a reply, which is ASCII (RFC 5429 section 2.2). */
export const refusalLine = (reason: string): string =>
  reason
    .replace(/[ÄÖÜäöüß]/g, (letter) => umlauts[letter] ?? '?')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 400) || 'Vom Empfaenger abgelehnt - refused by the recipient';
const umlauts: Record<string, string> = { Ä: 'Ae', Ö: 'Oe', Ü: 'Ue', ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
