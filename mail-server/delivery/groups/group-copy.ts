import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { domainOf, localPartOf, parseEmailAddress, type EmailAddress } from '../../../lib/addresses/email-address.ts';
import type { Provenance } from '../../../lib/mime/judgement.ts';
import { parseAddresses } from '../../../lib/mime/parse-addresses.ts';
import { MessageHeader, withoutFields } from '../../../lib/mime/read-header.ts';
import { unsubscribeToken } from '../../../lib/targets/unsubscribe-token.ts';
import type { GroupSettings } from '../../../lib/targets/lookup-addresses.ts';
import type { Services } from '../../services.ts';
import { organizationOf } from '../authenticity/check-author-policy.ts';
import { keyName, signedHeader, type Signature } from '../authenticity/signed-header.ts';
import { encodePhrase } from '../automatic-letter.ts';
import { signMessage } from '../signing/sign-message.ts';

/** Fields of a list that the letter went through before; ours take their place (RFC 2369 section 4). */
const listFields = new Set([
  'list-id',
  'list-post',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-help',
  'list-owner',
  'list-archive',
  'precedence',
]);

/** True for a letter that this group sent out already. */
export const wentThrough = (raw: Buffer, group: GroupSettings): boolean => {
  const header = new MessageHeader(raw);
  return header.named('list-id').some((field) =>
    header
      .value(field)
      .toLowerCase()
      .includes(`<${listId(group)}>`),
  );
};

/** What the spam filter asks of a letter before a group of ours puts its own fields there. */
export function asWritten(raw: Buffer): { isList: boolean; replyDomain: string } {
  const header = new MessageHeader(raw);
  const field = header.last('reply-to');
  const [replyTo] = field ? parseAddresses(header.value(field), 5) : [];
  return {
    isList: header.named('list-unsubscribe').length > 0 || header.named('list-id').length > 0,
    replyDomain: (replyTo?.host ?? '').toLowerCase(),
  };
}

const listId = ({ address }: GroupSettings): string => `${localPartOf(address)}.${domainOf(address)}`;

/**
 * The letter as the members of a group get it: with the fields of RFC 2919 and 2369, with the group's mark in the subject and answers to
 * the group where it says so. DMARC of the author must hold: where his domain asks for it and his signature does not survive (none of his own
 * was there, or it covers what is changed here), the group stands in From, his name beside it and his address in Reply-To; the group's domain
 * signs. In the house, where nobody checks the letter again, he stays there unless the subject was changed.
 *
 * @param member outside, who may leave by himself: by one click of his program (RFC 8058) or by a letter. "everybody": by a letter
 */
export async function groupCopy(
  services: Services,
  secret: string,
  raw: Buffer,
  group: GroupSettings,
  provenance: Provenance,
  member: EmailAddress | 'everybody' | null,
): Promise<Buffer> {
  const header = new MessageHeader(raw);
  const subject = newSubject(header, group.subjectPrefix);
  const author = provenance.author === null ? null : parseEmailAddress(provenance.author);
  const isOurs = author !== null && ((await services.directory.domain(domainOf(author)))?.verified ?? false);
  const isStrict = provenance.judgement?.dmarc.some(({ policy }) => policy === 'reject' || policy === 'quarantine') ?? false;
  const changed = member === null ? [] : [...listFields, ...(group.replyTo === 'group' ? ['reply-to'] : [])];
  const survives =
    subject === null &&
    ownSignatures(header, provenance).some((byOneKey) => byOneKey.every(({ signs }) => !changed.some((key) => signs.has(key))));
  const standsIn = !isOurs && (provenance.author === null || (isStrict && !survives));
  const from = header.last('from');
  const dropped = header.fields.filter(
    ({ key }) =>
      listFields.has(key) ||
      key === 'return-path' ||
      (subject !== null && key === 'subject') ||
      (group.replyTo === 'group' && key === 'reply-to') ||
      (standsIn && (key === 'from' || key === 'dkim-signature')),
  );
  const { address } = group;
  const id = `${encodeText(group.name)} <${listId(group)}>`;
  const added = [
    `List-Id: ${id}`,
    `List-Post: <mailto:${address}>`,
    ...(member ? waysOut(services, secret, group, member) : []),
    'Precedence: list',
    ...(subject === null ? [] : [`Subject: ${encodeText(subject)}`]),
    ...(group.replyTo === 'group' ? [`Reply-To: <${address}>`] : []),
    ...(standsIn && from ? fromGroup(header.shown(from), provenance.author, group, header) : []),
  ];
  const content = Buffer.concat([Buffer.from(added.map((line) => `${line}\r\n`).join('')), withoutFields(raw, dropped)]);
  // the author's own domain signs anew what was changed; for others the group's does
  const signer = domainOf(isOurs && author ? author : address);
  const { signature, message } = await signMessage(services, secret, content, signer, { asItCame: survives && !standsIn });
  return Buffer.concat([Buffer.from(signature), message]);
}

