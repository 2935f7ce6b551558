import { createHash } from 'node:crypto';
import { domainOf, parseEmailAddress, type EmailAddress } from '../../../lib/addresses/email-address.ts';
import type { MessageIndex } from '../../../lib/mime/message-index.ts';
import type { Services } from '../../services.ts';
import { isMachine, whyAutomatic } from '../../sieve/letter/why-not-answer.ts';
import { Letter } from '../../sieve/letter/letter.ts';
import { scoreLetter, stranger } from '../../spam/score-letter.ts';
import { arrivalOf } from '../../spam/reason.ts';
import { automaticMessage } from '../../store/queue/automatic-message.ts';
import type { NewQueueMessage } from '../../store/queue/queue-store.ts';
import { countWaiting, readModerators, type NewWithheld } from '../../store/withheld-letters.ts';
import type { WaitsAt } from './admit-to-groups.ts';
import type { Expanding } from '../expanding.ts';
import { featuresOf, indexIncoming } from '../letter-work.ts';
import { messageId } from '../message-id.ts';
import { waitingNotice, waitsNotice } from './moderation-notices.ts';
import { isUnattended } from '../rules/is-unattended.ts';
import { memoryKey } from '../../../lib/targets/memory-key.ts';
import { signMessage } from '../signing/sign-message.ts';
import { withoutReturnPath } from '../pass-on.ts';

/** A letter that goes out only if such a one did not in so many seconds. */
export interface OnceMessage {
  key: Buffer;
  seconds: number;
  message: NewQueueMessage;
}

interface Held {
  withheld: NewWithheld[];
  /** to the moderators */
  notices: NewQueueMessage[];
  /** to the sender */
  once: OnceMessage[];
}

/** Somebody who floods a group does not flood its moderators: beyond this the next notice says how many wait. */
const mostNoticesOfHour = 20;
const senderToldS = 86_400;

/** The letter as it waits for the moderators of groups, with the letters that tell them, and its sender, so. Nothing of it is done yet. */
export async function holdForModerators(services: Services, secret: string, letter: Expanding, waitsAt: readonly WaitsAt[]): Promise<Held> {
  const held: Held = { withheld: [], notices: [], once: [] };
  if (waitsAt.length === 0) return held;
  const [index, suspicious] = await Promise.all([indexIncoming(letter.content, letter.sender), isSuspicious(letter)]);
  for (const at of waitsAt) {
    const { waiting, toldOfHour } = await countWaiting(services.database, at.group.addressId);
    const told = !suspicious && toldOfHour < mostNoticesOfHour;
    held.withheld.push(withheldAt(services, letter, at, index, { suspicious, told }));
    if (told) held.notices.push(...(await toModerators(services, letter, at, index, waiting + 1)));
    const answer = suspicious ? null : await toSender(services, secret, letter, at, index);
    if (answer) held.once.push(answer);
  }
  return held;
}

/** What any mailbox's Junk would take waits without a word: nobody is told of it, least of all whoever it pretends to be from. */
async function isSuspicious({ provenance, content, sender }: Expanding): Promise<boolean> {
  const { judgement, origin } = provenance;
  if (origin !== 'outside') return false;
  if (judgement?.verdict === 'failed' || judgement?.verdict === 'undecided') return true;
  const features = await featuresOf(content, sender);
  return features !== null && scoreLetter(features, { judgement, arrival: arrivalOf(provenance) }, stranger).junk;
}

function withheldAt(
  { settings }: Services,
  letter: Expanding,
  { group, cause }: WaitsAt,
  index: MessageIndex,
  state: { suspicious: boolean; told: boolean },
): NewWithheld {
  const { sender, locale, smtputf8, requireTls, reports, provenance, customerId, reached } = letter;
  return {
    for: { group: group.addressId, customerId },
    cause,
    detail: '',
    ...state,
    recipient: group.address,
    subject: index.subject,
    shownAuthor: index.from,
    preview: index.preview,
    sender,
    locale,
    content: withoutReturnPath(letter.content),
    smtputf8,
    requireTls,
    reports,
    deliveredTo: [...reached.accounts],
    provenance: { ...provenance, heldAs: provenance.heldAs ?? identityOf(letter) },
    days: settings.withheld.moderationDays,
  };
}

/** Of all rows that one letter waits in. */
const identityOf = ({ sender, content }: Expanding): string =>
  createHash('sha256').update(`${sender}\n`).update(withoutReturnPath(content)).digest('base64url');

async function toModerators(
  { database, settings }: Services,
  { customerId, provenance }: Expanding,
  { group, cause }: WaitsAt,
  index: MessageIndex,
  waiting: number,
): Promise<NewQueueMessage[]> {
  const { hostName, webUrl, withheld } = settings;
  const isProved = provenance.origin === 'submitted' || provenance.judgement?.verdict === 'attested';
  const about = {
    group,
    cause,
    from: index.from,
    subject: index.subject,
    preview: index.preview,
    isProved,
    waiting,
    days: withheld.moderationDays,
  };
  return (await readModerators(database.read, group.addressId, customerId)).flatMap(({ address, locale, isNamed }) => {
    const content = waitingNotice({ ...about, hostName, webUrl, to: address, locale, isNamed });
    return automaticMessage(address, { customerId, locale, content }) ?? [];
  });
}

/**
 * The sender hears it once a day (RFC 3834): only one who proved that the address is his, of a letter that a person wrote, under the group's name,
 * with the null sender, so that nothing is ever answered to it.
 */
async function toSender(
  services: Services,
  secret: string,
  { sender, reports, content, customerId, locale }: Expanding,
  { group }: WaitsAt,
  index: MessageIndex,
): Promise<OnceMessage | null> {
  if (!reports || sender === '' || isMachine(sender) || isUnattended(sender)) return null;
  const letter = new Letter(content);
  if (whyAutomatic(letter.headerOf(letter.root)) !== null || parseEmailAddress(sender) === group.address) return null;
  const notice = waitsNotice({
    hostName: services.settings.hostName,
    group,
    to: sender,
    subject: index.subject,
    messageId: messageId(content),
  });
  const { signature, message } = await signMessage(services, secret, notice, domainOf(group.address as EmailAddress));
  const answer = automaticMessage(sender, { customerId, locale, content: Buffer.concat([Buffer.from(signature), message]) });
  return answer && { key: memoryKey('notice', 'moderation', group.address, sender.toLowerCase()), seconds: senderToldS, message: answer };
}
