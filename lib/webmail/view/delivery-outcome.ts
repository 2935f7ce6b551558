import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { findField, type HeaderField, parseHeader } from '../../mime/parse-header.ts';
import { wordTable } from '../../mime/word-table.ts';

/** One recipient of a delivery report (RFC 3464), a receipt (RFC 8098) or a complaint (RFC 5965), as the sentence that it means needs it. */
export interface DeliveryOutcome {
  kind:
    | ('failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded')
    | ('displayed' | 'deleted' | 'processed')
    | ('complaint' | 'complaintAbout' | 'complaintOnly' | 'wanted' | 'unproven');
  /** of what was sent; in a complaint that does not say it, and for what is not proven, the sender */
  recipient: string;
  /** enhanced status code, as "5.1.1"; empty if none */
  status: string;
  /** the other host's words; empty if none */
  reason: string;
}

const mostRecipients = 50;
const longest = 200_000;

export function readDeliveryReport(source: string): DeliveryOutcome[] {
  const outcomes: DeliveryOutcome[] = [];
  // some say once for all recipients what became of the message
  let forAll = '';
  for (const fields of groupsIn(source)) {
    if (outcomes.length >= mostRecipients) break;
    outcomes.push(...readComplaint(fields));
    const recipient = recipientOf(fields);
    // "expanded (to multi-recipient alias)"
    const action = /^[a-z]+/.exec((findField(fields, 'action') ?? '').toLowerCase().trim())?.[0] ?? '';
    const disposition = (findField(fields, 'disposition') ?? '').toLowerCase();
    if (recipient === '' && disposition === '') forAll = action || forAll;
    const status = enhancedStatus.exec(findField(fields, 'status') ?? '')?.[0] ?? '';
    const kind =
      actions.get(action || forAll) ?? (disposition ? receiptKind(disposition) : action ? null : (classes.get(status.charAt(0)) ?? null));
    if (!kind || (recipient === '' && action === '' && disposition === '')) continue;
    outcomes.push({
      kind,
      recipient,
      status,
      reason: decodeEncodedWords((findField(fields, 'diagnostic-code') ?? '').replace(/^[^;]{0,40};/, '').trim())
        .replace(/\s+/g, ' ')
        .slice(0, 1000),
    });
  }
  // what names nobody says something only where nothing else does
  const named = outcomes.filter(({ kind, recipient }) => recipient !== '' || kind === 'complaintOnly');
  return named.length > 0 ? named : outcomes.slice(0, 1);
}

/** The fields of each recipient: an empty line parts them (RFC 3464 section 2.1), which some hosts leave out. */
function groupsIn(source: string): HeaderField[][] {
  const groups: HeaderField[][] = [];
  for (const text of source.slice(0, longest).split(/\r?\n[ \t]*\r?\n/)) {
    let group: HeaderField[] = [];
    let names = new Set<string>();
    // what became of the recipient stands there, so another one is another's
    let complete = false;
    for (const field of parseHeader(text.replace(/^\s*\n/, ''), 2000)) {
      if (recipientFields.has(field.key) && (names.has(field.key) || complete)) {
        groups.push(group);
        [group, names, complete] = [[], new Set(), false];
      }
      group.push(field);
      names.add(field.key);
      complete ||= field.key === 'action' && names.has('final-recipient');
    }
    groups.push(group);
  }
  return groups;
}

const recipientFields = new Set(['final-recipient', 'original-recipient']);

/** Whom the sender wrote to; whom it went to where that is no address. */
function recipientOf(fields: readonly HeaderField[]): string {
  const original = findField(fields, 'original-recipient');
  const both = [original === undefined ? '' : undoXtext(original), findField(fields, 'final-recipient') ?? ''].map((value) =>
    decodeEncodedWords(value.replace(/^(?:[^;@]{0,40};){1,3}/, '').trim())
      .replace(/^<(.*)>$/, '$1')
      .slice(0, 300),
  );
  return both.find(isAddress) ?? both.find((one) => one !== '') ?? '';
}

/** Not the file or the program that a host wrote it to. */
export const isAddress = (text: string): boolean =>
  /^[^\s/|@][^\s@]*(?:"|[^\s@])@[^\s@]+$|^"[^"]{1,100}"@[^\s@]+$|^[^\s/|@]@[^\s@]+$/.test(text);

/** What a recipient's host tells of a letter: it was called junk, called none, or did not come from whom it said (RFC 6591). */
function readComplaint(fields: readonly HeaderField[]): DeliveryOutcome[] {
  const type = findField(fields, 'feedback-type')?.trim().toLowerCase();
  if (type === undefined) return [];
  const values = (name: string): string[] =>
    fields
      .filter(({ key, value }) => key === name && value.trim() !== '')
      .slice(0, mostRecipients)
      .map(({ value }) => bareAddress(decodeEncodedWords(value)).slice(0, 300));
  const value = (...names: string[]): string => names.flatMap(values)[0] ?? '';
  // one that went to several says so
  const told = values('original-rcpt-to');
  const to = told.length > 0 ? told : values('removal-recipient').slice(0, 1);
  const from = value('original-mail-from', 'reported-domain', 'source-ip');
  const reason = [value('auth-failure'), value('source-ip')].filter(Boolean).join(', ');
  const about = (kind: DeliveryOutcome['kind'], recipient: string): DeliveryOutcome => ({ kind, recipient, status: '', reason });
  if (type === 'not-spam') return to.map((one) => about('wanted', one));
  const unproven = value('reported-domain') || from;
  if (type === 'auth-failure') return unproven === '' ? [] : [about('unproven', unproven)];
  if (to.length > 0) return to.map((one) => about('complaint', one));
  return [about(from === '' ? 'complaintOnly' : 'complaintAbout', from)];
}

/** "Undisclosed recipient <redacted@example.net>" */
const bareAddress = (text: string): string => /<([^<>]*)>/.exec(text)?.[1]?.trim() ?? text.trim();

export const enhancedStatus = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/;

/** RFC 3461 section 4: a plus sign is written as +2B, so where there is none nothing was encoded. */
const undoXtext = (text: string): string =>
  /\+(2B|3D)/.test(text) ? text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;

const actions = wordTable<DeliveryOutcome['kind']>({
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'relayed',
  expanded: 'expanded',
});

/** Who damages the word of what became of it still says its class (RFC 3463). */
const classes = new Map<string, DeliveryOutcome['kind']>([
  ['5', 'failed'],
  ['4', 'delayed'],
  ['2', 'delivered'],
]);

const receiptKind = (disposition: string): DeliveryOutcome['kind'] =>
  disposition.includes('displayed') ? 'displayed' : disposition.includes('deleted') ? 'deleted' : 'processed';
