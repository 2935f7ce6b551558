import MailComposer from 'nodemailer/lib/mail-composer';
import type { EmailAddress } from '../../addresses/email-address.ts';
import { accountId } from '../../db/ids.ts';
import { database } from '../../db/prisma.ts';
import type { AddedForward } from '../../provisioning/rules/add-mailbox-forward.ts';
import { MailError } from '../connection/mail-error.ts';
import { mailHost } from '../connection/mail-host.ts';
import { submitLetter } from './submit-letter.ts';

/**
 * Asks the receiver of a forward whether they want it: a letter with the code, from the mailbox's own address and through its own
 * submission, so that it is signed, counted and limited as everything this mailbox sends. Throws MailError.
 */
export async function sendForwardCode(mailboxId: number, { target, code }: Pick<AddedForward, 'target' | 'code'>): Promise<void> {
  const row = await database().mailbox.findUniqueOrThrow({ where: { id: mailboxId } });
  const bytes = await new MailComposer({
    from: row.address,
    to: target,
    subject: `${code}: Weiterleitung bestätigen - Confirm forwarding`,
    text: letterText(row.address, target, code ?? ''),
    headers: { 'Auto-Submitted': 'auto-generated' },
    messageId: `<forward-${row.id}-${Date.now()}@${mailHost().name}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: '\r\n',
  })
    .compile()
    .build();
  const { address, name, locale, credentialVersion } = row;
  // the house writes for the mailbox: an administrator who sets a forward has no sign-in of hers
  const identity = { mailboxId: accountId(mailboxId), address: address as EmailAddress, name, locale, credentialVersion, sessionId: null };
  const { refused } = await submitLetter(identity, { from: address, to: [target], bytes, holdUntil: null });
  if (refused[0]) throw new MailError('Refused', refused[0].reason);
}

/** Nobody knows which language is read there. The text is ours alone: a stranger cannot have us carry theirs. */
const letterText = (from: string, target: string, code: string): string => `Guten Tag,

die Nachrichten an ${from} sollen an Ihre Adresse ${target} weitergeleitet werden. Wenn Sie das möchten, geben Sie diesen Code an die Person weiter, die darum gebeten hat, oder tragen Sie ihn selbst ein:

    ${code}

Der Code gilt drei Tage. Wenn Sie von keiner Weiterleitung wissen, tun Sie nichts: Dann wird auch nichts weitergeleitet.

--------------------------------------------------

Hello,

messages to ${from} are to be forwarded to your address ${target}. If you want that, give the code above to the person who asked for it, or enter it yourself. It is valid for three days. If you know of no forward, do nothing, and nothing will be forwarded.
`;
