import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { customerId } from '#lib/db/ids.ts';
import { outcomeOfReply } from '#mail-server/queue/outcome.ts';
import { failureReport, type ReportedMessage } from '#mail-server/queue/report/failure-report.ts';
import type { ReportedRecipient } from '#mail-server/queue/report/delivery-report.ts';
import { reasonFor } from '#mail-server/queue/report/reasons.ts';
import { successReport } from '#mail-server/queue/report/success-report.ts';
import { retryDelaySeconds, soonSeconds } from '#mail-server/queue/retry-schedule.ts';

const host = { name: 'mx.example.org', address: '192.0.2.1' };
const at = new Date('2026-11-23T10:15:00Z');
const message: ReportedMessage = {
  sender: 'max@muster.at',
  customerId: customerId(1),
  locale: 'de',
  content: Buffer.from(
    'From: max@muster.at\r\nTo: hans@example.org\r\nSubject: =?UTF-8?Q?Angebot_f=C3=BCr_B=C3=BCrom=C3=B6bel?=\r\n\r\nSehr geehrter Herr Huber!\r\n',
  ),
  arrivedAt: new Date('2026-11-23T10:14:58Z'),
  dsnReturn: null,
  dsnEnvelope: 'QQ314159',
};
const unknown: ReportedRecipient = {
  address: 'hans@example.org',
  originalRecipient: 'rfc822;Hans@Example.org',
  action: 'failed',
  status: '5.1.1',
  reply: '550-5.1.1 <hans@example.org>: Recipient address rejected:\n550 5.1.1 User unknown in virtual mailbox table',
  remote: 'mx.example.org',
  lastAttemptAt: at,
  retryUntil: null,
};
const golden = (name: string) => join(import.meta.dirname, 'fixtures', name);

describe('a report', () => {
  test('of a failure', async () => {
    const report = failureReport('mail.muster.at', 'failed', message, [unknown], at, 'golden');
    expect(report).toMatchObject({ sender: '', recipients: [{ address: 'max@muster.at', domain: 'muster.at', dsnNotify: 'NEVER' }] });
    await expect(report?.content.toString()).toMatchFileSnapshot(golden('report-failed.eml'));
  });

  test('of a delay', async () => {
    const later: ReportedRecipient = {
      ...unknown,
      action: 'delayed',
      status: '4.4.1',
      reply: '451 4.4.1 mx.example.org [192.0.2.1]: connect ECONNREFUSED',
      retryUntil: new Date('2026-11-28T10:14:58Z'),
    };
    const report = failureReport('mail.muster.at', 'delayed', message, [later], at, 'golden');
    await expect(report?.content.toString()).toMatchFileSnapshot(golden('report-delayed.eml'));
  });

  test('of a success', async () => {
    const report = successReport(
      'mail.muster.at',
      { ...message, recipients: [{ address: 'erika@muster.at', originalRecipient: null, action: 'delivered' }] },
      at,
      'golden',
    );
    await expect(report?.content.toString()).toMatchFileSnapshot(golden('report-delivered.eml'));
  });

  test('returns the header alone if the message is large or the sender wants it so', () => {
    const large = { ...message, content: Buffer.concat([message.content, Buffer.alloc(200_000, 'y')]) };
    expect(failureReport('h', 'failed', large, [unknown], at)?.content.toString()).toContain('Content-Type: text/rfc822-headers');
    expect(failureReport('h', 'failed', { ...large, dsnReturn: 'FULL' }, [unknown], at)?.content.toString()).toContain(
      'Content-Type: message/rfc822',
    );
    expect(failureReport('h', 'failed', { ...message, dsnReturn: 'HDRS' }, [unknown], at)?.content.toString()).not.toContain(
      'Sehr geehrter',
    );
  });

  test('is written to nobody but a sender', () => {
    expect(failureReport('h', 'failed', { ...message, sender: '' }, [unknown], at)).toBeNull();
    expect(failureReport('h', 'failed', { ...message, sender: 'root@localhost' }, [unknown], at)).toBeNull();
  });

  test('has no line that is too long, however much the other host said', () => {
    for (const words of ['why '.repeat(400), 'x'.repeat(1600)]) {
      const { result } = outcomeOfReply(`550 5.1.1 ${words}end`, host);
      const lines =
        failureReport('mail.muster.at', 'failed', message, [{ ...unknown, reply: result.reply }], at)
          ?.content.toString()
          .split('\r\n') ?? [];
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(998);
      const from = lines.findIndex((line) => line.startsWith('Diagnostic-Code: '));
      expect(lines.slice(from, from + 4).join('\n')).toContain('end\nLast-Attempt-Date: ');
    }
  });

  test('has nothing for a terminal in it', () => {
    const { result } = outcomeOfReply('550-5.1.1 Nobody \x1b[31mhere\x07\n550 5.1.1 \u009b31m\x1b]0;title\x07really', host);
    expect(result.reply).toBe('550-5.1.1 Nobody here\n550 5.1.1 31mreally');
  });

  test('cannot be made to say more than it says by the reply of the other host', () => {
    const evil = { ...unknown, reply: '550 no\r\n\r\nAction: delivered\r\nStatus: 2.0.0', remote: 'mx\r\nAction: delivered' };
    const text = failureReport('h', 'failed', message, [evil], at)?.content.toString() ?? '';
    expect(text.match(/^Action: .*$/gm)).toEqual(['Action: failed\r'].map((line) => line.trimEnd()));
  });
});

