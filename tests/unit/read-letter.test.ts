import { expect, test } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { featuresOf, readIncoming } from '#mail-server/delivery/letter-work.ts';
import { extractFeatures } from '#mail-server/spam/extract-features.ts';
import { storableText, textOf } from '#mail-server/store/storable-text.ts';

const sender = 'anna@weit.example';
const letterOf = (bytes: number): Buffer =>
  Buffer.from(
    `From: Anna <${sender}>\r\nTo: b@muster.at\r\nSubject: Grüße\r\nDate: Mon, 23 Nov 2026 08:00:00 +0100\r\nMessage-ID: <1@weit.example>\r\n` +
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n' +
      `${'<p>Die Rechnung für März liegt bei, <a href="https://weit.example/a">hier</a>.</p>\r\n'.repeat(bytes / 90)}\r\n--x\r\n` +
      'Content-Type: application/octet-stream; name=rechnung.exe\r\nContent-Disposition: attachment\r\n\r\nMZ\r\n--x--\r\n',
  );

test.each([20_000, 120_000])('a letter of %i bytes is read to the same end, at once or beside the event loop', async (bytes) => {
  const raw = letterOf(bytes);
  const { index, features } = await readIncoming(raw, sender);
  const expected = indexMessage(raw);
  expect({ ...index, text: '' }).toEqual({ ...expected, text: '' });
  expect(textOf(index)).toEqual(storableText(expected));
  expect(features).toEqual(extractFeatures(raw));
});

test('of a letter of many megabytes the filter reads the first, and all of it is stored', async () => {
  const raw = letterOf(2_000_000);
  const { index, features } = await readIncoming(raw, sender);
  expect(index.parts).toEqual(indexMessage(raw).parts);
  expect(features?.reasons.map(({ code }) => code)).not.toContain('dangerous-attachment');
  expect(features).toEqual(extractFeatures(raw.subarray(0, 1024 * 1024)));
});

test('where too many letters wait, none passes the filter unread: it comes again', async () => {
  const head = `From: ${sender}\r\nSubject: x\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  const raw = Buffer.from(head + 'AAAA'.repeat(17_000));
  const asked = await Promise.allSettled(Array.from({ length: 600 }, () => featuresOf(raw, sender)));
  const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(refused).not.toHaveLength(0);
  for (const reason of refused) expect(reason).toMatchObject({ code: 'Busy' });
  for (const each of asked) if (each.status === 'fulfilled') expect(each.value).not.toBeNull();
});
