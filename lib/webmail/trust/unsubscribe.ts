import { randomUUID } from 'node:crypto';
import { byButton } from '../../targets/by-button.ts';
import { fetchLetter } from '../reading/fetch-letter.ts';
import { addressesOf, identityFor, readIdentities } from '../writing/identities.ts';
import { inFolder, withImap } from '../connection/imap-pool.ts';
import { MailError } from '../connection/mail-error.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import { postOneClick } from '../remote/post-one-click.ts';
import { emptyLetter } from '../writing/empty-letter.ts';
import { unsubscribeWays } from './read-unsubscribe.ts';
import { sendLetter } from '../sending/send-letter.ts';
import type { MessageReference } from '../reading/mail-message.ts';

/**
 * Takes the reader off the list that a letter came over: by one request of our server, or by a letter to the list. What is asked stands in
 * the letter, and is read from it again: no page can name another address. Throws MailError NotFound, InvalidRequest, Refused, ListRefused, ListSilent.
 */
export async function unsubscribe(mailbox: MailboxIdentity, reference: MessageReference): Promise<void> {
  const letter = await withImap(mailbox, (imap) => inFolder(imap, reference.folder, () => fetchLetter(imap.client, reference.uid)), {
    retry: true,
  });
  const ways = unsubscribeWays(letter.fields, letter.provenance);
  if (ways.oneClick) {
    const status = await postOneClick(ways.oneClick);
    if (status === null) throw new MailError('ListSilent', new URL(ways.oneClick).hostname);
    // a redirect is no answer either (RFC 8058 section 3.1)
    if (status < 200 || status > 299) throw new MailError('ListRefused', String(status));
    return;
  }
  if (!ways.letter) throw new MailError('InvalidRequest', 'list-unsubscribe');
  const identities = await readIdentities(mailbox);
  const identity = identityFor(identities, [...letter.envelope.to, ...letter.envelope.cc]);
  const known = identity && addressesOf(identities).size > 0 ? { name: identity.name, address: identity.address } : null;
  const { to, subject, body } = ways.letter;
  const sent = await sendLetter(
    mailbox,
    { ...emptyLetter(), id: randomUUID(), from: known, to: [{ name: '', address: to }], subject, html: '', text: body, fields: [byButton] },
    { at: new Date() },
  );
  if (sent.refused.length > 0) throw new MailError('Refused', sent.refused[0]?.reason ?? '');
}
