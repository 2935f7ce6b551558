import { Readable } from 'node:stream';
import { makeZip } from 'client-zip';
import { openLetterFiles } from './download-part.ts';
import type { MailboxIdentity } from '../connection/mailbox-identity.ts';
import type { MessageReference } from '../reading/mail-message.ts';
import { zipNames } from './zip-names.ts';

/**
 * Parts of a message as one zip archive, one after the other, none of them held in memory. The first is fetched before anything is sent, so
 * that what is gone answers as an error and not as a broken file. Throws MailError NotFound.
 */
export async function zipParts(
  mailbox: MailboxIdentity,
  reference: MessageReference,
  parts: readonly string[],
): Promise<{ name: string; content: Readable }> {
  const [first = '', ...rest] = parts;
  const letter = await openLetterFiles(mailbox, reference);
  const opened = await letter.open(first).catch((error: unknown) => {
    letter.close();
    throw error;
  });
  const files = async function* () {
    const nameOf = zipNames();
    yield { name: nameOf(opened.name), input: opened.read() };
    for (const part of rest) {
      const next = await letter.open(part);
      yield { name: nameOf(next.name), input: next.read() };
    }
  };
  const zip = Readable.fromWeb(makeZip(files()) as Parameters<typeof Readable.fromWeb>[0]);
  // ended or given up, before the first file was read too
  zip.once('close', () => letter.close());
  return { name: `${letter.name}.zip`, content: zip };
}
