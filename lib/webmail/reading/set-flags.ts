import { inFolder, withImap } from '../connection/imap-pool.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { uidSet } from '../connection/uid-set.ts';

export type MailFlag = 'seen' | 'flagged' | 'answered' | 'forwarded';

const names: Record<MailFlag, string> = { seen: '\\Seen', flagged: '\\Flagged', answered: '\\Answered', forwarded: '$Forwarded' };

/** Nobody reads what the flags are then: of ten thousand messages it would be ten thousand answers to parse. */
const quiet = { uid: true, silent: true };

/** Sets or takes away one flag, or one label. Messages that are gone meanwhile are passed over. Throws MailError NotFound for the folder. */
export function setFlag(
  mailbox: MailboxIdentity,
  change: { folder: string; uids: readonly number[]; flag: MailFlag | { label: string }; on: boolean },
): Promise<void> {
  const flags = [typeof change.flag === 'string' ? names[change.flag] : change.flag.label];
  return withImap(
    mailbox,
    (imap) =>
      inFolder(imap, change.folder, async () => {
        const uids = uidSet(change.uids);
        if (change.on) await imap.client.messageFlagsAdd(uids, flags, quiet);
        else await imap.client.messageFlagsRemove(uids, flags, quiet);
      }),
    // Setting a flag twice is setting it once.
    { retry: true },
  );
}