describe('the reason', () => {
  const reason = (status: string, reply = '') => reasonFor({ address: 'hans@example.org', domain: 'example.org', status, reply }).code;

  test.each([
    ['5.1.1', '', 'address-unknown'],
    ['5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup', 'address-unknown'],
    ['5.1.10', '556 5.1.10 example.org does not accept mail (null MX)', 'no-mail'],
    ['5.7.1', '554 5.7.1 <hans@example.org>: Recipient address rejected: Access denied', 'refused'],
    ['5.3.0', '554 5.3.0 <hans@example.org>: Recipient address rejected: Internal error', 'other'],
    ['5.1.1', '550 5.1.1 <hans@example.org>: Recipient address rejected: User unknown in local recipient table', 'address-unknown'],
    ['5.4.1', '550 5.4.1 All recipient addresses rejected : Access denied', 'address-unknown'],
    ['5.0.0', '550 <hans@example.org> recipient rejected', 'address-unknown'],
    ['5.1.0', '550 5.1.0 <anna@muster.at> sender rejected.', 'sender-refused'],
    ['5.1.8', '553 5.1.8 <anna@muster.at>... Domain of sender address anna@muster.at does not exist', 'sender-refused'],
    ['5.7.25', '550 5.7.25 The sending address has no PTR record', 'our-server'],
    ['5.7.13', '525 5.7.13 Disabled recipient address', 'mailbox-disabled'],
    ['5.0.0', '552 Mailbox size limit exceeded', 'mailbox-full'],
    ['5.0.0', '554 You have reached your daily relay quota', 'relaying'],
    ['5.0.0', '550 Connection frequency limited', 'rate-limited'],
    ['5.0.0', '550 No such user here', 'address-unknown'],
    ['5.0.0', '550 Requested action not taken: mailbox unavailable', 'address-unknown'],
    ['5.4.1', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)', 'address-unknown'],
    ['5.0.0', "554 delivery error: dd This user doesn't have a yahoo.com account (hans@example.org)", 'address-unknown'],
    ['4.2.2', '452-4.2.2 The recipient’s inbox is out of storage space.', 'mailbox-full'],
    [
      '5.7.1',
      '550 5.7.1 Unfortunately, messages from [192.0.2.1] weren’t sent. Part of their network is on our block list (S3150).',
      'spam',
    ],
    ['5.7.515', '550 5.7.515 Access denied, sending domain muster.at does not meet the required authentication level.', 'not-authentic'],
    ['5.7.0', '552-5.7.0 This message was blocked because its content presents a potential security issue.', 'content'],
    ['4.7.0', '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints', 'rate-limited'],
    ['5.7.10', '530 5.7.10 Encryption needed', 'tls'],
    ['5.0.0', '530 Must issue a STARTTLS command first', 'tls'],
    ['5.0.0', '554 Bad DNS PTR resource record.', 'our-server'],
    ['4.4.2', '451 4.4.2 mx.example.org [192.0.2.1]: Timeout', 'unreachable'],
    ['5.0.0', '550 Something else', 'other'],
    ['5.1.2', '', 'domain-unknown'],
    ['5.1.10', '', 'no-mail'],
    ['5.2.2', '', 'mailbox-full'],
    ['5.0.0', '552 The user is over quota', 'mailbox-full'],
    ['5.3.4', '', 'too-large'],
    ['5.0.0', '552 Message exceeds maximum fixed size', 'too-large'],
    ['5.7.1', '554 Blocked using zen.spamhaus.org', 'spam'],
    ['5.7.26', '550 DMARC policy', 'not-authentic'],
    ['5.7.1', '550 Relay access denied', 'relaying'],
    ['5.7.1', '550 Policy', 'refused'],
    ['5.4.6', '', 'loop'],
    ['5.4.7', '451 try later', 'gave-up'],
    // hosts that wait for another one say it of themselves
    ['5.4.7', '450 4.4.7 Message delayed', 'gave-up'],
    ['4.4.7', '450 4.4.7 Message delayed', 'later'],
    ['5.4.7', '550 5.4.7 Delivery expired', 'other'],
    ['5.4.7', '554 5.7.1 Service unavailable; client listed at bl.example', 'gave-up'],
    ['5.6.7', '', 'internationalized'],
    ['4.4.1', '', 'unreachable'],
    ['4.2.0', '450 greylisted', 'later'],
  ])('of %s %s is %s', (status, text, code) => expect(reason(status, text)).toBe(code));
});

test('after days of trying, the reason is the one of the last reply', () => {
  const { german, english } = reasonFor({
    address: 'hans@example.org',
    domain: 'example.org',
    status: '5.4.7',
    reply: '452 4.2.2 The mailbox is over quota',
  });
  expect(german).toMatch(/^Das Postfach hans@example\.org ist voll.* geben jetzt auf\.$/);
  expect(english).toMatch(/^The mailbox hans@example\.org is full.* give up now\.$/);
});

test('retries come after 5, 10, 20 … minutes, at most four hours, each up to a fifth more', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 20].map((attempts) => retryDelaySeconds(attempts, 0))).toEqual([
    300, 600, 1200, 2400, 4800, 9600, 14400, 14400,
  ]);
  expect(retryDelaySeconds(0, 1)).toBe(360);
});

test('what the house was not ready for comes within half a minute, and seldom at last', () => {
  const minutes = [0, 1, 2.5, 5, 30, 50, 6000];
  expect(minutes.map((waited) => soonSeconds(waited * 60_000, 0))).toEqual([15, 15, 15, 30, 180, 300, 300]);
  expect(soonSeconds(0, 1)).toBe(30);
});
