/** An address without what a socket may add: the prefix of IPv4 in IPv6 (RFC 4291 section 2.5.5.2) and a zone. */
export const plainAddress = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
