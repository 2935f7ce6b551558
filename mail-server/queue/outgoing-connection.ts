import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServerSettings } from '../settings.ts';
import { deferred, failed, outcomeOfReply, type Outcome } from './outcome.ts';
import type { Host } from './resolve-destination.ts';

const connectTimeoutMs = 30_000;
const greetingTimeoutMs = 60_000;
/** RFC 5321 section 4.5.3.2.6: the end of the data may take ten minutes */
const replyTimeoutMs = 600_000;

export interface Envelope {
  sender: string;
  recipients: readonly string[];
  size: number;
  eightBit: boolean;
  dsn: { ret: string | null; envid: string | null; notify: string | null; orcpt: string | null } | null;
}

/** One outcome a recipient, in their order; `usable`: another message may follow on this connection. */
export interface Transmission {
  outcomes: Outcome[];
  usable: boolean;
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
export async function connectTo(settings: MailServerSettings, host: Host): Promise<OutgoingConnection | Outcome> {
  const encrypted = await open(settings, host, false);
  if (!('tlsFailed' in encrypted)) return encrypted;
  const clear = await open(settings, host, true);
  return 'tlsFailed' in clear ? clear.tlsFailed : clear;
}

interface SmtpFailure extends Error {
  code?: string;
  response?: string;
  command?: string;
  rejectedErrors?: (SmtpFailure & { recipient?: string })[];
}

function open(
  settings: MailServerSettings,
  host: Host,
  ignoreTLS: boolean,
): Promise<OutgoingConnection | Outcome | { tlsFailed: Outcome }> {
  const connection = new SMTPConnection({
    host: host.address,
    port: settings.smtpPortOut,
    name: settings.hostName,
    ignoreTLS,
    opportunisticTLS: true,
    // certificates of mail hosts are checked by DANE and MTA-STS only; without them TLS protects against listening
    tls: { servername: host.name, rejectUnauthorized: false, minVersion: 'TLSv1' },
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: greetingTimeoutMs,
    socketTimeout: replyTimeoutMs,
  });
  return new Promise((resolve) => {
    const fail = (error: SmtpFailure) => {
      // a handshake fails in many ways; what they share is that the host was there and then said nothing more
      const tlsFailed = !ignoreTLS && connection.stage === 'connected' && (error.code === 'ETLS' || !error.response);
      connection.close();
      const outcome = outcomeOf(error, host);
      resolve(tlsFailed ? { tlsFailed: outcome } : outcome);
    };
    connection.on('error', fail);
    connection.connect((error) => {
      if (error) {
        fail(error);
        return;
      }
      const greeting = String(connection.lastServerResponse);
      resolve({
        host,
        offers: (extension) => new RegExp(`^250[ -]${extension}\\b`, 'im').test(greeting),
        send: (envelope, content) => {
          const limit = Number(/^250[ -]SIZE (\d+)/im.exec(greeting)?.[1] ?? 0);
          if (limit === 0 || envelope.size <= limit) return send(connection, host, envelope, content);
          const tooLarge = failed(
            '5.3.4',
            `552 5.3.4 ${host.name} takes messages of at most ${limit} octets, this one has ${envelope.size}`,
            host.name,
          );
          return Promise.resolve({ outcomes: envelope.recipients.map(() => tooLarge), usable: true });
        },
        close: () => (connection.stage === 'connected' ? connection.quit() : connection.close()),
      });
    });
  });
}

function send(connection: SMTPConnection, host: Host, envelope: Envelope, content: Buffer): Promise<Transmission> {
  const { recipients } = envelope;
  return new Promise((resolve) => {
    connection.send(
      {
        from: envelope.sender,
        to: [...recipients],
        size: envelope.size,
        use8BitMime: envelope.eightBit,
        ...(envelope.dsn ? { dsn: envelope.dsn } : {}),
      },
      content,
      (error: SmtpFailure | null, info) => {
        const refused = new Map(
          (error?.rejectedErrors ?? info?.rejectedErrors ?? []).map((each: SmtpFailure & { recipient?: string }) => [each.recipient, each]),
        );
        const outcomes = recipients.map((recipient): Outcome => {
          const refusal = refused.get(recipient);
          if (refusal) return outcomeOf(refusal, host);
          if (error) return outcomeOf(error, host);
          return {
            kind: 'delivered',
            way: 'relayed',
            confirms: false,
            result: { status: '2.0.0', reply: String(info?.response ?? ''), remote: host.name },
          };
        });
        if (!error) {
          resolve({ outcomes, usable: true });
          return;
        }
        // a refused message leaves the session as it was; anything else ended it
        if (!error.response || /^421/.test(error.response)) {
          resolve({ outcomes, usable: false });
          return;
        }
        connection.reset((failure) => resolve({ outcomes, usable: !failure }));
      },
    );
  });
}

function outcomeOf(error: SmtpFailure, host: Host): Outcome {
  if (error.response) return outcomeOfReply(error.response, host.name);
  const status = error.code === 'ETIMEDOUT' ? '4.4.2' : error.code === 'ETLS' ? '4.7.5' : '4.4.1';
  return deferred(status, `451 ${status} ${host.name} [${host.address}]: ${error.message}`, host.name);
}
