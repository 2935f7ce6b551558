import { customerId } from '../../lib/db/ids.ts';
import type { Provenance } from '../../lib/mime/judgement.ts';
import { bellOf } from '../queue/queue-bell.ts';
import { failureReport, type ReportedMessage } from '../queue/report/failure-report.ts';
import type { Services } from '../services.ts';
import type { Query } from '../store/postgres/database.ts';
import { noteForwardFailure } from '../store/queue/forward-failures.ts';
import { automaticMessage } from '../store/queue/automatic-message.ts';
import { enqueueOnce } from '../store/queue/queue-settlement.ts';
import { enqueue, type NewQueueMessage } from '../store/queue/queue-store.ts';
import type { OnceMessage } from './groups/hold-for-moderators.ts';
import type { Returned } from './srs.ts';
import { notByItself, toldOnce } from './told-once.ts';

/** what stands before the semicolon is of one line, so that many fields without any do not each look through all of the letter */
const finalRecipient = /^(?:final|original)-recipient:(?:\r?\n[ \t])?[^;\r\n]*;\s*<?([^\s<>]{3,320})>?/im;

interface Report {
  content: Buffer;
  provenance: Provenance;
}

/** Takes a report that another host brings. */
export async function takeReport(services: Services, by: Returned, report: Report): Promise<void> {
  await services.database.transaction(async (query) => {
    const { messages, once } = await lettersAbout(services, query, by, report);
    for (const message of messages) await enqueue(query, message);
    await enqueueOnce(query, once);
  });
  bellOf(services.database).ring();
}

/**
 * What is to be queued for a report about a letter that was passed on: whoever set the forward hears of it, once a day at most, and of each where
 * nothing was kept here, since nobody else has the letter; its sender does not, who wrote to us and not there. Whoever has seen the
 * reverse-path can write what he likes there, so it is a stranger's letter and no report of ours.
 */
export async function lettersAbout(
  { settings }: Pick<Services, 'settings'>,
  write: Query,
  by: Returned,
  { content, provenance }: Report,
): Promise<{ messages: NewQueueMessage[]; once: OnceMessage[] }> {
  const text = content.toString('utf8', 0, Math.min(content.length, 200_000)).replaceAll('\0', ' ');
  const target = by.kind === 'address' ? (finalRecipient.exec(text)?.[1]?.toLowerCase() ?? null) : null;
  const reason = /^diagnostic-code:\s*(.{1,400})/im.exec(text)?.[1] ?? 'came back';
  const status = /^status:[ \t]{0,9}(5\.\d{1,3}\.\d{1,3})/im.exec(text)?.[1] ?? '';
  const { backTo, customer = null } = by;
  const behind = { backTo: backTo === undefined || backTo === 'owner' ? null : backTo, customer };
  const owner = await noteForwardFailure(write, by, { reply: reason, status }, target, behind);
  if (!owner) return { messages: [], once: [] };
  const common = { customerId: customerId(owner.customerId), locale: owner.locale };
  const told = (message: NewQueueMessage | null) => (message ? [toldOnce(by, target, owner.pausedAt, message)] : []);
  // only we can say that it rests from now on
  const rests = owner.pausedAt === null ? [] : told(restNotice(settings.hostName, owner.address, { ...common, content }, target, reason));
  if (backTo === undefined && rests.length > 0) return { messages: [], once: rests };
  const letter = automaticMessage(owner.address, { ...common, content: notByItself(by, owner.address, content) });
  const message = letter && { ...letter, provenance };
  if (backTo === undefined) return { messages: [], once: told(message) };
  return { messages: message ? [message] : [], once: rests };
}

function restNotice(
  hostName: string,
  to: string,
  about: Pick<ReportedMessage, 'customerId' | 'locale' | 'content'>,
  target: string | null,
  reason: string,
): NewQueueMessage | null {
  const now = new Date();
  const recipient = {
    address: target ?? to,
    originalRecipient: null,
    action: 'failed' as const,
    status: '5.0.0',
    reply: reason,
    remote: null,
  };
  const message = { ...about, sender: to, arrivedAt: now, dsnReturn: null, dsnEnvelope: null };
  return failureReport(hostName, 'paused', message, [{ ...recipient, lastAttemptAt: now, retryUntil: null }], now);
}
