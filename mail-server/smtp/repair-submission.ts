import { parseDate } from '../../lib/mime/parse-date.ts';
import { type FieldSpan, MessageHeader, withoutFields } from '../../lib/mime/read-header.ts';
import { mailDate } from '../delivery/trace-header.ts';
import { repairHeaderLines } from './repair-header-lines.ts';

const messageId = /^<[^<>\s]+@[^<>\s@]+>$/;
const date =
  /^(?:[a-z]{3}, *)?\d{1,2} +(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) +\d{4} +(?:[01]?\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60))? *(?:[+-]\d{4}|[a-z]{1,4})$/i;
const mostValueBytes = 998;

/**
 * Takes out what the world could not use (RFC 6409 section 8): Message-ID and Date that are empty, broken or there twice; what is missing
 * then is put in like what was never there, and a day that can be made out is kept; lines that are no fields (repair-header-lines.ts). The header has been checked (check-header.ts).
 */
export function repairSubmission(submitted: Buffer, given: MessageHeader = new MessageHeader(submitted)): Buffer {
  const message = repairHeaderLines(submitted, given);
  const header = message === submitted ? given : new MessageHeader(message);
  const named = (key: string): FieldSpan[] => header.named(key).filter((field) => field.end - field.start < mostValueBytes);
  const value = (field: FieldSpan): string => withoutComment(header.text(field));
  const dates = named('date');
  const usableDate = dates.find((field) => date.test(value(field)));
  const kept = new Set([usableDate, named('message-id').find((field) => messageId.test(value(field)))]);
  const broken = header.fields.filter((field) => (field.key === 'message-id' || field.key === 'date') && !kept.has(field));
  if (broken.length === 0) return message;
  const rest = withoutFields(message, broken);
  const day = usableDate ? null : dates.map((field) => parseDate(value(field))).find((at) => at !== null);
  return typeof day === 'number' ? Buffer.concat([Buffer.from(`Date: ${mailDate(new Date(day))}\r\n`), rest]) : rest;
}

/** "Sat, 28 Nov 2026 10:00:00 +0100 (CET)": a comment at the end is common, and says nothing. */
const withoutComment = (text: string): string => (text.endsWith(')') ? text.slice(0, Math.max(0, text.lastIndexOf('('))) : text).trim();
