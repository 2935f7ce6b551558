import { decodeEncodedWords } from '../mime/decode-encoded-words.ts';
import { findField, parseHeader } from '../mime/parse-header.ts';

/** One recipient of a delivery report (RFC 3464), or a receipt (RFC 8098), as the sentence that it means needs it. */
export interface DeliveryOutcome {
  kind: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded' | 'displayed' | 'deleted' | 'processed';
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
    // "expanded (to multi-recipient alias)"
    const action = /^[a-z]+/.exec((findField(fields, 'action') ?? '').toLowerCase().trim())?.[0] ?? '';
    const disposition = (findField(fields, 'disposition') ?? '').toLowerCase();
    const kind = actions[action] ?? (disposition ? receiptKind(disposition) : null);
    if (!kind || outcomes.length >= mostRecipients) continue;
    const original = findField(fields, 'original-recipient');
    const recipient = original === undefined ? (findField(fields, 'final-recipient') ?? '') : undoXtext(original);
    outcomes.push({
      kind,
      recipient: decodeEncodedWords(recipient.replace(/^[^;]{0,40};/, '').trim()).slice(0, 300),
      status: enhancedStatus.exec(findField(fields, 'status') ?? '')?.[0] ?? '',
      reason: decodeEncodedWords((findField(fields, 'diagnostic-code') ?? '').replace(/^[^;]{0,40};/, '').trim()).slice(0, 1000),
    });
  }
  return outcomes;
}

export const enhancedStatus = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/;

/** RFC 3461 section 4: a plus sign is written as +2B, so where there is none nothing was encoded. */
const undoXtext = (text: string): string =>
  /\+(2B|3D)/.test(text) ? text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;

const actions: Record<string, DeliveryOutcome['kind']> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'relayed',
  expanded: 'expanded',
};

const receiptKind = (disposition: string): DeliveryOutcome['kind'] =>
  disposition.includes('displayed') ? 'displayed' : disposition.includes('deleted') ? 'deleted' : 'processed';
