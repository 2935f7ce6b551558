import { createHash } from 'node:crypto';

/** Under which key a mailbox remembers something (rule_memory): what kind of thing, and what tells it from others of its kind. */
export const memoryKey = (kind: 'vacation' | 'duplicate' | 'notice' | 'released' | 'returned', ...parts: readonly string[]): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest();
