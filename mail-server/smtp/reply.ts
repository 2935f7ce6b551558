/**
 * One SMTP reply (RFC 5321 section 4.2) with its enhanced status code (RFC 3463). `enhanced` is null only where RFC 2034 forbids
 * one: the greeting, the answer to HELO/EHLO and the 3xx replies.
 */
export interface Reply {
  code: number;
  enhanced: string | null;
  lines: readonly string[];
  /** the connection ends after this reply */
  closes?: boolean;
}

export const reply = (code: number, enhanced: string | null, ...lines: [string, ...string[]]): Reply => ({ code, enhanced, lines });
export const closing = (code: number, enhanced: string | null, text: string): Reply => ({ code, enhanced, lines: [text], closes: true });

export const noStorage: Reply = reply(
  452,
  '4.3.1',
  'Kein Speicherplatz, bitte spaeter noch einmal - insufficient system storage, please try again later',
);

/** Said again and again: the store is away, or its disk is full (SQLSTATE 53100), come back later. */
export function unavailable(error?: unknown): Reply {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === '53100'
    ? noStorage
    : reply(451, '4.3.0', 'Voruebergehend nicht moeglich, bitte spaeter noch einmal - temporary failure, please try again later');
}

export const needsLogin: Reply = reply(530, '5.7.0', 'Bitte zuerst anmelden - authentication required');

/**
 * The wire form. Texts may quote what a client sent, so everything that could break a line or is not ASCII is replaced here, in the
 * only place where replies are written.
 */
export function serializeReply({ code, enhanced, lines }: Reply): string {
  const status = enhanced === null ? '' : `${enhanced} `;
  const last = lines.length - 1;
  return lines.map((line, index) => `${code}${index < last ? '-' : ' '}${status}${printable(line)}\r\n`).join('');
}

const maximumTextLength = 480; // RFC 5321 section 4.5.3.1.5: 512 octets with code and CRLF

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, maximumTextLength);

/** The letter is not taken: who sent it hears of it, and nobody opens it. */
export const containsVirus = (name: string): Reply =>
  reply(550, '5.7.1', `Schadsoftware gefunden (${name.replace(/[^\w.:/-]/g, '?').slice(0, 100)}) - the message contains malware`);

export const tooLarge = (messageBytes: number): Reply =>
  reply(552, '5.3.4', `Nachricht zu gross - message too large, at most ${messageBytes} octets`);
