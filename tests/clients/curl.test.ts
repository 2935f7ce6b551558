import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, expectTheSame, oddLetters, waitForMessages, type TestMailbox } from './two-mailboxes.ts';

describe.skipIf(!isInstalled('curl'))('curl', () => {
  test('sends by smtp and smtps and fetches the same by imap, imaps, pop3 and pop3s', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, sender, receiver } = two;
    const curl = async (box: TestMailbox, ...argv: string[]) => {
      const all = ['-sS', '--ssl-reqd', '--cacert', running.ca, '-u', `${box.address}:${box.password}`, ...argv];
      const finished = await runProgram('curl', all, { home: home.path });
      expect(finished.status, `curl ${argv.join(' ')}: ${finished.output}`).toBe(0);
      return finished.stdout;
    };
    const letters = oddLetters(two);
    for (const [index, letter] of letters.entries()) {
      const file = join(home.path, `${index}.eml`);
      await writeFile(file, letter);
      const url = index % 2 === 0 ? `smtp://localhost:${running.ports.submission}` : `smtps://localhost:${running.ports.submissions}`;
      await curl(sender, `${url}/client.test`, '--mail-from', sender.address, '--mail-rcpt', receiver.address, '-T', file);
    }
    await waitForMessages(two, receiver, letters.length);
    for (const url of [`imap://localhost:${running.ports.imap}`, `imaps://localhost:${running.ports.imaps}`]) {
      const fetched: Buffer[] = [];
      for (let index = 1; index <= letters.length; index++) fetched.push(await curl(receiver, `${url}/INBOX;MAILINDEX=${index}`));
      expectTheSame(letters, fetched);
    }
    const imap = `imap://localhost:${running.ports.imap}`;
    expect((await curl(receiver, `${imap}/INBOX`, '-X', 'STORE 1 +FLAGS (\\Flagged)')).toString()).toMatch(/FETCH.*Flagged/);
    expect((await curl(receiver, `${imap}/INBOX?FLAGGED`)).toString().trim()).toBe('* SEARCH 1');
    await curl(receiver, `${imap}/`, '-X', 'CREATE T-curl');
    await curl(receiver, `${imap}/T-curl`, '-T', join(home.path, '0.eml'));
    expect((await curl(receiver, `${imap}/`, '-X', 'STATUS T-curl (MESSAGES)')).toString()).toContain('MESSAGES 1');
    for (const url of [`pop3://localhost:${running.ports.pop3}`, `pop3s://localhost:${running.ports.pop3s}`]) {
      expect((await curl(receiver, `${url}/`)).toString().trim().split('\n')).toHaveLength(letters.length);
      const fetched: Buffer[] = [];
      for (let index = 1; index <= letters.length; index++) fetched.push(await curl(receiver, `${url}/${index}`));
      expectTheSame(letters, fetched);
    }
  });
});
