import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServerSettings } from '../settings.ts';
import { deferred, failed, outcomeOfReply, type Outcome } from './outcome.ts';
import type { Host } from './resolve-destination.ts';

const connectTimeoutMs = 30_000;
/** RFC 5321 section 4.5.3.2.1: the greeting may take five minutes; so may all that comes before the first MAIL */
const sessionTimeoutMs = 300_000;
/** RFC 5321 section 4.5.3.2.6: the end of the data may take ten minutes */
const replyTimeoutMs = 600_000;
/** A whole transaction, whatever trickles in or out meanwhile: so long, and a second more for so many bytes. */
const transactionTimeoutMs = 1_200_000;
const slowestBytesPerSecond = 8192;

/** How long the phases of a session may take; shorter in tests. */
export interface OutgoingTimeouts {
  sessionMs: number;
  transactionMs: number;
}
const usual: OutgoingTimeouts = { sessionMs: sessionTimeoutMs, transactionMs: transactionTimeoutMs };

export interface Envelope {
  sender: string;
  recipients: readonly string[];
  size: number;
  eightBit: boolean;
  smtputf8: boolean;
  dsn: { ret: string | null; envid: string | null; notify: string | null; orcpt: string | null } | null;
}

/** One outcome a recipient, in their order; `usable`: another message may follow on this connection. */
export interface Transmission {
  outcomes: Outcome[];
  usable: boolean;
  /** False: the content was sent and its reply never came, so the host may have taken it; another one would deliver it twice. */
  mayGoElsewhere: boolean;
}

export interface OutgoingConnection {
  host: Host;
  offers(extension: 'SMTPUTF8' | '8BITMIME' | 'DSN'): boolean;
  send(envelope: Envelope, content: Buffer): Promise<Transmission>;
  close(): void;
}

/**
 * Connects to another host: with TLS if it offers that, without if its TLS does not work (RFC 7435: some protection is better than
 * none, and mail that does not arrive is worst). An Outcome if there is no session.
 */
export async function connectTo(settings: MailServerSettings, host: Host, timeouts = usual): Promise<OutgoingConnection | Outcome> {
  const encrypted = await open(settings, host, false, timeouts);
  if (!('tlsFailed' in encrypted)) return encrypted;
  const clear = await open(settings, host, true, timeouts);
  return 'tlsFailed' in clear ? clear.tlsFailed : clear;
}

interface SmtpFailure extends Error {
  code?: string;
  response?: string;
}
type Refusal = SmtpFailure & { recipient?: string };

/** Says SMTPUTF8 also where only the header of the message needs it; the library looks at addresses alone. */
class Connection extends SMTPConnection {
  smtputf8 = false;

  _sendCommand(command: string, shown?: string): void {
    const needed = this.smtputf8 && command.startsWith('MAIL FROM:') && !/ SMTPUTF8( |$)/.test(command);
    inherited._sendCommand.call(this, needed ? `${command} SMTPUTF8` : command, shown);
  }
}
const inherited = SMTPConnection.prototype as unknown as { _sendCommand(this: SMTPConnection, command: string, shown?: string): void };

