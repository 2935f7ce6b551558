/** The store failed in the middle of a multi-line reply; the only honest end is that of the connection. */
export class IncompleteReply extends Error {
  constructor(cause: unknown) {
    super('reply broken off', { cause });
    this.name = 'IncompleteReply';
  }
}
