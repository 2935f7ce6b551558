import { customerId } from '../../lib/db/ids.ts';
import { bellOf } from '../queue/queue-bell.ts';
import type { Services } from '../services.ts';
import { noteForwardFailure } from '../store/forward-failures.ts';
import { automaticMessage } from '../store/automatic-message.ts';
import { enqueue } from '../store/queue-store.ts';
import { memoryKey } from './rules/memory-key.ts';
import type { PassedOnBy } from './srs.ts';

const finalRecipient = /^(?:final|original)-recipient:\s*[^;]*;\s*<?([^\s<>]{3,320})>?/gim;

/**
 * Takes a report about a letter that was passed on: whoever set the forward hears of it, once a day at most; its sender does not, who wrote
 * to us and not there.
 */
export async function takeReport(services: Services, by: PassedOnBy, report: Buffer): Promise<void> {
  const text = report.toString('latin1', 0, Math.min(report.length, 200_000));
  const target =
    by.kind === 'address' ? ([...text.matchAll(finalRecipient)].map(([, address = '']) => address.toLowerCase())[0] ?? null) : null;
  const reason = /^diagnostic-code:\s*(.{1,400})/im.exec(text)?.[1] ?? 'came back';
  const owner = await noteForwardFailure(services.database, by, reason, target, memoryKey('notice', 'forward', String(by.id)));
  if (!owner?.isDue) return;
  // the report itself, to whoever set the forward
  const message = automaticMessage(owner.address, { customerId: customerId(owner.customerId), locale: owner.locale, content: report });
  if (!message) return;
  await enqueue(services.database.write, message);
  bellOf(services.database).ring();
}