function open(
  settings: MailServerSettings,
  host: Host,
  ignoreTLS: boolean,
  timeouts: OutgoingTimeouts,
): Promise<OutgoingConnection | Outcome | { tlsFailed: Outcome }> {
  const connection = new Connection({
    host: host.address,
    port: settings.smtpPortOut,
    name: settings.hostName,
    ignoreTLS,
    // certificates of mail hosts are checked by DANE and MTA-STS only; without them TLS protects against listening
    tls: { servername: host.name, rejectUnauthorized: false, minVersion: 'TLSv1' },
    connectionTimeout: timeouts.sessionMs,
    greetingTimeout: timeouts.sessionMs,
    socketTimeout: replyTimeoutMs,
  });
  return new Promise((resolve) => {
    const fail = (error: SmtpFailure) => {
      clearTimeout(unreachable);
      clearTimeout(tooSlow);
      // a handshake fails in many ways, and some hosts end the session only after it, without a word
      const tlsFailed = !ignoreTLS && (error.code === 'ETLS' || (!error.response && (connection.upgrading || connection.secure)));
      connection.close();
      const outcome = outcomeOf(error, host);
      resolve(tlsFailed ? { tlsFailed: outcome } : outcome);
    };
    const unreachable = setTimeout(() => {
      if (connection.stage === 'init') fail(timedOut('no connection'));
    }, connectTimeoutMs);
    const tooSlow = setTimeout(() => fail(timedOut('no session')), timeouts.sessionMs);
    connection.on('error', fail);
    connection.connect((error) => {
      if (error) {
        fail(error);
        return;
      }
      clearTimeout(unreachable);
      clearTimeout(tooSlow);
      const greeting = String(connection.lastServerResponse);
      resolve({
        host,
        offers: (extension) => new RegExp(`^250[ -]${extension}\\b`, 'im').test(greeting),
        send: (envelope, content) => {
          const limit = Number(/^250[ -]SIZE (\d+)/im.exec(greeting)?.[1] ?? 0);
          if (limit === 0 || envelope.size <= limit) return send(connection, host, envelope, content, timeouts.transactionMs);
          const tooLarge = failed(
            '5.3.4',
            `552 5.3.4 ${host.name} takes messages of at most ${limit} octets, this one has ${envelope.size}`,
          );
          return Promise.resolve({ outcomes: envelope.recipients.map(() => tooLarge), usable: true, mayGoElsewhere: false });
        },
        close: () => (connection.stage === 'connected' ? connection.quit() : connection.close()),
      });
    });
  });
}

function send(
  connection: Connection,
  host: Host,
  { sender, recipients, size, eightBit, smtputf8, dsn }: Envelope,
  content: Buffer,
  timeoutMs: number,
): Promise<Transmission> {
  connection.smtputf8 = smtputf8;
  // the library notes in it what became of each recipient, also when the message itself is refused afterwards
  const envelope: { rejectedErrors?: Refusal[] } & NonNullable<Parameters<SMTPConnection['send']>[0]> = {
    from: sender,
    to: [...recipients],
    size,
    use8BitMime: eightBit,
    ...(dsn ? { dsn } : {}),
  };
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        connection.close();
        settle(timedOut('the transaction took too long'), '');
      },
      timeoutMs + (size / slowestBytesPerSecond) * 1000,
    );
    const settle = (error: SmtpFailure | null, response: string): void => {
      clearTimeout(timer);
      const refused = new Map((envelope.rejectedErrors ?? []).map((each) => [each.recipient, each]));
      const outcomes = recipients.map((recipient): Outcome => {
        const failure = refused.get(recipient) ?? error;
        if (failure) return outcomeOf(failure, host);
        return { kind: 'delivered', way: 'relayed', confirms: false, result: { status: '2.0.0', reply: response, remote: host.name } };
      });
      if (!error) {
        resolve({ outcomes, usable: true, mayGoElsewhere: true });
        return;
      }
      const mayGoElsewhere = error.response !== undefined || !/^354/.test(String(connection.lastServerResponse));
      // a refused message leaves the session as it was; anything else ended it
      if (!error.response || /^421/.test(error.response)) {
        connection.close();
        resolve({ outcomes, usable: false, mayGoElsewhere });
        return;
      }
      connection.reset((failure) => resolve({ outcomes, usable: !failure, mayGoElsewhere }));
    };
    connection.send(envelope, content, (error: SmtpFailure | null, info) => settle(error, String(info?.response ?? '')));
  });
}

const timedOut = (message: string): SmtpFailure => Object.assign(new Error(message), { code: 'ETIMEDOUT' });

/** What we say ourselves has no remote: only the words of another host are shown as his. */
function outcomeOf(error: SmtpFailure, host: Host): Outcome {
  if (error.response) return outcomeOfReply(error.response, host.name);
  const status = error.code === 'ETIMEDOUT' ? '4.4.2' : error.code === 'ETLS' ? '4.7.5' : '4.4.1';
  return deferred(status, `451 ${status} ${host.name} [${host.address}]: ${error.message}`);
}
