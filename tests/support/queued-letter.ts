import { writtenHere } from '#lib/mime/judgement.ts';
import type { NewQueueMessage } from '#mail-server/store/queue/queue-store.ts';

/** A letter for the queue: of nobody, unless `more` says of whom. */
export const queuedLetter = (addresses: readonly string[], more: Partial<NewQueueMessage> = {}): NewQueueMessage => ({
  customerId: null,
  accountId: null,
  sender: '',
  locale: 'de',
  content: Buffer.from('Subject: x\r\n\r\ny\r\n'),
  smtputf8: false,
  dsnReturn: null,
  dsnEnvelope: null,
  acceptKey: null,
  provenance: writtenHere,
  recipients: addresses.map((address) => ({
    address,
    domain: address.slice(address.lastIndexOf('@') + 1),
    dsnNotify: null,
    dsnOriginal: null,
  })),
  ...more,
});
