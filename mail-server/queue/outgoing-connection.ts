import type { MailServerSettings } from '../settings.ts';
import { notForGood, outcomeOfFailure, outcomeOfReply, type Outcome } from './outcome.ts';
import { usualTimeouts, type OutgoingTimeouts } from './outgoing-timeouts.ts';
import type { HostMemory } from './host-memory.ts';
import type { Host } from './resolve-destination.ts';
import { tlsResultOf, type TlsResult } from '../reports/tls-result.ts';
import { DialogueFailure, SmtpDialogue, type CertificateProof, type SmtpReply } from './smtp-dialogue.ts';
import { announcedLimit, transact, type Envelope, type Transmission } from './transact.ts';

export type Extension = 'SMTPUTF8' | '8BITMIME' | 'DSN' | 'SIZE' | 'PIPELINING' | 'STARTTLS' | 'REQUIRETLS';

export interface OutgoingConnection {
  host: Host;
  /** messages that the host took in this session */
  taken: number;
  /** encrypted, to the host that an authentic policy of the domain names, which has shown the certificate of that name */
  verified: boolean;
  /** the host has had as many transactions as it takes in one session (RFC 9422) */
  isSpent(): boolean;
  offers(extension: Extension): boolean;
  /**
   * `mayEnd` is asked before the final dot, with the indexes of the recipients that the host accepted; false: the connection is cut, and the
   * host has nothing. `elsewhere`: another host of the domain can be asked, if this one takes long.
   */
  send(envelope: Envelope, content: Buffer, mayEnd?: (accepted: number[]) => Promise<boolean>, elsewhere?: boolean): Promise<Transmission>;
  close(): void;
}

/** No session. `busy`: the host answers and lets nobody in just now, perhaps for other connections of ours (RFC 5321 section 3.8). */
export type Unreachable = Outcome & { busy?: boolean };

/** How the TLS of one session came out, for the report to the domain (RFC 8460 section 4.3). */
export interface ObservedTls {
  result: TlsResult;
  /** more than the result says; "" for nothing */
  reason: string;
  sendingAddress: string;
}

/**
 * Connects to another host: with TLS if it offers that, without if its TLS does not work (RFC 7435: some protection is better than
 * none, and mail that does not arrive is worst). `proof`: only with TLS and what the host has to show (RFC 8461 section 5, RFC 7672).
 */
export async function connectTo(
  settings: MailServerSettings,
  host: Host,
  given: Partial<OutgoingTimeouts> = {},
  memory: HostMemory | null = null,
  proof: CertificateProof | null = null,
  observe: (observed: ObservedTls) => void = () => undefined,
): Promise<OutgoingConnection | Unreachable> {
  const timeouts = { ...usualTimeouts, ...given };
  if (proof && proof.kind !== 'watched') {
    const verified = await open(settings, host, { withTls: true, proof, observe }, timeouts, memory);
    return 'tlsFailed' in verified ? verified.tlsFailed : verified;
  }
  const withTls = !memory?.hasBrokenTls(host.address);
  const first = await open(settings, host, { withTls, proof, observe }, timeouts, memory);
  if (!('tlsFailed' in first)) return first;
  // what went wrong was observed already
  const clear = await open(settings, host, { withTls: false, proof: null, observe: () => undefined }, timeouts, memory);
  if ('tlsFailed' in clear) return clear.tlsFailed;
  // one that says "not now" is asked again, which costs it a word; and one that lets nobody in has said nothing of its TLS
  if (!first.isForNow && !('kind' in clear)) memory?.noteBrokenTls(host.address);
  return clear;
}

const isDemanded = (proof: CertificateProof | null): boolean => proof !== null && proof.kind !== 'watched';

interface Security {
  withTls: boolean;
  proof: CertificateProof | null;
  observe: (observed: ObservedTls) => void;
}

