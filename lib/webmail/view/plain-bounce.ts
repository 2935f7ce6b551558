import { findField, findTopField, type HeaderField } from '../../mime/parse-header.ts';
import { type DeliveryOutcome, enhancedStatus, readDeliveryReport } from './delivery-outcome.ts';

/**
 * Delivery reports without the part that programs read (RFC 3464), which large hosts send to this day: known by the sentence that their
 * program begins with. The text stays beside it. Linear time.
 */
export function readPlainBounce(text: string): DeliveryOutcome[] {
  const head = text.slice(0, lookedAt).replace(/\r\n/g, '\n');
  const recipient = forms.find(([says]) => says.test(head.slice(0, mostBefore)))?.[1];
  if (!recipient) return /^Final-Recipient:/im.test(head) ? readDeliveryReport(head) : [];
  const own = head.split(copy, 1)[0] ?? '';
  const found = new Map<string, { from: number; to: number }>();
  for (const { 0: whole, 1: name = '', index } of own.matchAll(recipient)) {
    // a host's words may say the address once more
    if (!found.has(name)) found.set(name, { from: index, to: index + whole.length });
  }
  const places = [...found].slice(0, mostRecipients);
  const kind = delayed.test(own.slice(0, places[0]?.[1].from)) ? 'delayed' : 'failed';
  return places.map(([recipient, { to }], at) => {
    const behind = own.slice(to, places[at + 1]?.[1].from);
    return { kind, recipient, status: enhancedStatus.exec(behind)?.[0] ?? '', reason: firstWords(behind) };
  });
}

/**
 * A report has nobody who could be told that it did not arrive (RFC 5321 section 4.5.5). Who quotes one in a letter is no report: nothing of the
 * reader's is said to be lost.
 */
export function isOfPerson(fields: readonly HeaderField[]): boolean {
  if (/^<\s{0,10}>/.test(findTopField(fields, 'return-path') ?? '') || findField(fields, 'x-failed-recipients') !== undefined) return false;
  return !/^auto-/i.test(findField(fields, 'auto-submitted') ?? '') && !program.test(findField(fields, 'from') ?? 'mailer-daemon');
}

const program = /mailer-?daemon|postmaster@/i;
const lookedAt = 20_000;
const mostBefore = 2000;
const mostRecipients = 50;

/** The first paragraph that says something; some stand below a heading. */
function firstWords(text: string): string {
  for (const paragraph of text.split(/\n[ \t]*\n/)) {
    const words = paragraph.replace(heading, '').replace(/\s+/g, ' ').trim();
    if (words) return words.slice(0, 500);
  }
  return '';
}

const heading = /^[ \t]{0,40}(?:[-=]{3}[^\n]*|(?:For the following reason|Reason|because|Technical details[ a-z]{0,40}):[ \t]*)$/gim;
const delayed = /delay|not yet been delivered|will (?:be retried|continue to be)|transient non-fatal|warning (?:message )?only/i;

/** Behind it stands the message that could not be delivered. */
const copy =
  /^(?:--- Below this line|-+ This is a copy|[ \t]*-+ (?:Original|Returned|Unsent) message|[ \t]*-+ Message header|-+ The header of|Message headers follow|Possibly truncated original message|\|-+ Message text follows|[ \t]*Below is a copy of|Received: ?(?:from|by))/im;

const address = String.raw`([^\s<>@"]{1,200}@[^\s<>@":]{1,250})`;
/** alone on its line, or with a colon behind it; words that some programs put there */
const alone = new RegExp(String.raw`^ {0,6}(?:\* )?[<"]?${address}[>"]?(?::|[ \t]*$| on | Invalid Address,)`, 'gm');

const forms: readonly (readonly [RegExp, RegExp])[] = [
  // qmail, Yahoo
  [/^\s*Hi\. This is the .{1,200}\n|^\s*Sorry, we were unable to deliver your message/, alone],
  // Exim, and the hosts of GMX, WEB.DE, IONOS, Mail.Ru and Zoho
  [/^This message was created automatically by mail delivery software/m, alone],
  // sendmail
  [/-----\s+The following addresses had (?:permanent fatal|transient non-fatal|delivery) (?:errors|problems)\s+-----/, alone],
  // Exchange 5.5, Domino
  [/did not reach the following recipient\(s\):|\nwas not delivered to:/, alone],
  // Gmail
  [/^Delivery to the following recipients? (?:failed|has been delayed)/m, alone],
  // OpenSMTPD
  [/error has occurred while attempting to deliver a message for/, alone],
  // Postfix, which names whom to ask before
  [/^I'm sorry to have to inform you that/m, new RegExp(`^<${address}>(?: \\(expanded from [^\\n]{0,300}\\))?:`, 'gm')],
  // T-Online
  [/^\|-+ Message log follows: -+\|/, new RegExp(`^ {0,6}<${address}> \\.\\.\\.`, 'gm')],
  // GroupWise
  [/^The message that you sent was undeliverable to the following:/m, new RegExp(`^[ \\t]{1,8}${address} (?=\\()`, 'gm')],
  // Exchange, in all of its languages: what it says to administrators is English
  [/\nRemote Server returned '/, new RegExp(`^${address}\\s*\\nRemote Server returned (?=')`, 'gm')],
  // DragonFly
  [/^There was an error delivering your mail to/m, new RegExp(`delivering your mail to <${address}>\\.?`, 'g')],
];
