import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { findField, findTopField, type HeaderField } from '../../mime/parse-header.ts';
import { type DeliveryOutcome, enhancedStatus, isAddress, readDeliveryReport } from './delivery-outcome.ts';

/** What the header of a report adds to its text. */
export interface ReportHead {
  /** a program wrote it, by its name */
  byProgram: boolean;
  subject: string;
  /** whom it did not reach, where the header says so: Exim, Google */
  failed: string[];
  /** whom it is told: the sender of what did not arrive */
  told: string[];
}

const noHead: ReportHead = { byProgram: false, subject: '', failed: [], told: [] };

/**
 * Delivery reports without the part that programs read (RFC 3464), which large hosts send to this day: known by the sentence that their
 * program begins with. The text stays beside it. Linear time.
 */
export function readPlainBounce(text: string, { byProgram, subject, failed, told }: ReportHead = noHead): DeliveryOutcome[] {
  const head = text.slice(0, lookedAt).replace(/\r\n/g, '\n');
  const [own = ''] = head.split(copy, 1);
  const form = forms.find(([begins]) => begins.test(head.slice(0, mostBefore)))?.[1];
  if (fieldsIn.test(own)) return readFields(own);
  const patterns = form ? [form, anywhere] : byProgram && says.test(`${subject}\n${own.slice(0, mostBefore)}`) ? [anywhere] : [];
  const found = patterns.map((recipient) => placesIn(own, recipient, told)).find((places) => places.length > 0) ?? [];
  const places = (failed.length > 0 ? failed.map((name) => placeOf(own, name, found)) : found)
    .slice(0, mostRecipients)
    .toSorted((one, other) => one.from - other.from);
  if (places.length === 0) return readFields(head);
  const kind = delayed.test(own.slice(0, places[0]?.from)) || /\bdelay(?:ed)?\b/i.test(subject) ? 'delayed' : 'failed';
  return places.map(({ name, to }, at) => {
    const behind = own.slice(to, places[at + 1]?.from);
    return { kind, recipient: name, status: enhancedStatus.exec(behind)?.[0] ?? '', reason: firstWords(behind) };
  });
}

/** What is for programs stands in the text of some. */
const fieldsIn = /^(?:Original|Final)-Recipient:/im;
function readFields(text: string): DeliveryOutcome[] {
  const at = text.search(fieldsIn);
  return at < 0 ? [] : readDeliveryReport(text.slice(Math.max(0, text.lastIndexOf('\n\n', at))));
}

/** What a report says to programs, with the words and the address that only its text has: many say a bare "5.0.0" there, or name a file. */
export function joinOutcomes(said: readonly DeliveryOutcome[], inWords: readonly DeliveryOutcome[]): DeliveryOutcome[] {
  if (said.length === 0) return [...inWords];
  return said.map((outcome) => {
    if (outcome.kind !== 'failed' && outcome.kind !== 'delayed') return outcome;
    const same = inWords.find(({ recipient }) => recipient.toLowerCase() === outcome.recipient.toLowerCase());
    const [only] = said.length === 1 && inWords.length === 1 ? inWords : [];
    const words = same ?? only;
    return {
      ...outcome,
      recipient: only && !isAddress(outcome.recipient) ? only.recipient : outcome.recipient,
      reason: outcome.reason || (words?.reason ?? ''),
    };
  });
}

interface Place {
  name: string;
  from: number;
  to: number;
}

function placesIn(own: string, recipient: RegExp, told: readonly string[]): Place[] {
  const found = new Map<string, Place>();
  for (const match of own.matchAll(recipient)) {
    const name = match.slice(1).find((group) => group !== undefined) ?? '';
    // a host's words may say the address once more
    if (!found.has(name)) found.set(name, { name, from: match.index, to: match.index + match[0].length });
  }
  const places = [...found.values()];
  // who wrote it is named as well by some; where nobody knows the program, it may be all that is named
  const others = places.filter(({ name }) => !told.includes(name.toLowerCase()));
  return others.length > 0 || recipient === anywhere ? others : places;
}

/** Where its host's words stand; behind all others where the text does not name it. */
function placeOf(own: string, name: string, found: readonly Place[]): Place {
  const [only] = found.length === 1 ? found : [];
  const named = found.find((place) => place.name.toLowerCase() === name.toLowerCase()) ?? only;
  return { name, from: named?.from ?? own.length, to: named?.to ?? own.length };
}

/**
 * A report has nobody who could be told that it did not arrive (RFC 5321 section 4.5.5). Who quotes one in a letter is no report: nothing of the
 * reader's is said to be lost. Null for what a person wrote.
 */
