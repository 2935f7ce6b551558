import { createHash } from 'node:crypto';
import { parseEnvelopePath } from '../../lib/addresses/envelope-path.ts';
import { customerId } from '../../lib/db/ids.ts';
import { unknownProvenance, type Provenance } from '../../lib/mime/judgement.ts';
import { MessageHeader } from '../../lib/mime/read-header.ts';
import type { OnceMessage } from '../delivery/groups/hold-for-moderators.ts';
import { memoryKey } from '../../lib/targets/memory-key.ts';
import { notByItself, toldOnce } from '../delivery/told-once.ts';
import { readBackTo, readPassedOnBy, wasKept } from '../delivery/srs.ts';
import type { Services } from '../services.ts';
import { noteForwardFailure, noteForwardSuccess } from '../store/queue/forward-failures.ts';
import { readQueued, type QueuedRecipient } from '../store/queue/queue-store.ts';
import type { Outcome } from './outcome.ts';
import type { ReportedRecipient } from './report/delivery-report.ts';
import { failureReport } from './report/failure-report.ts';
import { waitForDatabase } from './wait-for-database.ts';

/**
 * What is due when a letter that was passed on could not be delivered: its sender wrote to us and hears nothing; whoever set the forward
 * does, once a day at most; and where nothing was kept here, the letter comes back into the mailbox, so that it is never lost; of an address
 * that is no mailbox, to whoever answers for it.
 */
export async function settleForward(
  services: Services,
  message: QueuedRecipient,
  results: readonly { recipient: QueuedRecipient; outcome: Outcome }[],
  reported: (result: { recipient: QueuedRecipient; outcome: Outcome }) => ReportedRecipient,
  content: Buffer,
  now: Date,
): Promise<OnceMessage[]> {
  const due: OnceMessage[] = [];
  const by = readPassedOnBy(message.passedOnBy);
  if (!by) return due;
  const failures = results.filter(({ outcome }) => outcome.kind === 'failed');
  const reached = results.flatMap(({ recipient, outcome }) => (outcome.kind === 'delivered' ? [recipient.address] : []));
  if (reached.length > 0) await noteForwardSuccess(services.database, by, reached);
  const comesBack = failures.length > 0 && !wasKept(message.passedOnBy);
  const provenance = comesBack ? await provenanceOf(services, message) : unknownProvenance;
  // what passed it on may be taken away while it waits: it is its mailbox's, or its customer's, all the same
  const behind = { backTo: readBackTo(message.passedOnBy), customer: message.customerId };
  for (const failure of failures) {
    const { recipient, outcome } = failure;
    const { write } = services.database;
    const owner = await waitForDatabase(services, () => noteForwardFailure(write, by, outcome.result, recipient.address, behind));
    if (!owner) continue;
    const path = parseEnvelopePath(owner.address);
    if (!path) continue;
    const { requireTls } = message;
    const common = {
      customerId: customerId(owner.customerId),
      accountId: null,
      locale: owner.locale,
      acceptKey: null,
      reports: false,
      requireTls,
    };
    if (comesBack) {
      const back = {
        ...common,
        sender: '',
        content,
        provenance,
        smtputf8: message.smtputf8,
        dsnReturn: null,
        dsnEnvelope: null,
        recipients: [{ address: path.text, domain: path.domain, dsnNotify: 'NEVER', dsnOriginal: null }],
      };
      // once, though several places that it went to refuse it, at whatever times within those that they are tried
      const seconds = (services.settings.queueDays + 1) * 86_400;
      due.push({ key: memoryKey('returned', path.text, ...letterOf(content)), seconds, message: back });
    }
    const about = { ...message, ...common, sender: owner.address, content, arrivedAt: message.createdAt };
    const kind = owner.pausedAt === null ? 'not-forwarded' : 'paused';
    const notice = failureReport(services.settings.hostName, kind, about, [reported(failure)], now);
    if (!notice) continue;
    const told = { ...notice, content: notByItself(by, owner.address, notice.content), requireTls };
    due.push(toldOnce(by, recipient.address, owner.pausedAt, told));
  }
  return due;
}

/**
 * What tells a letter that was passed on from others, whichever way it took: who passed it on, one after the other, and all that was not
 * written on top by that.
 */
function letterOf(content: Buffer): string[] {
  const header = new MessageHeader(content);
  const passers = header.named('delivered-to').map((field) => header.value(field).trim());
  const own = content.subarray(header.fields.find(({ key }) => key === 'received')?.start ?? 0);
  return [...passers, createHash('sha256').update(own).digest('hex')];
}

/**
 * It is a stranger's still, and no report of ours: the filter, the quarantine and its reader are told what the door found out. Whether its mailbox
 * had it by a group before is no question, for it kept nothing.
 */
async function provenanceOf(services: Services, { messageId }: QueuedRecipient): Promise<Provenance> {
  const queued = await waitForDatabase(services, () => readQueued(services.database, messageId));
  const { heldAs: _, ...provenance } = queued ? queued.provenance : unknownProvenance;
  return provenance;
}
