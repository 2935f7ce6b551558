import PostalMime from 'postal-mime';
import { people } from './conversation-rows.ts';
import { escapeHtml } from './escape-html.ts';
import { inFolder, withImap } from './imap-pool.ts';
import { MailError } from './mail-error.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { displayParts } from './message-parts.ts';
import { isOwnAddress, type OwnAddresses } from './own-addresses.ts';
import { foldersOfOwn, readTexts } from './read-message.ts';
import type { Attachment, MessageReference, Person } from './types.ts';

/** A part that goes over into a new letter; part '' is the whole message. */
export type CopiedPart = Pick<Attachment, 'part' | 'name' | 'type'>;

/** A message as one answers, forwards or takes it up. */
export interface SourceMessage {
  from: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  replyTo: Person[];
  /** where it was delivered, as the header says: for letters that name the reader nowhere else */
  deliveredTo: Person[];
  own: boolean;
  fromIsOwn: boolean;
  subject: string;
  date: string;
  messageId: string;
  inReplyTo: string;
  references: string[];
  header: ReadonlyMap<string, string>;
  /** empty if there is HTML */
  text: string;
  /** as it was sent, not yet made safe; empty if there is none */
  html: string;
  cut: boolean;
  attachments: CopiedPart[];
  /** pictures that the HTML may refer to */
  inline: (CopiedPart & { contentId: string })[];
}

/** Throws MailError NotFound. */
export function readSource(mailbox: MailboxIdentity, reference: MessageReference, ownAddresses: OwnAddresses): Promise<SourceMessage> {
  return withImap(
    mailbox,
    async (imap) => {
      const ownFolders = await foldersOfOwn(imap);
      return inFolder(imap, reference.folder, async () => {
        const query = { uid: true, envelope: true, bodyStructure: true, headers: true, internalDate: true };
        const row = await imap.client.fetchOne(String(reference.uid), query, { uid: true });
        if (row === false || !row.bodyStructure) throw new MailError('NotFound');
        const head = await PostalMime.parse(row.headers ?? Buffer.alloc(0));
        const parts = displayParts(row.bodyStructure);
        const texts = await readTexts(imap.client, row, parts.body);
        const hasHtml = texts.some((text) => text.html);
        const from = people(row.envelope?.from);
        const fromIsOwn = from[0] !== undefined && isOwnAddress(ownAddresses, from[0].address);
        const header = new Map(head.headers.map(({ key, value }) => [key, value.trim()]));
        const inline = parts.inline.filter(({ type, name }) => type.startsWith('image/') || isPictureName(name));
        return {
          from,
          to: people(row.envelope?.to),
          cc: people(row.envelope?.cc),
          bcc: people(row.envelope?.bcc),
          replyTo: people(row.envelope?.replyTo),
          deliveredTo: ['delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) => {
            const address = header.get(name)?.replace(/^<|>$/g, '') ?? '';
            return address ? [{ name: '', address }] : [];
          }),
          own: ownFolders.has(reference.folder) || fromIsOwn,
          fromIsOwn,
          subject: row.envelope?.subject ?? '',
          date: new Date(row.envelope?.date ?? row.internalDate ?? 0).toISOString(),
          messageId: row.envelope?.messageId ?? '',
          inReplyTo: row.envelope?.inReplyTo ?? '',
          references: (head.references ?? '').split(/\s+/).filter((id) => /^<[^<>\s]+>$/.test(id)),
          header,
          text: hasHtml ? '' : texts.map((text) => text.content).join('\n\n'),
          html: hasHtml ? texts.map((text) => (text.html ? text.content : `<pre>${escapeHtml(text.content)}</pre>`)).join('<hr>') : '',
          cut: texts.some((text) => text.cut),
          attachments: parts.attachments.filter(({ part }) => !inline.some((picture) => picture.part === part)),
          inline,
        };
      });
    },
    { retry: true },
  );
}

/** A picture that its program called octet-stream. */
const isPictureName = (name: string): boolean => /\.(png|jpe?g|gif|webp|bmp|avif)$/i.test(name);