/**
 * Those that pass for the author's own domain, which is what DMARC asks for: a service that signs for itself vouches for nobody's From. By their keys:
 * what was found out names a key and not a field, and a false signature may name the same.
 */
function ownSignatures(header: MessageHeader, { author, judgement }: Provenance): Signature[][] {
  const organization = organizationOf((author ?? '').slice((author ?? '').lastIndexOf('@') + 1));
  const passed = judgement?.dkim.filter(({ result, domain }) => result === 'pass' && organizationOf(domain) === organization) ?? [];
  if (passed.length === 0) return [];
  const signatures = signedHeader(header).signatures.filter(({ domain, selector }) =>
    passed.some((each) => each.domain === domain && each.selector.toLowerCase() === selector),
  );
  return [...Map.groupBy(signatures, keyName).values()];
}

function waysOut(
  { settings }: Services,
  secret: string,
  { address, addressId }: GroupSettings,
  member: EmailAddress | 'everybody',
): string[] {
  const letter = `<mailto:${localPartOf(address)}+unsubscribe@${domainOf(address)}?subject=unsubscribe>`;
  if (member === 'everybody' || !settings.webUrl.startsWith('https:')) return [`List-Unsubscribe: ${letter}`];
  const link = `${settings.webUrl}/unsubscribe/${unsubscribeToken(secret, { group: addressId, member })}`;
  return [`List-Unsubscribe: <${link}>,\r\n ${letter}`, 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'];
}

/** A member's wish to leave: by the address in List-Unsubscribe, or by the subject that people know from lists. */
export function asksToLeave(raw: Buffer, written: EmailAddress): boolean {
  if (localPartOf(written).endsWith('+unsubscribe')) return true;
  const header = new MessageHeader(raw);
  const subject = header.last('subject');
  return subject !== undefined && /^unsubscribe$/i.test(header.text(subject).trim());
}

function fromGroup(from: string, author: string | null, group: GroupSettings, header: MessageHeader): string[] {
  const name = from
    .replace(/<[^<>]*>/g, '')
    .replace(/["\p{Cc}]/gu, '')
    .trim()
    .slice(0, 80);
  const shown = `${name || author || ''} via ${group.name}`.trim();
  const hasReplyTo = header.named('reply-to').length > 0;
  return [
    `From: ${encodePhrase(shown)} <${group.address}>`,
    ...(author && !hasReplyTo && group.replyTo === 'author' ? [`Reply-To: <${author}>`] : []),
    ...(author ? [`X-Original-From: <${author}>`] : []),
  ];
}

function newSubject(header: MessageHeader, prefix: string): string | null {
  if (prefix === '') return null;
  const field = header.last('subject');
  const subject = field ? header.shown(field).trim() : '';
  return subject.includes(prefix) ? null : `${prefix} ${subject}`.trim();
}

const encodeText = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : encodeWord(text, 'Q', 52));

/**
 * Whether somebody may write to a group. Who it is must be certain: he signed in here, or nothing speaks against the author. A member is
 * recognised by the author's address.
 */
export function mayPost(
  group: GroupSettings,
  provenance: Provenance,
  { isOfCustomer, isMember }: { isOfCustomer: boolean; isMember: (address: EmailAddress) => boolean },
): boolean {
  if (group.posting === 'anyone') return true;
  const author = provenance.author === null ? null : parseEmailAddress(provenance.author);
  if (!author || provenance.judgement?.verdict === 'failed' || provenance.judgement?.verdict === 'undecided') return false;
  if (isMember(author)) return true;
  return (
    group.posting === 'customer' && isOfCustomer && (provenance.origin === 'submitted' || provenance.judgement?.verdict === 'attested')
  );
}