interface TlsFailed {
  tlsFailed: Unreachable;
  /** the host said so itself, with 4xx at STARTTLS */
  isForNow: boolean;
}

interface Greeted {
  dialogue: SmtpDialogue;
  offered: ReadonlyMap<string, string>;
}

async function open(
  settings: MailServerSettings,
  host: Host,
  security: Security,
  timeouts: OutgoingTimeouts,
  memory: HostMemory | null,
): Promise<OutgoingConnection | Unreachable | TlsFailed> {
  const progress = { greeted: false, securing: false, isForNow: false };
  let dialogue: SmtpDialogue | null = null;
  let sendingAddress = '';
  const end = performance.now() + timeouts.sessionMs;
  const within = (limitMs: number): number => Math.min(limitMs, end - performance.now());
  try {
    dialogue = await SmtpDialogue.open(host.address, settings.smtpPortOut, within(timeouts.connectMs));
    sendingAddress = dialogue.localAddress;
    const greeting = await dialogue.reply(within(timeouts.greetingMs));
    progress.greeted = true;
    if (greeting.code !== 220) throw new Refused(greeting, true);
    const offered = await greet(settings, host, { dialogue, ...security, within, tlsMs: timeouts.tlsMs, progress });
    security.observe(observed(dialogue, security.withTls));
    return connection(host, { dialogue, offered }, timeouts, memory);
  } catch (error) {
    if (error instanceof Refused) dialogue?.quit();
    else dialogue?.destroy();
    if (dialogue && error instanceof DialogueFailure && (progress.securing || error.code === 'tls')) {
      const reason = error.reason || (error.code === 'tls' ? '' : error.code);
      security.observe({ result: tlsResultOf(error.reason), reason, sendingAddress });
    }
    const unreachable = unreachableBecause(error, host, dialogue !== null && !progress.greeted);
    // a handshake fails in many ways, and some hosts hang up at the word STARTTLS or end the session only after it, without a word
    if (!progress.securing || !(error instanceof DialogueFailure)) return unreachable;
    return { tlsFailed: unreachable, isForNow: progress.isForNow };
  }
}

/** A session that began is one with TLS, or without because the host offers none, or none that works. */
function observed({ tls, certificateFault, localAddress: sendingAddress }: SmtpDialogue, withTls: boolean): ObservedTls {
  if (tls && certificateFault === '') return { result: 'successful', reason: '', sendingAddress };
  if (tls) return { result: tlsResultOf(certificateFault), reason: certificateFault, sendingAddress };
  if (withTls) return { result: 'starttls-not-supported', reason: '', sendingAddress };
  return { result: 'validation-failure', reason: 'an earlier handshake failed', sendingAddress };
}

interface Greeting {
  dialogue: SmtpDialogue;
  withTls: boolean;
  proof: CertificateProof | null;
  within: (limitMs: number) => number;
  tlsMs: number;
  progress: { securing: boolean; isForNow: boolean };
}

/** EHLO, STARTTLS and EHLO again, or HELO to a host that knows neither. Returns the extensions with their parameters. */
async function greet(settings: MailServerSettings, host: Host, greeting: Greeting): Promise<ReadonlyMap<string, string>> {
  const { dialogue, withTls, proof, within, tlsMs, progress } = greeting;
  const ehlo = () => dialogue.command(`EHLO ${settings.hostName}`, within(Number.POSITIVE_INFINITY));
  const hello = await ehlo();
  const clear = (offered: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
    if (isDemanded(proof)) throw new DialogueFailure('tls', 'no STARTTLS, which its domain demands (MTA-STS or DANE)', 'no-starttls');
    return offered;
  };
  if (hello.code !== 250) {
    if (hello.code < 500) throw new Refused(hello);
    const old = await dialogue.command(`HELO ${settings.hostName}`, within(Number.POSITIVE_INFINITY));
    if (old.code !== 250) throw new Refused(old);
    return clear(new Map());
  }
  if (!withTls || !extensionsIn(hello).has('STARTTLS')) return clear(extensionsIn(hello));
  progress.securing = true;
  const answer = await dialogue.command('STARTTLS', within(tlsMs));
  // what some hosts say in the same session after that is 503 to everything
  progress.isForNow = answer.code >= 400 && answer.code < 500;
  if (answer.code !== 220) throw new DialogueFailure('tls', `STARTTLS was refused: ${answer.text}`, 'no-starttls');
  await dialogue.startTls(host.name, within(tlsMs), proof);
  const again = await ehlo();
  if (again.code !== 250) throw again.code === 421 ? new Refused(again) : new DialogueFailure('tls', again.text);
  progress.securing = false;
  return extensionsIn(again);
}

