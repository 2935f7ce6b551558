import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, expectTheSame, oddLetters, sendLetters, stored, waitForMessages, withImap } from './two-mailboxes.ts';

describe.skipIf(!isInstalled('offlineimap'))('offlineimap', () => {
  test('takes over a mailbox, then carries a new folder, a new letter and a deletion back', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, receiver } = two;
    const letters = oddLetters(two);
    await sendLetters(two, letters);
    await withImap(two, receiver, (client) => client.mailboxCreate('Größe/2026'));
    const mail = join(home.path, 'mail');
    const rc = join(home.path, 'rc');
    await writeFile(
      rc,
      `[general]
accounts = a
metadata = ${home.path}/state
[Account a]
localrepository = l
remoterepository = r
[Repository l]
type = Maildir
localfolders = ${mail}
[Repository r]
type = IMAP
remotehost = localhost
remoteport = ${running.ports.imaps}
ssl = yes
sslcacertfile = ${running.ca}
remoteuser = ${receiver.address}
remotepass = ${receiver.password}
`,
    );
    const sync = async () => {
      const { status, output } = await runProgram('offlineimap', ['-c', rc, '-o', '-u', 'basic', '-1'], { home: home.path });
      expect(status, output).toBe(0);
    };
    const inbox = async (): Promise<string[]> => {
      const found = await Promise.all(
        ['cur', 'new'].map(async (part) => (await readdir(join(mail, 'INBOX', part))).map((name) => join(mail, 'INBOX', part, name))),
      );
      return found.flat();
    };
    await sync();
    const files = await inbox();
    const contents = await Promise.all(files.map((file) => readFile(file)));
    expectTheSame(letters, contents);
    expect(await readdir(mail)).toContain('Gr&APYA3w-e.2026');

    const gone = files.find((_, index) => contents[index]?.includes('Brief 1\n')) ?? '';
    await rm(gone);
    // both: it makes the parent on the server by itself and then stumbles over having none here
    for (const folder of ['Neu', 'Neu.Unter'])
      for (const part of ['cur', 'new', 'tmp']) await mkdir(join(mail, folder, part), { recursive: true });
    await writeFile(join(mail, 'Neu.Unter', 'cur', '1.a.b:2,S'), letters[2]?.toString('latin1').replaceAll('\r\n', '\n') ?? '', 'latin1');
    await sync();
    await waitForMessages(two, receiver, letters.length - 1);
    expectTheSame(letters.slice(2, 3), await stored(two, receiver, 'Neu/Unter'));
    await sync();
    expect(await inbox()).toHaveLength(letters.length - 1);
  });
});
