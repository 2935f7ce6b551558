/** An address as a socket names it, without the prefix of IPv4 in IPv6 and without a zone. */
export const plainAddress = (address: string): string =>
  address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
