/** What the client sent is not IMAP: answered with BAD and this text. `code`: a response code such as "BADCHARSET (UTF-8)", then with NO. */
export class ParseError extends Error {
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.name = 'ParseError';
    this.code = code;
  }
}