const extensionsIn = ({ text }: SmtpReply): ReadonlyMap<string, string> =>
  new Map(
    text
      .split('\n')
      .slice(1)
      .map((line): [string, string] => {
        const [name = '', ...rest] = line.slice(4).trim().split(/[ =]+/);
        return [name.toUpperCase(), rest.join(' ')];
      }),
  );

function connection(host: Host, { dialogue, offered }: Greeted, timeouts: OutgoingTimeouts, memory: HostMemory | null): OutgoingConnection {
  const pipelining = offered.has('PIPELINING') && !memory?.hasBrokenPipelining(host.address);
  const { tls } = dialogue;
  const remote = { ...host, tls: tls ? `${tls.protocol} ${tls.cipher} ${tls.trust}` : 'none' };
  let left = announcedLimit(offered, 'MAILMAX');
  const opened: OutgoingConnection = {
    host,
    taken: 0,
    verified: tls?.trust === 'verified',
    offers: (extension) => offered.has(extension),
    isSpent: () => left <= 0,
    async send(envelope, content, mayEnd = () => Promise.resolve(true), elsewhere = false) {
      left--;
      const transmission = await transact({ dialogue, host: remote, offered, pipelining, timeouts, mayEnd, elsewhere }, envelope, content);
      if (transmission.pipeliningBroke && opened.taken === 0) memory?.noteBrokenPipelining(host.address);
      if (transmission.outcomes.some(({ kind }) => kind === 'delivered')) opened.taken++;
      if (tls || !offered.has('STARTTLS') || !transmission.outcomes.some(isTlsDemanded)) return transmission;
      // its TLS did not work just now, and it takes nothing without: that is no word about the letter
      memory?.forgetBrokenTls(host.address);
      return {
        ...transmission,
        outcomes: transmission.outcomes.map((outcome) => (isTlsDemanded(outcome) ? notForGood(outcome) : outcome)),
      };
    },
    close: () => dialogue.quit(),
  };
  return opened;
}

/** "530 Must issue a STARTTLS command first" (RFC 3207 section 4) */
const isTlsDemanded = ({ result }: Outcome): boolean => /^530/.test(result.reply);

class Refused extends Error {
  readonly reply: SmtpReply;
  readonly inGreeting: boolean;

  constructor(reply: SmtpReply, inGreeting = false) {
    super(reply.text);
    this.reply = reply;
    this.inGreeting = inGreeting;
  }
}

/**
 * Many a host that has enough connections of somebody says another 4xx than 421, or closes without a word. A greeting that says no for good
 * (554, 521) knows neither sender nor recipient: a block list, mostly, that names us today, or a host that is being set up.
 */
function unreachableBecause(error: unknown, host: Host, isUngreeted: boolean): Unreachable {
  if (error instanceof Refused) {
    const outcome = outcomeOfReply(error.reply.text, host);
    if (error.inGreeting && error.reply.code >= 500) return notForGood(outcome);
    return { ...outcome, busy: error.reply.code >= 400 && error.reply.code < 500 };
  }
  return { ...outcomeOfFailure(error, host), busy: isUngreeted && error instanceof DialogueFailure && error.code === 'closed' };
}