export function readReportHead(fields: readonly HeaderField[]): ReportHead | null {
  const named = addressesIn(findField(fields, 'x-failed-recipients') ?? '');
  const from = findField(fields, 'from') ?? 'mailer-daemon';
  const path = findTopField(fields, 'return-path');
  const byNobody = /^<(?:\s{0,10}>|mailer-daemon)/i.test(path ?? '');
  const unanswered = byNobody || /^auto-/i.test(findField(fields, 'auto-submitted') ?? '');
  if (!unanswered && named.length === 0 && !program.test(from)) return null;
  return {
    byProgram: service.test(from.trim()) || ((byNobody || path === undefined) && perhaps.test(from)),
    subject: decodeEncodedWords(findField(fields, 'subject') ?? '').slice(0, 300),
    // a person's letter with that field is believed no more than its text
    failed: unanswered || program.test(from) ? named : [],
    told: addressesIn(findField(fields, 'to') ?? '').map((one) => one.toLowerCase()),
  };
}

const addressesIn = (text: string): string[] =>
  [...new Set(text.slice(0, 5000).match(/[^\s<>",;:]{1,200}@[^\s<>",;:]{1,250}/g) ?? [])].slice(0, mostRecipients);

const program = /mailer-?daemon|post_?master@/i;
/** by which no person writes */
const service = /^(?:<\s{0,10}>)?$|mailer-?daemon|mail[ .]delivery[ .](?:sub)?system/i;
/**
 * So shops and forms on pages write as well, of parcels and of whatever was typed, and administrators by hand; they can be told that it did not
 * arrive, and who reports cannot. What was brought here from elsewhere may say nothing of that.
 */
const perhaps = /post_?master@|no-?reply@/i;
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
  /^(?:--- Below this line|(?:-+ )?Original message follows|-+ This is a copy|[ \t]*-+ (?:Original|Returned|Unsent) message|[ \t]*-+ Message header|-+ The header of|Message headers follow|Possibly truncated original message|\|-+ Message text follows|[ \t]*Below is a copy of|Received: ?(?:from|by))/im;

const address = String.raw`([^\s<>@";]{1,200}@[^\s<>@":]{0,249}[^\s<>@":.,;])`;
/** alone on its line, or with a colon behind it; words that some programs put there */
const aloneText = String.raw`^[ \t]{0,12}(?:\* |>>> )?[<"]?${address}[>"]?(?::|[ \t]*$| on | Invalid Address,| Error,| \[| <)`;
const alone = new RegExp(aloneText, 'gm');

const forms: readonly (readonly [RegExp, RegExp])[] = [
  // qmail, Yahoo
  [/^\s*Hi\. This is the .{1,200}\n|^\s*Sorry, we were unable to deliver your message/, alone],
  // Exim, and the hosts of GMX, WEB.DE, IONOS, Mail.Ru and Zoho
  [/^This message was created automatically by (?:mail delivery software|the SMTP relay)/m, alone],
  // sendmail
  [
    /-{3,5}\s{0,4}The following addresses had (?:permanent fatal|transient non-fatal|permanent delivery|delivery|fatal) (?:errors|problems)\s{0,4}-{3,5}/,
    alone,
  ],
  // Exchange 5.5, Domino
  [/did not reach the following recipient\(s\):|\nwas not delivered to:/, alone],
  // Gmail
  [/^Delivery to the following recipients? (?:failed|has been delayed)/m, alone],
  // OpenSMTPD
  [/error has occurred while attempting to deliver a message for|A message is delayed for more than/, alone],
  // Postfix, which names whom to ask before
  [/^I'm sorry to have to inform you that/m, new RegExp(`^<${address}>(?:\\s{1,6}\\(expanded from\\s{1,6}[^\\n]{0,300}\\))?:`, 'gm')],
  // T-Online
  [/^\|-+ Message log follows: -+\|/, new RegExp(`^ {0,6}<?${address}>? \\.\\.\\.`, 'gm')],
  // GroupWise
  [/^The message that you sent was undeliverable to the following:/m, new RegExp(`^[ \\t]{1,8}${address} (?=\\()`, 'gm')],
  // Exchange, in all of its languages: what it says to administrators is English
  [/\nRemote Server returned '/, new RegExp(`^${address}\\s*\\nRemote Server returned (?=')`, 'gm')],
  // DragonFly
  [/^There was an error delivering your mail to/m, new RegExp(`delivering your mail to <${address}>\\.?`, 'g')],
];

/** What other programs say, and behind which words they name whom it did not reach. */
const says =
  /undeliver(?:able|ed)|(?:un|not )able to deliver|(?:not be|not|not able to be) delivered|deliver\w{0,2} (?:to |has |status |of \S{1,30} )?(?:been )?(?:fail|error)|failure (?:notice|reasons)|returned mail|return(?:ing|ed) (?:message )?to sender|not reach|not be reached|not receive this message|trouble delivering|bounce notification|unzustellbar|nicht zugestellt|送信できませんでした|送信に失敗|no pudo ser entregado/i;
const behind = String.raw`(?:deliver(?:ed|able)?(?: your| the)?(?: message| mail)? to|rcpt to|recipient|\baddress|errors|unknown user|userid|size|attempts|is full|(?:mail |recipient )address|delivery failed|^\d{3})`;
const anywhere = new RegExp(String.raw`${aloneText}|${behind}:?[ \t]{1,8}[<"]?${address}[>"]?\.{0,3}`, 'gim');
