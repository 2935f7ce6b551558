import { expect, test } from 'vitest';
import { customerId } from '#lib/db/ids.ts';
import { failureReport } from '#mail-server/queue/report/failure-report.ts';
import { asciiAddress, utf8Address } from '#mail-server/queue/xtext.ts';
import { parseNotificationParameters } from '#mail-server/smtp/parse-delivery-status-parameters.ts';

const original = (value: string) => parseNotificationParameters(new Map([['ORCPT', value]]))?.originalRecipient;

test.each([
  ['utf-8;jörg@müller.example', 'utf-8;jörg@müller.example'],
  ['utf-8;j\\x{F6}rg\\x{2B}shop@x.example', 'utf-8;jörg+shop@x.example'],
  ['utf-8;\\x{1F600}@x.example', 'utf-8;\u{1f600}@x.example'],
  ['utf-8;a\\x{D800}@x.example', 'utf-8;a\\x{D800}@x.example'],
  ['utf-8;a\\x{0A}b@x.example', undefined],
  ['rfc822;max+2Bshop@x.example', 'rfc822;max+shop@x.example'],
])('ORCPT=%s names %s', (given, meant) => {
  expect(original(given)).toBe(meant);
});

test('whom a letter was for at first goes on as RFC 6533 writes it, and stays who he is', () => {
  const address = 'jörg+\\shop@müller.example';
  expect(asciiAddress(address)).toBe('j\\x{F6}rg\\x{2B}\\x{5C}shop@m\\x{FC}ller.example');
  expect(utf8Address(address)).toBe('jörg\\x{2B}\\x{5C}shop@müller.example');
  for (const written of [asciiAddress(address), utf8Address(address)]) expect(original(`utf-8;${written}`)).toBe(`utf-8;${address}`);
});

test('a report of an ASCII recipient is ASCII, whoever the letter was for at first', () => {
  const report = failureReport(
    'mail.muster.at',
    'failed',
    {
      sender: 'max@muster.at',
      customerId: customerId(1),
      locale: 'de',
      content: Buffer.from('Subject: x\r\n\r\ny\r\n'),
      arrivedAt: new Date(),
      dsnReturn: null,
      dsnEnvelope: null,
    },
    [
      {
        address: 'joerg@muster.at',
        originalRecipient: 'utf-8;jörg@müller.example',
        action: 'failed',
        status: '5.1.1',
        reply: null,
        remote: null,
        lastAttemptAt: new Date(),
        retryUntil: null,
      },
    ],
    new Date(),
  );
  expect(report?.content.toString('latin1')).toContain('Original-Recipient: utf-8; j\\x{F6}rg@m\\x{FC}ller.example\r\n');
  expect(report?.content.every((byte) => byte < 0x80)).toBe(true);
});
