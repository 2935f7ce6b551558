import { DEFAULT_MIME_LIMITS } from '../../../lib/mime/limits.ts';
import { findField, parseHeader } from '../../../lib/mime/parse-header.ts';
import type { FolderSnapshot } from '../../store/mail-store.ts';
import type { Reader } from '../context.ts';
import { filterInTurns, type Indexes } from './indexes.ts';
import type { IntervalSet } from './interval-set.ts';

const dayMs = 86_400_000;
/** zones reach from -12 to +14 hours */
const zoneMs = 14 * 3_600_000;
const months = 'janfebmaraprmayjunjulaugsepoctnovdec';

/**
 * SENTBEFORE, SENTON, SENTSINCE compare the day that the Date header names, "disregarding time and timezone" (RFC 9051 section 6.4.4).
 * The stored instant decides all but those within a zone's width of a boundary; only their headers are read.
 */
export async function matchSentDay(reader: Reader, shown: FolderSnapshot, days: IntervalSet, candidates: Indexes): Promise<number[]> {
  const idOf = (index: number): number => shown.messageIds[index] ?? 0;
  const keys = await reader.store.sortKeys(reader.account, candidates.map(idOf), reader.signal);
  const matching = new Set<number>();
  const unsure: number[] = [];
  for (const { messageId, sentMs } of keys.values()) {
    if (sentMs === null) continue;
    if (days.hasEndNear(sentMs, zoneMs)) unsure.push(messageId);
    else if (days.has(sentMs)) matching.add(messageId);
  }
  for await (const chunk of reader.store.readMessages(reader.account, unsure, ['header'], reader.signal)) {
    for (const { messageId, header } of chunk) {
      await reader.pace();
      if (days.has(dayOf(header, keys.get(messageId)?.sentMs ?? 0))) matching.add(messageId);
    }
  }
  return filterInTurns(reader, candidates, (index) => matching.has(idOf(index)));
}

/** Midnight UTC of the day as the header spells it; of the instant where it spells it in no usual way. */
function dayOf(header: Buffer | undefined, sentMs: number): number {
  const field = findField(parseHeader(header?.toString('latin1') ?? '', DEFAULT_MIME_LIMITS.headerFields), 'date') ?? '';
  const match = /(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s.,-]+(\d{4})/i.exec(field);
  const month = months.indexOf((match?.[2] ?? '?').toLowerCase()) / 3;
  if (!match || !Number.isInteger(month) || month < 0) return Math.floor(sentMs / dayMs) * dayMs;
  return Date.UTC(Number(match[3]), month, Number(match[1]));
}
