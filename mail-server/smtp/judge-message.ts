import type { Judgement, Provenance } from '../../lib/mime/judgement.ts';
import { type Author, readAuthor, soleAuthor, writtenAddress } from '../../lib/mime/read-author.ts';
import { MessageHeader } from '../../lib/mime/read-header.ts';
import { checkAuthenticity, type Authenticity } from '../delivery/authenticity/check-authenticity.ts';
import { takersOfViruses } from '../delivery/quarantine.ts';
import { continues } from '../delivery/trace-header.ts';
import type { Services } from '../services.ts';
import { checkArrival } from '../spam/check-arrival.ts';
import { mustComeAgain } from '../spam/greylist.ts';
import { localRecipients, type LocalRecipient } from './arrived.ts';
import { checkHeader } from './check-header.ts';
import type { SmtpContext } from './context.ts';
import { judgeOwnDomain } from './judge-own-domain.ts';
import { containsVirus, reply, unavailable, type Reply } from './reply.ts';
import type { Transaction } from './transaction.ts';

/** A message that was examined: what the report to its author's domain counts. */
interface Examined {
  authenticity: Authenticity;
  header: MessageHeader;
}

/** Not taken. */
interface Turned {
  kind: 'turned';
  refusal: Reply;
  /** null: refused before its author was checked, or came by LMTP */
  examined: Examined | null;
}

/** What is known about a message that comes in. */
export interface LetIn {
  kind: 'let-in';
  examined: Examined | null;
  header: MessageHeader;
  provenance: Provenance;
  /** for Authentication-Results; empty: nothing was checked here */
  results: string;
  /** SPF or the judgement says that the reverse-path is the sender's own */
  senderIsGenuine: boolean;
  /** why it goes to Junk, whatever the spam filter says; null: nothing speaks for that */
  suspicion: string | null;
  virus: string | null;
  /** who keeps it: all, or those whose customer keeps malware in quarantine */
  keepers: readonly LocalRecipient[];
}

type Vouched = Pick<LetIn, 'examined' | 'results' | 'senderIsGenuine' | 'suspicion'> & { judgement: Judgement | null };

const turned = (refusal: Reply, examined: Examined | null = null): Turned => ({ kind: 'turned', refusal, examined });

/** RFC 5322 section 3.6: one From field, and in it somebody. What programs would read differently is shown by none of them. */
const noAuthor: Record<Exclude<Author['kind'], 'known'>, Reply> = {
  missing: reply(550, '5.6.0', 'Feld From fehlt - the From field is missing (RFC 5322 section 3.6)'),
  repeated: reply(550, '5.6.0', 'Mehr als ein Feld From - more than one From field (RFC 5322 section 3.6)'),
  unreadable: reply(
    550,
    '5.6.0',
    'Im Feld From steht keine eindeutige Adresse - the From field names no address that can be told for sure (RFC 5322 section 3.6.2)',
  ),
};
const brokenHeader = reply(550, '5.6.0', 'Kopf beginnt mitten in einem Feld - the header begins in the middle of a field');
const unchecked = reply(
  451,
  '4.4.3',
  'Absender noch nicht geprueft - the DNS of the sender did not answer in time, please try again later',
);
const comeAgain = reply(451, '4.7.1', 'Bitte in einigen Minuten noch einmal - please try again in a few minutes');

/** What a message from outside is taken for, before anybody has it. Every check has a deadline and a fate for when it is away. */
export async function judgeMessage(session: SmtpContext, transaction: Transaction, content: Buffer): Promise<LetIn | Turned> {
  const { services, profile } = session;
  const recipients = localRecipients(transaction);
  const header = checkHeader(content, services.settings.headerBytes);
  if (!(header instanceof MessageHeader)) return turned(header);
  const author = readAuthor(header);
  const vouched = profile.lmtp ? vouchedByPeer(author) : await judgeAuthor(session, transaction, content, header, author);
  if ('kind' in vouched) return vouched;
  const { judgement, ...known } = vouched;
  const { reasons, virus } = await checkArrival(services, {
    content,
    sender: transaction.sender,
    recipients: recipients.map(({ address }) => address),
    remoteAddress: profile.lmtp ? null : session.remoteAddress,
    greetedAs: session.greetedAs,
    authorDomain: soleAuthor(author)?.domain ?? '',
  });
  // SMTP has one answer for all: where one of them does not want to keep it, the sender hears that, and nobody has it
  const keepers = virus === null ? recipients : await whoKeepsViruses(services, recipients, content.length);
  if (virus !== null && keepers.length < (profile.lmtp ? 1 : recipients.length)) return turned(containsVirus(virus), known.examined);
  const sole = soleAuthor(author);
  const provenance: Provenance = {
    author: sole && writtenAddress(sole),
    submittedBy: null,
    origin: profile.lmtp ? 'lmtp' : 'outside',
    judgement,
    ...(virus === null ? {} : { virus }),
    ...(reasons.length === 0 ? {} : { spam: { percent: 0, junk: false, reasons } }),
  };
  const genuineAuthor = known.senderIsGenuine || judgement?.verdict === 'attested' ? provenance.author : null;
  if (!profile.lmtp && (await isGreylisted(session, transaction, recipients, genuineAuthor))) return turned(comeAgain, known.examined);
  return { kind: 'let-in', ...known, header, provenance, virus, keepers };
}

