import { expect, it } from 'vitest';
import { zstdDecompressSync } from 'node:zlib';
import { accountId } from '#lib/db/ids.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { appendParameters } from '#mail-server/store/append-messages.ts';

const letter = (body: string): Buffer => Buffer.from(`From: a@muster.at\r\nSubject: x\r\n\r\n${body}`);
const contentOf = (raw: Buffer, account: number): unknown[] =>
  appendParameters(accountId(account), null, { raw, index: indexMessage(raw), flags: 0n, receivedMs: null }, null).slice(12, 14);

it('a letter to many mailboxes is compressed once, and another letter for itself', () => {
  const [one, other] = [letter('Guten Tag, '.repeat(100)), letter('Auf Wiedersehen, '.repeat(100))];
  const [first] = contentOf(one, 1);
  expect(contentOf(one, 2)[0]).toBe(first);
  for (const [raw, body] of [
    [one, 'Guten Tag, '],
    [other, 'Auf Wiedersehen, '],
  ] as const) {
    expect(zstdDecompressSync(contentOf(raw, 3)[0] as Buffer).toString()).toBe(body.repeat(100));
    expect(contentOf(raw, 3)[1]).toBe(1);
  }
});

it('short and large bodies are stored as they are', () => {
  for (const body of ['kurz', 'lang '.repeat(20_000)]) expect(contentOf(letter(body), 1).map(String)).toEqual([body, '0']);
});
