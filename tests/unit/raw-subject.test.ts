import { describe, expect, test } from 'vitest';
import { decodeEncodedWords } from '#lib/mime/decode-encoded-words.ts';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { groupCopy } from '#mail-server/delivery/groups/group-copy.ts';
import { writeNotification, writeVacation } from '#mail-server/delivery/rules/write-answer.ts';
import { failureReport } from '#mail-server/queue/report/failure-report.ts';

/** As scripts, devices and hosts with SMTPUTF8 write it: the bytes of UTF-8, and nothing that says so. */
const subject = 'Grüße 🎉 für 5 €';
const raw = Buffer.from(
  `From: Jürgen €uro <j@example.org>\r\nTo: max@muster.at\r\nSubject: ${subject}\r\nMessage-ID: <1@example.org>\r\n\r\nText\r\n`,
);
const shown = (letter: Buffer): string => indexMessage(letter).subject;

describe('a subject in raw UTF-8 is what it was', () => {
  const about = { rules: { locale: 'de' } as never, raw, hostName: 'mail.muster.at', at: new Date() };
  const author = { name: 'Max', address: 'max@muster.at' as never, domainVerified: true };

  test('in an automatic answer', async () => {
    const answer = { kind: 'vacation', to: 'j@example.org', reason: 'weg', subject: null, mime: false } as never;
    expect(shown(await writeVacation(answer, author, about))).toBe(`Auto: ${subject}`);
  });

  test('in a notification, with the name of who wrote', async () => {
    const notify = { kind: 'notify', subject: null, from: null, body: null, importance: 2, headers: [] };
    const recipients = [{ field: 'To', address: 'a@example.org' }];
    const letter = await writeNotification({ ...notify, recipients } as never, author, about);
    expect(shown(letter)).toBe(subject);
    expect(indexMessage(letter).text).toContain('Jürgen €uro <j@example.org>');
  });

  test('in the copy of a group that marks it, with the name of who wrote', async () => {
    const services = { directory: { domain: async () => null }, log: console, settings: { webUrl: '' } } as never;
    const group = { addressId: 1, address: 'team@muster.at', name: 'Team', subjectPrefix: '[Team]', replyTo: 'author' } as never;
    const copy = await groupCopy(services, 'secret', raw, group, unknownProvenance, null);
    expect(shown(copy)).toBe(`[Team] ${subject}`);
    const header = new MessageHeader(copy);
    const [from] = header.named('from');
    expect(from && decodeEncodedWords(header.value(from))).toContain('Jürgen €uro via Team');
  });

  test('in a report of what could not be delivered', () => {
    const now = new Date();
    const message = {
      customerId: null,
      sender: 'j@example.org',
      locale: 'de',
      content: raw,
      arrivedAt: now,
      dsnReturn: null,
      dsnEnvelope: null,
    };
    const recipient = { address: 'max@muster.at', originalRecipient: null, action: 'failed', status: '5.1.1', reply: 'no', remote: null };
    const report = failureReport(
      'mail.muster.at',
      'failed',
      message as never,
      [{ ...recipient, lastAttemptAt: now, retryUntil: null }] as never,
      now,
    );
    expect(report && indexMessage(report.content).text).toContain(`Betreff: ${subject} (`);
  });
});
