import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, expectTheSame, oddLetters, sendLetters, stored, withImap } from './two-mailboxes.ts';

/** Every message file of a Maildir tree with its path, sorted. */
async function mailFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /(?:cur|new)$/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

describe.skipIf(!isInstalled('mbsync'))('mbsync', () => {
  test('keeps a Maildir and the mailbox in step both ways; a further run changes nothing', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, receiver } = two;
    const letters = oddLetters(two);
    await sendLetters(two, letters);
    await withImap(two, receiver, async (client) => {
      await client.mailboxCreate('Größe & Co');
      await client.mailboxSubscribe('Größe & Co');
    });
    const mail = join(home.path, 'mail');
    await mkdir(mail);
    const rc = `IMAPAccount a
Host localhost
Port ${running.ports.imaps}
User ${receiver.address}
Pass ${receiver.password}
SSLType IMAPS
SystemCertificates no
CertificateFile ${running.ca}

IMAPStore r
Account a

MaildirStore l
Path ${mail}/
Inbox ${mail}/INBOX
SubFolders Verbatim

Channel c
Far :r:
Near :l:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
`;
    await writeFile(join(home.path, 'rc'), rc);
    const sync = async () => {
      const { status, output } = await runProgram('mbsync', ['-c', join(home.path, 'rc'), '-a'], { home: home.path });
      expect(status, output).toBe(0);
    };
    const inbox = join(mail, 'INBOX');
    await sync();
    expectTheSame(letters, await Promise.all((await mailFiles(inbox)).map((file) => readFile(file))));
    expect((await readdir(mail)).some((name) => name === 'Größe & Co' || name.includes('&APYA3w-'))).toBe(true);

    await withImap(two, receiver, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageFlagsAdd('1', ['\\Seen', '\\Flagged']);
      await client.messageDelete('2');
    });
    await sync();
    const pulled = await mailFiles(inbox);
    expect(pulled).toHaveLength(letters.length - 1);
    expect(pulled.filter((file) => /:2,F?S?$/.test(file) && file.endsWith('FS'))).toHaveLength(1);

    const unread = pulled.find((file) => !file.endsWith('FS')) ?? '';
    await rename(unread, join(inbox, 'cur', `${(unread.split('/').at(-1) ?? '').replace(/:2,.*$/, '')}:2,R`));
    for (const part of ['cur', 'new', 'tmp']) await mkdir(join(mail, 'Neu', part), { recursive: true });
    await writeFile(join(mail, 'Neu', 'cur', '1.a.b:2,S'), letters[1]?.toString('latin1').replaceAll('\r\n', '\n') ?? '', 'latin1');
    await sync();
    expectTheSame(letters.slice(1, 2), await stored(two, receiver, 'Neu'));
    await withImap(two, receiver, async (client) => {
      await client.mailboxOpen('INBOX');
      expect(await client.search({ answered: true })).toHaveLength(1);
    });

    const before = await mailFiles(mail);
    await sync();
    expect(await mailFiles(mail)).toEqual(before);
  });
});
