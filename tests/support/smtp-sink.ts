import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface SunkMessage {
  sender: string;
  recipients: { address: string; parameters: Record<string, unknown> }[];
  parameters: Record<string, unknown>;
  content: Buffer;
  encrypted: boolean;
  /** the same for messages of one connection */
  session: string;
}

export interface SmtpSink {
  port: number;
  messages: SunkMessage[];
  close(): Promise<void>;
}

/** An error with an SMTP reply code, for the handlers of smtp-server. */
export const smtpError = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/** Another mail host (smtp-server as the peer), which keeps what it takes. */
export async function startSmtpSink(options: SMTPServerOptions = {}, host = '127.0.0.1', port = 0): Promise<SmtpSink> {
  const messages: SunkMessage[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    logger: false,
    hideDSN: false,
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        messages.push({
          sender: mailFrom ? mailFrom.address : '',
          parameters: { ...(mailFrom ? mailFrom.args : {}) },
          recipients: rcptTo.map(({ address, args }) => ({ address, parameters: { ...args } })),
          content: Buffer.concat(pieces),
          encrypted: session.secure,
          session: session.id,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    messages,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
