import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, expectTheSame, oddLetters, sendLetters, stored } from './two-mailboxes.ts';

/** fetchmail's exit code when there was no new mail */
const nothingNew = 1;

const filesIn = async (directory: string): Promise<Buffer[]> =>
  Promise.all((await readdir(directory).catch(() => [])).map((name) => readFile(join(directory, name))));

describe.skipIf(!isInstalled('fetchmail'))('fetchmail', () => {
  test('fetches by POP3 with STLS and keeps, knows by UIDL what it has, then fetches by IMAP and deletes', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, receiver } = two;
    const letters = oddLetters(two);
    await sendLetters(two, letters);
    const poll = async (name: string, server: string, options: string) => {
      const into = join(home.path, name);
      await mkdir(into);
      const agent = join(home.path, `${name}.sh`);
      await writeFile(agent, `#!/bin/sh\nf=$(mktemp ${into}/XXXXXXXX); cat >"$f"\n`);
      await chmod(agent, 0o755);
      const rc = join(home.path, `rc-${name}`);
      const login = `user "${receiver.address}" password "${receiver.password}"`;
      await writeFile(
        rc,
        `set idfile ${home.path}/ids\npoll localhost ${server} ${login} sslcertck sslcertfile ${running.ca} ${options} mda "${agent}"\n`,
        { mode: 0o600 },
      );
      const argv = ['-N', '--pidfile', join(home.path, 'pid'), '-f', rc, '--bad-header', 'accept'];
      return { ...(await runProgram('fetchmail', argv, { home: home.path })), fetched: await filesIn(into) };
    };
    const stls = await poll('stls', `proto pop3 port ${running.ports.pop3} uidl`, 'sslproto TLS1.2+ keep');
    expect(stls.status, stls.output).toBe(0);
    expectTheSame(letters, stls.fetched);
    const again = await poll('again', `proto pop3 port ${running.ports.pop3s} uidl`, 'ssl keep');
    expect(again, again.output).toMatchObject({ status: nothingNew, fetched: [] });
    const imap = await poll('imap', `proto imap port ${running.ports.imap}`, 'sslproto TLS1.2+ fetchall no keep');
    expect(imap.status, imap.output).toBe(0);
    expectTheSame(letters, imap.fetched);
    expect(await stored(two, receiver)).toEqual([]);
  });
});

describe.skipIf(!isInstalled('mpop') || !isInstalled('msmtp'))('msmtp and mpop', () => {
  test('msmtp sends with STARTTLS and with TLS; mpop fetches once, knows what it has, then deletes', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, sender, receiver } = two;
    const letters = oddLetters(two);
    const account = (port: number, starttls: boolean, box: { address: string; password: string }) =>
      `account a\nhost localhost\nport ${port}\nauth on\nuser ${box.address}\npassword ${box.password}\ntls on\ntls_starttls ${starttls ? 'on' : 'off'}\ntls_trust_file ${running.ca}\n`;
    const config = async (name: string, text: string) => {
      const file = join(home.path, name);
      await writeFile(file, text, { mode: 0o600 });
      return file;
    };
    for (const [index, letter] of letters.entries()) {
      const starttls = index % 2 === 0;
      const rc = await config(
        'msmtprc',
        `${account(starttls ? running.ports.submission : running.ports.submissions, starttls, sender)}from ${sender.address}\n`,
      );
      const sent = await runProgram('msmtp', ['-C', rc, '-a', 'a', receiver.address], {
        home: home.path,
        input: letter.toString('latin1').replaceAll('\r\n', '\n'),
      });
      expect(sent.status, sent.output).toBe(0);
    }
    const fetch = async (name: string, port: number, stls: boolean, keep: boolean) => {
      for (const part of ['cur', 'new', 'tmp']) await mkdir(join(home.path, name, part), { recursive: true });
      const rc = await config(
        'mpoprc',
        `${account(port, stls, receiver)}uidls_file ${home.path}/uidls-${keep ? 'keep' : 'take'}\nkeep ${keep ? 'on' : 'off'}\nreceived_header off\ndelivery maildir ${home.path}/${name}\n`,
      );
      const fetched = await runProgram('mpop', ['-C', rc, '-q', 'a'], { home: home.path });
      expect(fetched.status, fetched.output).toBe(0);
      return filesIn(join(home.path, name, 'new'));
    };
    expectTheSame(letters, await fetch('first', running.ports.pop3, true, true));
    expect(await fetch('again', running.ports.pop3s, false, true)).toEqual([]);
    expectTheSame(letters, await fetch('last', running.ports.pop3s, false, false));
    expect(await stored(two, receiver)).toEqual([]);
  });
});
