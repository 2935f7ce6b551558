import { customerId } from '../../lib/db/ids.ts';
import type { Provenance } from '../../lib/mime/judgement.ts';
import { bellOf } from '../queue/queue-bell.ts';
import { failureReport, type ReportedMessage } from '../queue/report/failure-report.ts';
import type { Services } from '../services.ts';
import { noteForwardFailure } from '../store/queue/forward-failures.ts';
import { automaticMessage } from '../store/queue/automatic-message.ts';
import { enqueue, type NewQueueMessage } from '../store/queue/queue-store.ts';
import { memoryKey } from './rules/memory-key.ts';
import type { PassedOnBy } from './srs.ts';

/** what stands before the semicolon is of one line, so that many fields without any do not each look through all of the letter */
const finalRecipient = /^(?:final|original)-recipient:(?:\r?\n[ \t])?[^;\r\n]*;\s*<?([^\s<>]{3,320})>?/im;

/**
 * Takes a report about a letter that was passed on: whoever set the forward hears of it, once a day at most; its sender does not, who wrote
 * to us and not there. Whoever has seen the reverse-path can write what he likes there, so it is a stranger's letter and no report of ours.
 */
export async function takeReport(services: Services, by: PassedOnBy, report: Buffer, provenance: Provenance): Promise<void> {
  const text = report.toString('latin1', 0, Math.min(report.length, 200_000));
  const target = by.kind === 'address' ? (finalRecipient.exec(text)?.[1]?.toLowerCase() ?? null) : null;
  const reason = /^diagnostic-code:\s*(.{1,400})/im.exec(text)?.[1] ?? 'came back';
  const owner = await noteForwardFailure(services.database, by, reason, target, memoryKey('notice', 'forward', String(by.id)));
  if (!owner?.isDue) return;
  const common = { customerId: customerId(owner.customerId), locale: owner.locale, content: report };
  // the report itself, to whoever set the forward; that it rests from now on, only we can say
  const message = owner.pausedNow
    ? restNotice(services.settings.hostName, owner.address, common, target, reason)
    : automaticMessage(owner.address, common);
  if (!message) return;
  await enqueue(services.database.write, owner.pausedNow ? message : { ...message, provenance });
  bellOf(services.database).ring();
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
