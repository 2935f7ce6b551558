import { setTimeout as sleep } from 'node:timers/promises';
import type { Provenance, SpamVerdict } from '../../lib/mime/judgement.ts';
import type { Services } from '../services.ts';
import { StoreError, type StoreErrorCode } from '../store/store-error.ts';
import { deliverToMailbox, type Instead } from './deliver-to-mailbox.ts';
import type { Letter, MailboxRecipient } from './letter.ts';
import { DeliveryKeyring, sha256 } from './idempotency.ts';
import { readForMailboxes } from './read-for-mailboxes.ts';
import type { QuarantineReason } from './quarantine.ts';

export type DeliveryOutcome =
  | { ok: true; spam: SpamVerdict | null; withheld: QuarantineReason | null; instead: Instead | null; settle: (answered: boolean) => void }
  | { ok: false; code: StoreErrorCode | 'Refused'; error: unknown };

const keyring = new DeliveryKeyring();
const retryMs = 750;
const retries = 2;

export interface Delivered {
  /** reverse-path */
  sender: string;
  /** the message as it came, which a retry repeats byte for byte */
  received: Buffer;
  /** as it is stored */
  raw: Buffer;
  provenance: Provenance;
  suspicious: boolean;
  /** RFC 8689 */
  requireTls: boolean;
  /** the sender hears of each recipient alone (LMTP, or there is only one): rules may refuse */
  mayRefuse: boolean;
}

/**
 * Delivers one message to several mailboxes at the same time; outcomes in the order of the recipients. What is `ok` is committed. Call
 * its `settle` with true once the sender has been told so, with false if he could not be told.
 */
export async function deliverToMailboxes(
  services: Services,
  recipients: readonly MailboxRecipient[],
  { sender, received, raw, provenance, suspicious, requireTls, mayRefuse }: Delivered,
): Promise<DeliveryOutcome[]> {
  if (recipients.length === 0) return [];
  // what comes by LMTP was judged by the host that passes it on
  const isFiltered = provenance.origin !== 'lmtp';
  const accounts = recipients.map(({ account }) => account);
  const { index, features } = await readForMailboxes({ raw, party: sender, accounts, isFiltered, original: null });
  const message = { raw, index, flags: 0n, receivedMs: null, provenance };
  const hash = await sha256(received);
  const letter = { message, sender, suspicious, requireTls, features };
  return Promise.all(recipients.map((recipient) => deliverOnce(services, recipient, letter, hash, mayRefuse)));
}

async function deliverOnce(
  services: Services,
  recipient: MailboxRecipient,
  letter: Letter,
  hash: Buffer,
  mayRefuse: boolean,
): Promise<DeliveryOutcome> {
  const { account } = recipient;
  const { key, settle } = keyring.take(account, letter.sender, hash);
  try {
    let outcome = await deliverToMailbox(services, recipient, letter, { key, sharedKey: null }, mayRefuse);
    // Stored already: either our 250 was lost, or another process acknowledged identical mail this moment and its key is about to go.
    for (let attempt = 0; outcome.kind === 'known' && attempt < retries; attempt++) {
      await sleep(retryMs);
      outcome = await deliverToMailbox(services, recipient, letter, { key, sharedKey: null }, mayRefuse);
    }
    if (outcome.kind === 'refused') {
      settle(false);
      return { ok: false, code: 'Refused', error: outcome.reason };
    }
    return {
      ok: true,
      spam: outcome.kind === 'stored' ? outcome.spam : null,
      withheld: (outcome.kind === 'stored' ? outcome.withheld : null) ?? null,
      instead: outcome.instead ?? null,
      settle: (answered) => {
        if (settle(answered)) services.store.acknowledge(account, key);
      },
    };
  } catch (error) {
    settle(false);
    return { ok: false, code: error instanceof StoreError ? error.code : 'Unavailable', error };
  }
}
