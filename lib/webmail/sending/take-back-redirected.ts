import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { setFlag } from '../reading/set-flags.ts';
import { cancelHeld } from './outgoing-letters.ts';

interface Redirected {
  /** its id in the queue */
  held: bigint;
  /** the letter says since then, and only since then, that it was forwarded */
  marked: boolean;
}

/** Takes back what was passed on, as long as it has not left. False: it has. */
export async function takeBackRedirected(
  mailbox: MailboxIdentity,
  { folder, uid }: MessageReference,
  { held, marked }: Redirected,
): Promise<boolean> {
  const back = await cancelHeld(mailbox, held);
  // it is back whether that can be said of the letter or not
  if (back && marked) await setFlag(mailbox, { folder, uids: [uid], flag: 'forwarded', on: false }).catch(() => undefined);
  return back;
}
