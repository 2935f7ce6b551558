import type { MailboxScope } from '../../auth/customer-scope.ts';
import type { Database } from '../../db/prisma.ts';
import { setSenderRule } from '../../provisioning/rules/set-sender-rule.ts';
import { provenanceIn, judgement, uidFetch } from '../reading/fetch-rows.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import { specialFolder } from '../folders/list-folders.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { SpecialUse } from '../reading/conversation-list.ts';
import { uidSet } from '../connection/uid-set.ts';

/** of one move; who takes fifty letters out of Junk at once has not looked at each author */
const mostAuthors = 20;

/**
 * "Not spam" says that somebody wants to hear these authors: they are allowed from now on, but those who are not who they pretend to be. "Spam"
 * takes that back. Undoing either, which is a move to a folder by name, says nothing of authors.
 */
export async function allowAuthors(
  database: Database,
  scope: MailboxScope,
  mailbox: MailboxIdentity,
  { folder, uids, to }: { folder: string; uids: readonly number[]; to: string | { use: SpecialUse } },
): Promise<void> {
  if (typeof to === 'string' || (to.use !== 'inbox' && to.use !== 'junk')) return;
  const wanted = to.use === 'inbox';
  const authors = await withImap(
    mailbox,
    async (imap): Promise<string[]> => {
      if (wanted && folder !== (await specialFolder(imap, 'junk'))) return [];
      return inFolder(imap, folder, async () => {
        const found = new Set<string>();
        await uidFetch(imap.client, uidSet(uids), ['UID', judgement], [], (response) => {
          const { author, judgement: checks } = provenanceIn(response);
          const isBelieved = checks?.verdict !== 'failed' && checks?.verdict !== 'undecided';
          if (author !== null && isBelieved) found.add(author.toLowerCase());
        });
        return found.size > mostAuthors ? [] : [...found];
      });
    },
    { retry: true },
  );
  if (authors.length === 0) return;
  const rules = await database.senderRule.findMany({ where: { mailboxId: mailbox.mailboxId, sender: { in: authors } } });
  const verdicts = new Map(rules.map(({ sender, verdict }) => [sender, verdict]));
  for (const author of authors) {
    const verdict = verdicts.get(author);
    if (wanted && verdict !== 'allowed') await setSenderRule(database, scope, mailbox.mailboxId, author, 'allowed');
    if (!wanted && verdict === 'allowed') await setSenderRule(database, scope, mailbox.mailboxId, author, null);
  }
}
