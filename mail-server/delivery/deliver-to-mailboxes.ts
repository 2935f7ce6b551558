import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Provenance } from '../../lib/mime/judgement.ts';
import type { Services } from '../services.ts';
import { StoreError, type StoreErrorCode } from '../store/store-error.ts';
import type { Appended, MailStore, NewMessage } from '../store/types.ts';
import { DeliveryKeyring, sha256 } from './idempotency.ts';
import { indexIncoming } from './letter-work.ts';

export type DeliveryOutcome =
  | { ok: true; appended: Appended | null; settle: (answered: boolean) => void }
  | { ok: false; code: StoreErrorCode; error: unknown };

const keyring = new DeliveryKeyring();
const retryMs = 750;
const retries = 2;

/**
 * Stores one message in several mailboxes at the same time; outcomes in the order of the accounts. What is `ok` is committed. Call
 * its `settle` with true once the sender has been told so, with false if he could not be told.
 *
 * @param raw the message as it is stored
 * @param received the message as it came, which a retry repeats byte for byte
 * @param provenance what is stored with it
 * @param into INBOX, or the folder for what is suspicious; where a mailbox has none of that use, INBOX
 */
export async function deliverToMailboxes(
  services: Services,
  accounts: readonly AccountId[],
  sender: string,
  received: Buffer,
  raw: Buffer,
  provenance: Provenance,
  into: 'INBOX' | '\\Junk' = 'INBOX',
): Promise<DeliveryOutcome[]> {
  const message: NewMessage = { raw, index: await indexIncoming(raw, sender), flags: 0n, receivedMs: null, provenance };
  const hash = await sha256(received);
  return Promise.all(accounts.map((account) => deliverOnce(services, account, sender, hash, message, into)));
}

async function deliverOnce(
  services: Services,
  account: AccountId,
  sender: string,
  hash: Buffer,
  message: NewMessage,
  into: 'INBOX' | '\\Junk',
): Promise<DeliveryOutcome> {
  const { key, settle } = keyring.take(account, sender, hash);
  const { store } = services;
  try {
    const folderId = into === 'INBOX' ? undefined : await folderOfUse(store, account, into);
    let appended = await store.deliver(account, message, key, folderId);
    // Stored already: either our 250 was lost, or another process acknowledged identical mail this moment and its key is about to go.
    for (let attempt = 0; appended === null && attempt < retries; attempt++) {
      await sleep(retryMs);
      appended = await store.deliver(account, message, key, folderId);
    }
    return {
      ok: true,
      appended,
      settle: (answered) => {
        if (settle(answered)) store.acknowledge(account, key);
      },
    };
  } catch (error) {
    settle(false);
    return { ok: false, code: error instanceof StoreError ? error.code : 'Unavailable', error };
  }
}

export async function folderOfUse(store: MailStore, account: AccountId, use: string): Promise<number | undefined> {
  return (await store.folders(account)).find((folder) => folder.specialUse === use)?.folderId;
}
