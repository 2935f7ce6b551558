import { setImmediate as otherWork } from 'node:timers/promises';
import { deferred, failed, notForGood, outcomeOfFailure, outcomeOfReply, said, type Outcome, type Remote } from './outcome.ts';
import type { OutgoingTimeouts } from './outgoing-timeouts.ts';
import type { Host } from './resolve-destination.ts';
import { DialogueFailure, type DialogueFailureCode, type SmtpDialogue, type SmtpReply } from './smtp-dialogue.ts';
import { wirePieces } from './wire-pieces.ts';
import { asciiAddress, utf8Address, xtext } from './xtext.ts';

/** RFC 5321 section 4.5.3.2.6: the answer to the end of the data may take ten minutes. */
const dotReplyMs = 600_000;
const slowestBytesPerSecond = 8192;

export interface Envelope {
  sender: string;
  recipients: readonly string[];
  size: number;
  eightBit: boolean;
  smtputf8: boolean;
  requireTls: boolean;
  dsn: { ret: string | null; envid: string | null; notify: string | null; orcpt: string | null } | null;
}

/** One outcome a recipient, in their order. */
export interface Transmission {
  outcomes: Outcome[];
  /** another message may follow on this connection */
  usable: boolean;
  /** False: the content was sent and its reply never came, so the host may have taken it; another one would deliver it twice. */
  mayGoElsewhere: boolean;
  /** this host can never take the message, and had nothing of it; another one may have more room */
  unfit: boolean;
  /** indexes of recipients for whom there was no room in this transaction (RFC 5321 section 4.5.3.1.10), or whose session ended with others */
  noRoom: number[];
  /** the host ended the session, or wants no message in it, before it had anything of this one */
  endsSession: boolean;
  /** we cut the connection ourselves, before the host had the message */
  cut: boolean;
  /** the connection ended before all commands that went together were answered */
  pipeliningBroke: boolean;
  /** MAIL, RCPT or DATA was not answered in time */
  silent: boolean;
}

interface Session {
  dialogue: SmtpDialogue;
  host: Host & Remote;
  offered: ReadonlyMap<string, string>;
  /** commands go together (RFC 2920) */
  pipelining: boolean;
  timeouts: OutgoingTimeouts;
  /** asked before the final dot, with the indexes of those that the host accepted */
  mayEnd: (accepted: number[]) => Promise<boolean>;
  /** another host of the domain can be asked, so this one is not waited for that long */
  elsewhere: boolean;
}

type Within = (limitMs: number) => number;

