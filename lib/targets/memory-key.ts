import { createHash } from 'node:crypto';

/** Under which key a mailbox remembers something (rule_memory): what kind of thing, and what tells it from others of its kind. */
export const memoryKey = (kind: 'vacation' | 'duplicate' | 'notice' | 'released' | 'returned', ...parts: readonly string[]): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest();

/** Who passes letters on: a forward of a mailbox, an address that leads elsewhere, or the rules of a mailbox; with the id of its row. */
export interface Forwarder {
  kind: 'forward' | 'address' | 'rules';
  id: number;
}

/** That whoever set a forward was told of a failure, as nobody's mailbox remembers it; `target`: of an address, where it is known. */
export const noticeKey = ({ kind, id }: Forwarder, target: string | null, ...more: readonly string[]): Buffer =>
  memoryKey('notice', kind, String(id), kind === 'address' ? (target ?? '') : '', ...more);