/** The host in front of us checks what it passes on, but nobody can check an author who is none. */
function vouchedByPeer(author: Author): Vouched {
  const broken: Judgement = { verdict: 'failed', spf: null, dkim: [], dmarc: [], arc: null };
  const judgement = author.kind === 'known' ? null : broken;
  return { examined: null, results: '', senderIsGenuine: false, suspicion: null, judgement };
}

async function judgeAuthor(
  { services, id, remoteAddress, greetedAs }: SmtpContext,
  transaction: Transaction,
  content: Buffer,
  header: MessageHeader,
  author: Author,
): Promise<Vouched | Turned> {
  if (author.kind !== 'known') return turned(noAuthor[author.kind]);
  if (continues(header, header.fields[0])) return turned(brokenHeader);
  const authenticity = await checkAuthenticity(services, { content, sender: transaction.sender, remoteAddress, greetedAs }, header, author);
  const examined: Examined = { authenticity, header };
  const { refused, unfinished, quarantined, domain, results, senderIsGenuine } = authenticity;
  if (refused) return turned(reply(550, '5.7.26', `Absender nicht echt - refused by the DMARC policy of ${domain}`), examined);
  if (unfinished) return turned(unchecked, examined);
  const suspicion = quarantined ? (domain ? `DMARC policy of ${domain}` : 'the checks could not be finished') : null;
  try {
    const judgement = await judgeOwnDomain(services, author, authenticity.judgement, lastSeen(localRecipients(transaction)));
    return { examined, results, senderIsGenuine, suspicion, judgement };
  } catch (error) {
    services.log.error({ err: error, session: id }, 'an author could not be looked up');
    return turned(unavailable(error), examined);
  }
}

/** The version of what is hosted here that was found with the recipients. */
const lastSeen = (recipients: readonly LocalRecipient[]): number =>
  Math.max(0, ...recipients.map(({ target }) => (target.kind === 'mailbox' ? target.hostedVersion : 0)));

/** Mailboxes whose customer keeps letters with malware in quarantine. What leads elsewhere never takes one there. */
async function whoKeepsViruses(services: Services, recipients: readonly LocalRecipient[], bytes: number): Promise<LocalRecipient[]> {
  const mailboxes = recipients.flatMap((recipient) =>
    recipient.target.kind === 'mailbox' ? [{ recipient, customer: recipient.target.customerId }] : [],
  );
  const takers = await takersOfViruses(
    services,
    mailboxes.map(({ customer }) => customer),
    bytes * mailboxes.length,
  ).catch((error: unknown) => {
    services.log.warn({ err: error }, 'whether a letter with malware is kept could not be found out, it is refused');
    return new Set();
  });
  return mailboxes.flatMap(({ recipient, customer }) => (takers.has(customer) ? [recipient] : []));
}

async function isGreylisted(
  { services, remoteAddress }: SmtpContext,
  { sender }: Transaction,
  recipients: readonly LocalRecipient[],
  genuineAuthor: string | null,
): Promise<boolean> {
  if (recipients.every(({ target }) => target.kind === 'reports')) return false;
  const accounts = recipients.flatMap(({ target }) => (target.kind === 'mailbox' ? [target.accountId] : []));
  return mustComeAgain(services, { remoteAddress, sender, recipients: recipients.map(({ address }) => address), accounts, genuineAuthor });
}
