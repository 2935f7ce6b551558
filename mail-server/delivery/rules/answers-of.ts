import { domainOf } from '../../../lib/addresses/email-address.ts';
import { parseEnvelopePath } from '../../../lib/addresses/envelope-path.ts';
import { customerId } from '../../../lib/db/ids.ts';
import { writtenHere } from '../../../lib/mime/judgement.ts';
import type { Services } from '../../services.ts';
import { judgeOutgoing } from '../../spam/guard-outgoing.ts';
import { noteWroteTo, readOutgoingState } from '../../store/queue/outgoing-guard.ts';
import type { NewQueueMessage } from '../../store/queue/queue-store.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import type { Decided } from '../../store/mail-store.ts';
import { signMessage } from '../signing/sign-message.ts';
import { answerAuthor, type AnswerAuthor } from './answer-author.ts';
import { isProvedSender, type Decision, type Incoming } from './decide.ts';
import { isOfCustomer } from './is-of-customer.ts';
import type { MailboxRules } from './mailbox-rules.ts';
import { memoryKey } from '../../../lib/targets/memory-key.ts';
import { writeNotification, writeVacation } from './write-answer.ts';

interface Answering {
  services: Services;
  secret: string;
  account: AccountId;
  rules: MailboxRules;
  incoming: Incoming;
  decision: Decision;
  key: Buffer;
}

const dayS = 86_400;

/** The letters that a mailbox writes by itself: answers and notifications. Those that were there before are not there again (`once`). */
export async function answersOf(work: Answering): Promise<Decided['once'][number][]> {
  const { services, account, rules, incoming, decision } = work;
  const about = { rules, raw: incoming.raw, hostName: services.settings.hostName, at: new Date() };
  const once: Decided['once'][number][] = [];
  for (const answer of decision.answers) {
    if (answer.kind === 'reject' || answer.withheld !== null) continue;
    const author = await answerAuthor(services, account, rules, answer.from);
    if (answer.kind === 'vacation') {
      if (!isSureOf(incoming) && !services.rules.unprovedAnswers.mayAnswer(account, answer.to.toLowerCase())) continue;
      const content = await writeVacation(answer, author, about);
      const message = await fromMailbox(work, author, content, [answer.to]);
      // a colleague's and a stranger's program that answer each other stop here too: one answer in so many days
      const key = memoryKey('vacation', answer.memoryKey, answer.to.toLowerCase());
      if (message) once.push({ key, seconds: answer.seconds, message, anew: false });
    } else {
      const to = answer.recipients.map(({ address }) => address);
      if (to.length === 0) continue;
      // what a script tells somebody of a letter may be all of it
      const teller = { ...author, domainVerified: author.domainVerified && rules.forwardsOutside };
      const message = await fromMailbox(work, teller, await writeNotification(answer, author, about), to);
      // asked last, since it notes whom the mailbox has written to
      if (message && (await mayNotify(services, account, to)))
        once.push({ key: memoryKey('notice', work.key.toString('hex'), ...to), seconds: dayS, message, anew: false });
    }
  }
  return once;
}

/** Of what a host in front of us has judged nothing is known here. */
const isSureOf = (incoming: Incoming): boolean => incoming.provenance.judgement === null || isProvedSender(incoming);

/**
 * Whoever has stolen a mailbox must not go on by its rules where its sending is held, nor write to strangers by them whom it could not write to
 * otherwise.
 */
async function mayNotify({ database, settings }: Services, account: AccountId, to: readonly string[]): Promise<boolean> {
  const verdict = judgeOutgoing(await readOutgoingState(database.read, account, to), settings.spam.strangersPerHour);
  if (verdict === 'free') await noteWroteTo(database.write, account, to, false);
  return verdict === 'free';
}

/** A letter that the mailbox writes by itself: null sender, so that nothing is ever answered to it; signed as the mailbox's letters are. */
async function fromMailbox(
  { services, secret, rules }: Answering,
  author: AnswerAuthor,
  content: Buffer,
  to: readonly string[],
): Promise<NewQueueMessage | null> {
  const recipients = to.flatMap((address) => {
    const path = parseEnvelopePath(address);
    return path ? [{ address: path.text, domain: path.domain, dsnNotify: 'NEVER', dsnOriginal: null }] : [];
  });
  const mayLeave =
    author.domainVerified || (await Promise.all(recipients.map(({ domain }) => isOfCustomer(services, rules, domain)))).every(Boolean);
  if (recipients.length === 0 || !mayLeave) return null;
  const { signature, message } = await signMessage(services, secret, content, domainOf(author.address));
  return {
    customerId: customerId(rules.customerId),
    accountId: null,
    sender: '',
    locale: rules.locale,
    content: Buffer.concat([Buffer.from(signature), message]),
    smtputf8: recipients.some(({ address }) => /[^\x20-\x7e]/.test(address)),
    dsnReturn: null,
    dsnEnvelope: null,
    acceptKey: null,
    provenance: { ...writtenHere, author: author.address },
    reports: false,
    recipients,
  };
}
