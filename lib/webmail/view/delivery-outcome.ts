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
  for (const group of source.slice(0, longest).split(/\r?\n[ \t]*\r?\n/)) {
    const fields = parseHeader(group.replace(/^\s*\n/, ''), 500);
    if (outcomes.length >= mostRecipients) break;
    const complaint = readComplaint(fields);
    if (complaint) outcomes.push(complaint);
    // "expanded (to multi-recipient alias)"
    const action = /^[a-z]+/.exec((findField(fields, 'action') ?? '').toLowerCase().trim())?.[0] ?? '';
    const disposition = (findField(fields, 'disposition') ?? '').toLowerCase();
    const kind = actions.get(action) ?? (disposition ? receiptKind(disposition) : null);
    if (!kind) continue;
    const original = findField(fields, 'original-recipient');
    const recipient = original === undefined ? (findField(fields, 'final-recipient') ?? '') : undoXtext(original);
    outcomes.push({
      kind,
      recipient: decodeEncodedWords(recipient.replace(/^[^;]{0,40};/, '').trim()).slice(0, 300),
      status: enhancedStatus.exec(findField(fields, 'status') ?? '')?.[0] ?? '',
      reason: decodeEncodedWords((findField(fields, 'diagnostic-code') ?? '').replace(/^[^;]{0,40};/, '').trim())
        .replace(/\s+/g, ' ')
        .slice(0, 1000),
    });
  }
  return outcomes;
}

/** What a recipient's host tells of a letter: it was called junk, called none, or did not come from whom it said (RFC 6591). */
function readComplaint(fields: readonly HeaderField[]): DeliveryOutcome | null {
  const type = findField(fields, 'feedback-type')?.trim().toLowerCase();
  if (type === undefined) return null;
  const value = (...names: string[]): string => {
    const found = names.map((name) => findField(fields, name)?.trim() ?? '').find((one) => one !== '');
    return decodeEncodedWords(found ?? '')
      .replace(/^<(.*)>$/, '$1')
      .slice(0, 300);
  };
  const [to, from] = [value('original-rcpt-to', 'removal-recipient'), value('original-mail-from', 'reported-domain', 'source-ip')];
  const reason = [value('auth-failure'), value('source-ip')].filter(Boolean).join(', ');
  const about = (kind: DeliveryOutcome['kind'], recipient: string): DeliveryOutcome => ({ kind, recipient, status: '', reason });
  if (type === 'auth-failure' || type === 'not-spam') {
    const whom = type === 'not-spam' ? to : value('reported-domain') || from;
    return whom === '' ? null : about(type === 'not-spam' ? 'wanted' : 'unproven', whom);
  }
  return to === '' ? about(from === '' ? 'complaintOnly' : 'complaintAbout', from) : about('complaint', to);
}

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

const receiptKind = (disposition: string): DeliveryOutcome['kind'] =>
  disposition.includes('displayed') ? 'displayed' : disposition.includes('deleted') ? 'deleted' : 'processed';
