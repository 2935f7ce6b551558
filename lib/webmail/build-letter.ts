import { convert } from 'html-to-text';
import MailComposer from 'nodemailer/lib/mail-composer';
import { parseEmailAddress } from '../addresses/email-address.ts';
import { MailError } from './mail-error.ts';
import { mailHost } from './mail-host.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import type { Letter, Person } from './types.ts';
import { openUploads, readUpload } from './upload-store.ts';

export interface BuiltLetter {
  bytes: Buffer;
  messageId: string;
}

/** The Message-ID of a letter follows from its id: whoever sends it twice sends the same message. */
export const messageIdOf = (letter: { id: string }): string => `<${letter.id}@${mailHost().name}>`;

/**
 * The bytes of a letter (RFC 5322, MIME). A draft keeps Bcc, lets unfinished addresses stand and remembers which message it answers.
 * Throws MailError UploadGone, TooLarge.
 */
export async function buildLetter(mailbox: MailboxIdentity, letter: Letter, use: 'send' | 'draft'): Promise<BuiltLetter> {
  const uploads = await openUploads(mailbox, letter.uploads);
  const messageId = messageIdOf(letter);
  const recipients = (people: readonly Person[]) =>
    people.filter((person) => use === 'send' || parseEmailAddress(person.address) !== null).map(({ name, address }) => ({ name, address }));
  const composer = new MailComposer({
    from: { name: mailbox.name, address: mailbox.address },
    to: recipients(letter.to),
    cc: recipients(letter.cc),
    bcc: recipients(letter.bcc),
    subject: letter.subject,
    messageId,
    date: new Date(),
    inReplyTo: letter.inReplyTo || undefined,
    references: letter.references.length > 0 ? letter.references : undefined,
    headers: use === 'draft' ? draftHeaders(letter) : [],
    text: letter.html ? plainTextOf(letter.html) : letter.text,
    html: letter.html ? `<!doctype html><html><head><meta charset="utf-8"></head><body>${letter.html}</body></html>` : undefined,
    attachments: uploads.map((upload) => ({ filename: upload.name, contentType: upload.type, content: readUpload(upload) })),
    disableUrlAccess: true,
    newline: 'windows',
  });
  const message = composer.compile();
  message.keepBcc = use === 'draft';
  const built = await message.build();
  // SMTP ends a message with CRLF; so that what is sent and what is kept are the same, the letter has it already.
  const bytes = built.subarray(-2).toString('latin1') === '\r\n' ? built : Buffer.concat([built, Buffer.from('\r\n')]);
  if (bytes.length > mailHost().messageBytes) throw new MailError('TooLarge');
  return { bytes, messageId };
}

/** What a draft must remember to be taken up again elsewhere. Never sent. */
const draftHeaders = (letter: Letter) => [
  { key: 'X-Postamt-Letter', value: letter.id },
  { key: 'X-Postamt-Kind', value: letter.kind },
  ...(letter.source ? [{ key: 'X-Postamt-Source', value: Buffer.from(JSON.stringify(letter.source)).toString('base64url') }] : []),
];

export const plainTextOf = (html: string): string =>
  convert(html, {
    wordwrap: 78,
    limits: { maxInputLength: 2_000_000 },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: ['<', '>'] } },
      { selector: 'img', format: 'skip' },
      { selector: 'blockquote', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });

/** Everybody the letter goes to, once. Throws MailError NoRecipient, InvalidRecipient. */
export function envelopeRecipients(letter: Letter): string[] {
  const everybody = [...letter.to, ...letter.cc, ...letter.bcc];
  if (everybody.length === 0) throw new MailError('NoRecipient');
  const addresses = everybody.map(({ address }) => {
    const parsed = parseEmailAddress(address);
    if (!parsed) throw new MailError('InvalidRecipient', address);
    return parsed;
  });
  return [...new Set(addresses)];
}