/** One mail transaction: MAIL, RCPT for each, DATA. */
export async function transact(session: Session, envelope: Envelope, content: Buffer): Promise<Transmission> {
  const { dialogue, host, offered, timeouts } = session;
  const limit = Number(offered.get('SIZE') ?? 0);
  const all = (outcome: Outcome, more: Partial<Transmission> = {}): Transmission => ({
    ...usual,
    outcomes: envelope.recipients.map(() => outcome),
    ...more,
  });
  if (limit > 0 && envelope.size > limit) {
    const text = `552 5.3.4 ${host.name} takes messages of at most ${limit} octets, this one has ${envelope.size}`;
    return all(failed('5.3.4', text), { unfit: true });
  }
  if (dialogue.hasSpoken) {
    // a goodbye, or an answer too many to the message before: nothing of it is about this one
    dialogue.destroy();
    return all(deferred('4.5.0', `451 4.5.0 ${host.name} said something that nobody had asked for`), { usable: false, endsSession: true });
  }
  const end = performance.now() + timeouts.transactionMs + (envelope.size / slowestBytesPerSecond) * 1000;
  const within: Within = (limitMs) => Math.min(limitMs, end - performance.now());
  const commandMs = session.elsewhere ? timeouts.commandElsewhereMs : timeouts.commandMs;
  const reset = (): Promise<boolean> => isReset(dialogue, within(commandMs));
  let [opened, sent] = [false, false];
  try {
    const { mail, recipients, asked } = await open(session, envelope, () => within(commandMs));
    opened = true;
    if (!isGood(mail)) {
      // what such a host would do with the end of data, nobody knows
      if (asked?.code === 354) dialogue.destroy();
      const usable = mail.code !== 421 && (await reset());
      return all(outcomeOfReply(mail.text, host), { usable, endsSession: mail.code < 500 });
    }
    const closed = deferred('4.4.2', `451 4.4.2 ${host.name} ended the session`);
    const refusals = recipients.map((reply) => (isGood(reply) ? null : reply === hungUp ? closed : refusalOf(reply, host)));
    const accepted = refusals.flatMap((refusal, index) => (refusal === null ? [index] : []));
    const ended = recipients.some(({ code }) => code === 421);
    // whom the host took before it had enough of the session, it takes without the others
    const noRoom = ended ? accepted : recipients.flatMap((reply, index) => (isTooMany(reply) ? [index] : []));
    if (ended || refusals.every((refusal) => refusal !== null)) {
      // data that nobody gets (RFC 2920 section 3.1)
      if (asked?.code === 354) await dialogue.command('.', within(commandMs)).catch(() => null);
      const usable = !ended && (await reset());
      return { ...usual, outcomes: refusals.map((refusal) => refusal ?? closed), usable, noRoom, endsSession: ended };
    }
    const each = (outcome: Outcome): Outcome[] => refusals.map((refusal) => refusal ?? outcome);
    const go = asked ?? (await dialogue.command('DATA', within(commandMs)));
    if (go.code !== 354) {
      const endsSession = go.code === 421;
      const usable = !endsSession && (await reset());
      // a reply that is neither yes nor no means that we no longer speak of the same thing
      const outcome = go.code < 400 ? deferred('4.5.0', go.text, host) : outcomeOfReply(go.text, host);
      // whoever has enough of us before it took anything has no room for the others either
      return { ...usual, outcomes: each(outcome), usable: usable && go.code >= 400, noRoom: endsSession ? [] : noRoom, endsSession };
    }
    if (!(await sendContent(dialogue, content, () => within(Number.POSITIVE_INFINITY)))) {
      const refusal = await dialogue.reply(0);
      dialogue.destroy();
      return { ...usual, outcomes: each(outcomeOfReply(refusal.text, host)), usable: false, endsSession: refusal.code === 421 };
    }
    // it would be taken for the answer to the end of the data
    if (dialogue.hasSpoken) throw new DialogueFailure('protocol', 'it said something that nobody had asked for');
    if (!(await session.mayEnd(accepted))) {
      dialogue.destroy();
      return all(deferred('4.3.0', '451 4.3.0 Another worker sends this message'), { usable: false, cut: true });
    }
    sent = true;
    const answer = await dialogue.command('.', dotReplyMs);
    const taken: Outcome = isGood(answer)
      ? {
          kind: 'delivered',
          way: 'relayed',
          confirms: offered.has('DSN'),
          result: said('2.0.0', answer.text, host),
        }
      : outcomeOfReply(answer.text, host);
    // neither yes nor no: it may have the message, and what it says next is no answer to us
    const isAnswer = isGood(answer) || answer.code >= 400;
    const usable = isAnswer && answer.code !== 421;
    return { ...usual, outcomes: each(taken), usable, mayGoElsewhere: isAnswer, noRoom: isGood(answer) ? noRoom : [] };
  } catch (error) {
    dialogue.destroy();
    const isBecause = (code: DialogueFailureCode): boolean => error instanceof DialogueFailure && error.code === code;
    return all(outcomeOfFailure(error, host), {
      usable: false,
      mayGoElsewhere: !sent,
      endsSession: isBecause('closed') && !sent,
      pipeliningBroke: session.pipelining && !opened,
      silent: isBecause('timeout') && !opened,
    });
  }
}

const usual = {
  usable: true,
  mayGoElsewhere: true,
  unfit: false,
  noRoom: [] as number[],
  endsSession: false,
  cut: false,
  pipeliningBroke: false,
  silent: false,
};

/** False: the host has said no before it had all of it, because it grows too large say, and perhaps closed. */
async function sendContent(dialogue: SmtpDialogue, content: Buffer, withinMs: () => number): Promise<boolean> {
  try {
    for (const piece of wirePieces(content)) {
      if (dialogue.isRefused) return false;
      await dialogue.send(piece, withinMs());
      await otherWork();
    }
  } catch (error) {
    if (!dialogue.isRefused) throw error;
  }
  return !dialogue.isRefused;
}

interface Opened {
  mail: SmtpReply;
  recipients: SmtpReply[];
  /** the reply to DATA, where that was asked for already */
  asked: SmtpReply | null;
}

