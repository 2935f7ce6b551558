import { parseEnvelopePath } from '../../../lib/addresses/envelope-path.ts';
import type { CustomerId } from '../../../lib/db/ids.ts';
import { writtenHere } from '../../../lib/mime/judgement.ts';
import type { NewQueueMessage } from './queue-store.ts';

/** A letter that the house writes by itself, to one recipient. Nobody is told if it fails. Null: `to` is no address. */
export function automaticMessage(
  to: string,
  { customerId, locale, content }: { customerId: CustomerId | null; locale: string; content: Buffer },
): NewQueueMessage | null {
  const path = parseEnvelopePath(to);
  return (
    path && {
      customerId,
      accountId: null,
      sender: '',
      locale,
      content,
      smtputf8: /[^\x20-\x7e]/.test(path.text),
      dsnReturn: null,
      dsnEnvelope: null,
      acceptKey: null,
      provenance: writtenHere,
      reports: false,
      recipients: [{ address: path.text, domain: path.domain, dsnNotify: 'NEVER', dsnOriginal: null }],
    }
  );
}
