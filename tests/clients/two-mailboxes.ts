import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { expect } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { sharedDatabase, sharedInstallation } from '#tests/support/installation.ts';
import { setPassword } from '#tests/support/passwords.ts';

export interface TestMailbox {
  address: string;
  password: string;
}

/** Sender and receiver on the shared installation, fresh for each test file. */
export interface TwoMailboxes {
  running: RunningFile;
  sender: TestMailbox;
  receiver: TestMailbox;
}

export async function createTwoMailboxes(): Promise<TwoMailboxes> {
  const running = sharedInstallation();
  const url = sharedDatabase();
  const make = async (name: string): Promise<TestMailbox> => {
    const address = `${name}-${randomBytes(4).toString('hex')}@muster.at`;
    const password = `Geheim ${randomBytes(8).toString('hex')}`.replace(' ', '-');
    await setPassword(url, await createAccount(url, address), password);
    return { address, password };
  };
  return { running, sender: await make('absender'), receiver: await make('empfaenger') };
}

/** Letters with what breaks careless programs: dots, long lines, trailing blanks, umlauts, a binary attachment. */
export function oddLetters({ sender, receiver }: TwoMailboxes, count = 4): Buffer[] {
  const token = randomBytes(6).toString('hex');
  return Array.from({ length: count }, (_, index) => {
    const boundary = `=_${token}${index}`;
    const attachment = randomBytes(1500 + 900 * index)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n');
    return Buffer.from(
      [
        `From: Jörg Absender <${sender.address}>`.replace('ö', '=?utf-8?q?=C3=B6?='),
        `To: <${receiver.address}>`,
        `Subject: [${token}-${index}] =?utf-8?B?${Buffer.from('Grüße, 世界 ✉').toString('base64')}?=`,
        `Date: Mon, 02 Feb 2026 03:04:0${index} +0100`,
        `Message-ID: <${token}.${index}@client.test>`,
        'X-Folded: eins zwei',
        '\tdrei vier',
        'MIME-Version: 1.0',
        `Content-Type: multipart/mixed; boundary="${boundary}"`,
        '',
        'Vorwort',
        `--${boundary}`,
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        `Brief ${index}`,
        '.',
        '..zwei Punkte',
        '.ein Punkt am Anfang',
        'From the beginning of a line',
        '',
        'Leerzeichen am Ende ',
        'Gr=C3=BC=C3=9Fe',
        '-'.repeat(400),
        `--${boundary}`,
        'Content-Type: application/octet-stream; name="a.bin"',
        "Content-Disposition: attachment; filename*=utf-8''%C3%A4.bin",
        'Content-Transfer-Encoding: base64',
        '',
        attachment,
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
  });
}

const messageId = (letter: Buffer) => /^Message-ID: (<[^>]+>)/im.exec(letter.toString('latin1'))?.[1] ?? '';
const lines = (text: string) => text.replace(/\r?\n/g, '\n').replace(/\n+$/, '');

/**
 * Each letter is among those fetched, with every header it was sent with, in order, and the same body. Line ends may be those of the
 * program, and it or the server may have put headers in front.
 */
export function expectTheSame(sent: readonly Buffer[], fetched: readonly Buffer[]): void {
  for (const letter of sent) {
    const found = fetched.find((each) => messageId(each) === messageId(letter)) ?? expect.fail(`${messageId(letter)} was not fetched`);
    const [ours = '', ...body] = lines(letter.toString('latin1')).split('\n\n');
    const [theirs = '', ...theirBody] = lines(found.toString('latin1')).split('\n\n');
    expect(theirBody.join('\n\n')).toBe(body.join('\n\n'));
    const rest = theirs.split(/\n(?![ \t])/).map((header) => header.replace(/\s+/g, ' '));
    expect(rest).toEqual(expect.arrayContaining(ours.split(/\n(?![ \t])/).map((header) => header.replace(/\s+/g, ' '))));
  }
}

/** Sends into an empty mailbox, through submission with our own client; they lie there in their order, which a queue does not promise. */
export async function sendLetters(two: TwoMailboxes, letters: readonly Buffer[]): Promise<void> {
  const { running, sender, receiver } = two;
  const transport = createTransport({
    host: 'localhost',
    port: running.ports.submissions,
    secure: true,
    pool: true,
    auth: { user: sender.address, pass: sender.password },
    tls: { ca: readFileSync(running.ca) },
  });
  for (const [index, raw] of letters.entries()) {
    await transport.sendMail({ envelope: { from: sender.address, to: receiver.address }, raw });
    await waitForMessages(two, receiver, index + 1);
  }
  transport.close();
}

export async function withImap<T>(two: TwoMailboxes, box: TestMailbox, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: 'localhost',
    port: two.running.ports.imaps,
    secure: true,
    auth: { user: box.address, pass: box.password },
    tls: { ca: readFileSync(two.running.ca) },
    logger: false,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}

/** Everything in a folder as it is stored. */
export const stored = (two: TwoMailboxes, box: TestMailbox, folder = 'INBOX'): Promise<Buffer[]> =>
  withImap(two, box, async (client) => {
    const { exists } = await client.mailboxOpen(folder, { readOnly: true });
    const letters: Buffer[] = [];
    if (exists > 0) for await (const message of client.fetch('1:*', { source: true })) if (message.source) letters.push(message.source);
    return letters;
  });

/** Waits until a folder holds so many messages: submission is delivered a moment after its 250. */
export async function waitForMessages(two: TwoMailboxes, box: TestMailbox, count: number, folder = 'INBOX'): Promise<void> {
  const messages = () =>
    withImap(two, box, async (client) => {
      const status = await client.status(folder, { messages: true });
      return status ? status.messages : 0;
    });
  await expect.poll(messages, { timeout: 20_000 }).toBe(count);
}