/** MAIL and all RCPT, and DATA with them in one go where the host knows PIPELINING (RFC 2920). */
async function open({ dialogue, offered, pipelining }: Session, envelope: Envelope, withinMs: () => number): Promise<Opened> {
  const most = announcedLimit(offered, 'RCPTMAX');
  const lines = envelope.recipients.slice(0, most).map((recipient) => rcptCommand(recipient, envelope, offered));
  // those above the limit go at once in a further transaction, as if the host had said so to each of them
  const above = envelope.recipients.slice(most).map((): SmtpReply => ({ code: 452, text: `452 4.5.3 at most ${most} recipients at once` }));
  const first = mailCommand(envelope, offered);
  const recipients: SmtpReply[] = [];
  if (!pipelining) {
    const mail = await dialogue.command(first, withinMs());
    if (!isGood(mail)) return { mail, recipients, asked: null };
    for (const line of lines) {
      // what it said to those before him counts
      const reply = await dialogue.command(line, withinMs()).catch((error: unknown) => {
        if (recipients.length > 0 && error instanceof DialogueFailure && error.code === 'closed') return hungUp;
        throw error;
      });
      recipients.push(reply);
      if (reply.code === 421) break;
    }
    return { mail, recipients: [...filled(recipients, lines.length), ...above], asked: null };
  }
  dialogue.write(`${[first, ...lines, 'DATA'].join('\r\n')}\r\n`);
  const mail = await dialogue.reply(withinMs());
  // whoever says 421 closes, and owes no further replies
  if (mail.code === 421) return { mail, recipients, asked: null };
  const next = (): Promise<SmtpReply> =>
    dialogue.reply(withinMs()).catch((error: unknown) => {
      if (!isGood(mail)) return mail;
      throw error;
    });
  for (const _ of lines) {
    const reply = await next();
    recipients.push(reply);
    if (reply.code === 421) break;
  }
  const last = recipients.at(-1);
  const heard = (error: unknown): null => {
    // a host that refused everybody, and closes or falls silent instead of refusing once more, has said all there is to say
    if (recipients.every(({ code }) => code >= 400)) return null;
    throw error;
  };
  const asked = last?.code === 421 ? null : await next().catch(heard);
  return { mail, recipients: [...filled(recipients, lines.length), ...above], asked };
}

/** Whoever ended the session has said so to those behind, too. */
const filled = (replies: readonly SmtpReply[], length: number): SmtpReply[] =>
  Array.from({ length }, (_, index) => replies[index] ?? replies.at(-1) ?? hungUp);

/** What a host did not say that is gone. */
const hungUp: SmtpReply = { code: 421, text: '' };

/** RFC 9422 section 4: transactions in one session, recipients in one transaction. */
export const announcedLimit = (offered: ReadonlyMap<string, string>, name: 'MAILMAX' | 'RCPTMAX'): number =>
  Number(new RegExp(`(?:^| )${name} ([1-9]\\d{0,5})(?: |$)`, 'i').exec(offered.get('LIMITS') ?? '')?.[1] ?? Number.POSITIVE_INFINITY);

function mailCommand({ sender, size, eightBit, smtputf8, requireTls, dsn }: Envelope, offered: ReadonlyMap<string, string>): string {
  const parameters: string[] = [];
  if (eightBit && offered.has('8BITMIME')) parameters.push('BODY=8BITMIME');
  if (smtputf8 && offered.has('SMTPUTF8')) parameters.push('SMTPUTF8');
  if (requireTls) parameters.push('REQUIRETLS');
  if (offered.has('SIZE')) parameters.push(`SIZE=${size}`);
  if (offered.has('DSN') && dsn?.ret) parameters.push(`RET=${dsn.ret}`);
  if (offered.has('DSN') && dsn?.envid) parameters.push(`ENVID=${xtext(dsn.envid)}`);
  return [`MAIL FROM:<${sender}>`, ...parameters].join(' ');
}

function rcptCommand(recipient: string, { dsn, smtputf8 }: Envelope, offered: ReadonlyMap<string, string>): string {
  const parameters: string[] = [];
  if (offered.has('DSN') && dsn?.notify) parameters.push(`NOTIFY=${dsn.notify}`);
  if (offered.has('DSN') && dsn?.orcpt) parameters.push(`ORCPT=${originalRecipient(dsn.orcpt, smtputf8)}`);
  return [`RCPT TO:<${recipient}>`, ...parameters].join(' ');
}

/** "rfc822;address" as RFC 3461 section 4.2 wants it, an international one as RFC 6533 section 3 does. */
function originalRecipient(original: string, smtputf8: boolean): string {
  const at = original.indexOf(';');
  const [type, address] = [original.slice(0, at), original.slice(at + 1)];
  if (type.toLowerCase() !== 'utf-8') return `${type};${xtext(address)}`;
  return `${type};${smtputf8 ? utf8Address(address) : asciiAddress(address)}`;
}

const isGood = ({ code }: SmtpReply): boolean => code >= 200 && code < 300;

/**
 * RFC 5321 section 4.5.3.1.10: 552 to RCPT is an old word for 452, "not now"; RFC 3463 section 3.6: x.5.3 asks for another transaction, whatever code
 * refuses. Whoever was accepted is never asked again for these words: that would have no end.
 */
const isTooMany = ({ code, text }: SmtpReply): boolean =>
  code === 452 || code === 552 || (code >= 400 && /^\d{3}[ -][45]\.5\.3(?!\d)/.test(text));

function refusalOf(reply: SmtpReply, host: Host): Outcome {
  const outcome = reply.code < 400 ? deferred('4.5.0', reply.text, host) : outcomeOfReply(reply.text, host);
  return isTooMany(reply) ? notForGood(outcome) : outcome;
}

const isReset = async (dialogue: SmtpDialogue, withinMs: number): Promise<boolean> => {
  const answer = await dialogue.command('RSET', withinMs).catch(() => null);
  return answer !== null && isGood(answer);
};
