import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, expectTheSame, oddLetters } from './two-mailboxes.ts';

const script = String.raw`
import glob, imaplib, json, poplib, smtplib, ssl, sys, time
s = json.load(open(sys.argv[1])); ctx = ssl.create_default_context(cafile=s['ca']); files = sorted(glob.glob('sent-*.eml'))
for secure, chosen in ((False, files[::2]), (True, files[1::2])):
    c = smtplib.SMTP_SSL('localhost', s['submissions'], context=ctx) if secure else smtplib.SMTP('localhost', s['submission'])
    if not secure: c.starttls(context=ctx)
    c.login(*s['sender'])
    for f in chosen: c.sendmail(s['sender'][0], [s['receiver'][0]], open(f, 'rb').read())
    c.quit()
m = imaplib.IMAP4('localhost', s['imap']); m.starttls(ctx); m.login(*s['receiver'])
for _ in range(80):
    n = int(m.select('INBOX')[1][0])
    if n >= len(files): break
    time.sleep(.25)
assert n == len(files), n
for i in range(1, n + 1): open('imap-%d.eml' % i, 'wb').write(m.fetch(str(i), '(RFC822)')[1][0][1])
assert m.search(None, 'UNSEEN')[1] == [b'']
assert m.store('1', '+FLAGS', '(\\Flagged)')[0] == 'OK' and m.search(None, 'FLAGGED')[1] == [b'1']
for box in ('Py', 'Py/Unter', '"&AOQA9gD8-"'): assert m.create(box)[0] == 'OK' and m.copy('1', box)[0] == 'OK', box
assert m.rename('Py', 'Py2')[0] == 'OK' and b'Py2/Unter' in b''.join(m.list('""', 'Py2*')[1])
assert m.append('Py2', '(\\Draft)', '"01-Jan-2020 10:11:12 +0200"', open(files[0], 'rb').read())[0] == 'OK'
m.select('Py2'); t = imaplib.Internaldate2tuple(m.fetch('2', '(INTERNALDATE)')[1][0]); assert time.mktime(t) == 1577866272
m.store('1', '+FLAGS', '\\Deleted'); assert m.expunge()[1] == [b'1']; m.logout()
p = poplib.POP3('localhost', s['pop3']); p.stls(ctx); p.user(s['receiver'][0]); p.pass_(s['receiver'][1])
assert p.stat()[0] == n and len({u.split()[1] for u in p.uidl()[1]}) == n
for i in range(1, n + 1): open('pop3-%d.eml' % i, 'wb').write(b'\r\n'.join(p.retr(i)[1]) + b'\r\n')
assert len(p.top(1, 0)[1]) < len(p.retr(1)[1])
p.dele(1); p.rset(); p.dele(2); p.quit()
p = poplib.POP3_SSL('localhost', s['pop3s'], context=ctx); p.user(s['receiver'][0]); p.pass_(s['receiver'][1]); assert p.stat()[0] == n - 1; p.quit()
`;

describe.skipIf(!isInstalled('python3'))('python: smtplib, imaplib, poplib', () => {
  test('letters sent on both ports come back the same by IMAP and POP3; flags, folders and deletions hold', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const letters = oddLetters(two);
    for (const [index, letter] of letters.entries()) await writeFile(join(home.path, `sent-${index}.eml`), letter);
    const { sender, receiver, running } = two;
    const settings = {
      ca: running.ca,
      ...running.ports,
      sender: [sender.address, sender.password],
      receiver: [receiver.address, receiver.password],
    };
    await writeFile(join(home.path, 'settings.json'), JSON.stringify(settings));
    await writeFile(join(home.path, 'run.py'), script);
    const finished = await runProgram('python3', ['run.py', 'settings.json'], { home: home.path });
    expect(finished.status, finished.output).toBe(0);
    for (const way of ['imap', 'pop3']) {
      const names = (await readdir(home.path)).filter((name) => name.startsWith(`${way}-`));
      expectTheSame(letters, await Promise.all(names.map((name) => readFile(join(home.path, name)))));
    }
  });
});
