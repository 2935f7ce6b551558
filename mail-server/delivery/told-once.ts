import { noticeKey, type Forwarder } from '../../lib/targets/memory-key.ts';
import type { NewQueueMessage } from '../store/queue/queue-store.ts';
import type { OnceMessage } from './groups/hold-for-moderators.ts';

/** Of a forward that rests no letter comes back any more after so long (srs.ts). */
const pauseIsRememberedS = 40 * 86_400;

/**
 * A notice to whoever set a forward: one a day, and one when it is paused. That it was told is written with the letter that tells it, or not at all.
 */
export function toldOnce(by: Forwarder, target: string | null, pausedAt: string | null, message: NewQueueMessage): OnceMessage {
  return pausedAt === null
    ? { key: noticeKey(by, target), seconds: 86_400, message }
    : { key: noticeKey(by, target, pausedAt), seconds: pauseIsRememberedS, message };
}

/** What a mailbox is told of its own forward or rules must not go the way of what it is about. */
export const notByItself = (by: Forwarder, owner: string, content: Buffer): Buffer =>
  by.kind === 'address' ? content : Buffer.concat([Buffer.from(`Delivered-To: ${owner}\r\n`), content]);
