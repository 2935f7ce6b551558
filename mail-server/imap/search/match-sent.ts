import { findField, parseHeader } from '../../../lib/mime/parse-header.ts';
import type { Session } from '../session.ts';
import type { FolderSnapshot } from '../../store/types.ts';

const dayMs = 86_400_000;
/** zones reach from -12 to +14 hours */
const zoneMs = 14 * 3_600_000;
const mostLines = 10_000;
const months = 'janfebmaraprmayjunjulaugsepoctnovdec';

/**
 * SENTBEFORE, SENTON, SENTSINCE compare the day that the Date header names, "disregarding time and timezone" (RFC 9051 section 6.4.4).
 * The stored instant decides all but those within a zone's width of a boundary; only their headers are read.
 */
export async function matchesSentDay(
  session: Session,
  shown: FolderSnapshot,
  candidates: number[],
  from: number,
  to: number,
): Promise<number[]> {
  const idOf = (index: number): number => shown.messageIds[index] ?? 0;
  const keys = await session.store.sortKeys(session.account, candidates.map(idOf));
  const matching = new Set<number>();
  const unsure: number[] = [];
  for (const { messageId, sentMs } of keys.values()) {
    if (sentMs === null) continue;
    if (isNear(sentMs, from) || isNear(sentMs, to)) unsure.push(messageId);
    else if (sentMs >= from && sentMs < to) matching.add(messageId);
  }
  for await (const chunk of session.store.readMessages(session.account, unsure, ['header'])) {
    for (const { messageId, header } of chunk) {
      const day = dayOf(header, keys.get(messageId)?.sentMs ?? 0);
      if (day >= from && day < to) matching.add(messageId);
    }
  }
  return candidates.filter((index) => matching.has(idOf(index)));
}

const isNear = (sentMs: number, boundary: number): boolean => Math.abs(sentMs - boundary) <= zoneMs;

/** Midnight UTC of the day as the header spells it; of the instant where it spells it in no usual way. */
function dayOf(header: Buffer | undefined, sentMs: number): number {
  const field = findField(parseHeader(header?.toString('latin1') ?? '', mostLines), 'date') ?? '';
  const match = /(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s.,-]+(\d{4})/i.exec(field);
  const month = months.indexOf((match?.[2] ?? '?').toLowerCase()) / 3;
  if (!match || !Number.isInteger(month) || month < 0) return Math.floor(sentMs / dayMs) * dayMs;
  return Date.UTC(Number(match[3]), month, Number(match[1]));
}
