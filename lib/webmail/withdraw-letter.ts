import { MailError } from './mail-error.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { cancelHeld, readOutgoing } from './outgoing-letters.ts';
import { removeCopy } from './remove-copy.ts';
import { saveDraft } from './save-draft.ts';
import type { Letter } from './types.ts';

/**
 * Takes a letter back that has not left yet: its row leaves the queue, and it is a draft again, as it was. Null: it has left already, or was
 * taken back before. Throws MailError NotFound for a letter that was never given.
 */
export async function withdrawLetter(mailbox: MailboxIdentity, letterId: string): Promise<Letter | null> {
  const outgoing = await readOutgoing(mailbox, letterId);
  if (outgoing === null) throw new MailError('NotFound');
  const { state, queueMessage, letter } = outgoing;
  if (state !== 'held' || queueMessage === null || letter === null) return null;
  if (!(await cancelHeld(mailbox, queueMessage))) return null;
  // where its copy lies may have become known only now
  const copy = (await readOutgoing(mailbox, letterId).catch(() => null))?.copy ?? outgoing.copy;
  // It is back: the page has it, the ledger has it, and now Drafts has it.
  const kept = { ...letter, draft: null };
  const saved = await saveDraft(mailbox, kept).catch(() => null);
  if (copy) await removeCopy(mailbox, copy).catch(() => undefined);
  return { ...kept, draft: saved?.draft ?? null };
}
