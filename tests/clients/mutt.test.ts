import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, expectTheSame, oddLetters, sendLetters, stored, waitForMessages, withImap } from './two-mailboxes.ts';

describe.skipIf(!isInstalled('mutt') || !isInstalled('tmux'))('mutt', () => {
  test('sends an attachment, shows the inbox, copies all of it, flags one letter and deletes another', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, sender, receiver } = two;
    const letters = oddLetters(two);
    await sendLetters(two, letters);
    const imap = `imaps://localhost:${running.ports.imaps}/`;
    const rc = join(home.path, 'rc');
    await writeFile(
      rc,
      `set imap_user="${receiver.address}" imap_pass="${receiver.password}" folder="${imap}" spoolfile="${imap}INBOX"
set ssl_force_tls=yes ssl_starttls=yes ssl_verify_host=yes ssl_ca_certificates_file="${running.ca}" certificate_file="${home.path}/accepted"
set smtp_url="smtp://${sender.address.replace('@', '%40')}@localhost:${running.ports.submission}/" smtp_pass="${sender.password}"
set from="${sender.address}" use_from=yes use_envelope_from=yes mbox_type=Maildir copy=no confirmappend=no confirmcreate=no delete=yes quit=yes
set record="" move=no wait_key=no imap_check_subscribed=no mail_check=2 timeout=2 header_cache="" net_inc=0 sort=date
`,
    );
    await writeFile(join(home.path, 'anhang.bin'), Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7) & 255)));
    const sent = await runProgram(
      'mutt',
      ['-n', '-F', rc, '-s', 'mutt ünïcode', '-a', join(home.path, 'anhang.bin'), '--', receiver.address],
      {
        home: home.path,
        input: 'Zeile mit Grüßen\n.\n',
      },
    );
    expect(sent.status, sent.output).toBe(0);
    await waitForMessages(two, receiver, letters.length + 1);
    expect((await stored(two, receiver)).some((letter) => letter.includes('anhang.bin'))).toBe(true);

    const copy = join(home.path, 'kopie');
    for (const part of ['cur', 'new', 'tmp']) await mkdir(join(copy, part), { recursive: true });
    const subject = /Subject: \[(\w+)-0\]/.exec(letters[0]?.toString('latin1') ?? '')?.[1];
    const macros = `<tag-pattern>~A<enter><tag-prefix><copy-message>${copy}<enter><untag-pattern>~A<enter><tag-pattern>~s ${subject}-0<enter><tag-prefix><flag-message><untag-pattern>~A<enter><delete-pattern>~s ${subject}-1<enter><sync-mailbox>`;
    const socket = `postamt-${process.pid}`;
    const tmux = (...argv: string[]) =>
      execFileSync('tmux', ['-L', socket, ...argv], { env: { ...process.env, HOME: home.path, LC_ALL: 'C.UTF-8' } }).toString();
    tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-x',
      '140',
      '-y',
      '40',
      `env TERM=screen LC_ALL=C.UTF-8 HOME=${home.path} mutt -n -F ${rc}`,
    );
    try {
      await expect.poll(() => tmux('capture-pane', '-p'), { timeout: 20_000 }).toContain('Grüße, 世界');
      tmux('send-keys', '-l', `:push "${macros}"`);
      tmux('send-keys', 'Enter');
      const copied = async () => (await Promise.all(['cur', 'new'].map((part) => readdir(join(copy, part))))).flat().length;
      await expect.poll(copied, { timeout: 20_000 }).toBe(letters.length + 1);
      await waitForMessages(two, receiver, letters.length);
    } finally {
      tmux('kill-server');
    }
    const copies: Buffer[] = [];
    for (const part of ['cur', 'new'])
      for (const name of await readdir(join(copy, part))) copies.push(await readFile(join(copy, part, name)));
    expectTheSame(letters, copies);
    await withImap(two, receiver, async (client) => {
      await client.mailboxOpen('INBOX');
      expect(await client.search({ flagged: true })).toHaveLength(1);
    });
  });
});
