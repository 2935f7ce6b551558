import { describe, expect, test } from 'vitest';
import { repairLineEnds } from '#mail-server/smtp/repair-line-ends.ts';
import { growthOf } from '#tests/support/cost-gate.ts';
import { repairSubmission } from '#mail-server/smtp/repair-submission.ts';

const repaired = (text: string) => repairLineEnds(Buffer.from(text, 'latin1')).toString('latin1');
const header = (...fields: string[]) => repairSubmission(Buffer.from([...fields, '', 'x', ''].join('\r\n'))).toString();

describe('line ends', () => {
  test.each([
    ['a\nb\n', 'a\r\nb\r\n'],
    ['a\rb', 'a\r\nb'],
    ['a\r\r\nb', 'a\r\nb'],
    ['a\r\rb', 'a\r\n\r\nb'],
    ['\n', '\r\n'],
    ['a\r', 'a\r\n'],
    ['a\n..b\n.c\r\n..d', 'a\r\n.b\r\n.c\r\n..d'],
    ['', ''],
  ])('%j become %j', (given, right) => expect(repaired(given)).toBe(right));

  test('that are right leave the message as it is, the very same bytes', () => {
    const message = Buffer.from('a\r\n\r\n..b\r\nc');
    expect(repairLineEnds(message)).toBe(message);
  });

  test.each(['\n', '\r', '\r\n', '\r\r\n', 'a'])('cost as much per byte for much %j as for little', async (piece) => {
    const run = (text: string) => repairLineEnds(Buffer.from(text, 'latin1'));
    const growth = await growthOf({ entry: 'repairLineEnds', run, size: 200_000 }, (count) => piece.repeat(count));
    expect(growth).toMatchObject({ linear: true });
  });
});

describe('fields that cannot be used', () => {
  test.each([
    'Message-ID:',
    'Message-ID: <>',
    'Message-ID: <abc>',
    'Message-ID: a@b',
    'Message-ID: <a b@c>',
    'Message-ID: <a@b> <c@d>',
    'Date:',
    'Date: heute',
  ])('go: %s', (field) => expect(header('Subject: s', field)).toBe('Subject: s\r\n\r\nx\r\n'));

  test.each([
    'Message-ID: <a@b>',
    'Message-ID:\r\n <a.b@c.example>',
    'Date: Sat, 28 Nov 2026 10:00:00 +0100 (CET)',
    'Date: 1 Nov 2026 9:00 GMT',
  ])('are not %s', (field) => expect(header('Subject: s', field)).toBe(`Subject: s\r\n${field}\r\n\r\nx\r\n`));

  test.each([
    ['2026-11-28 10:00', 'Sat, 28 Nov 2026 10:00:00 +0000'],
    ['Sat, 28 Nov 26 10:00:00 +0100', 'Sat, 28 Nov 2026 09:00:00 +0000'],
  ])('are put right where a day can be made out: %s', (given, right) => {
    expect(header('Subject: s', `Date: ${given}`)).toBe(`Date: ${right}\r\nSubject: s\r\n\r\nx\r\n`);
  });

  test('that stand there twice stay once', () => {
    expect(header('Message-ID: <>', 'Message-ID: <a@b>', 'Message-ID: <c@d>')).toBe('Message-ID: <a@b>\r\n\r\nx\r\n');
  });
});

describe('lines of a header that are no fields', () => {
  const good = ['Date: Sat, 28 Nov 2026 10:00:00 +0100', 'Message-ID: <a@b>'];

  test('the line of an mbox file is taken out', () => {
    expect(header('From max@muster.at Sat Nov 28 10:00:00 2026', ...good, 'Subject: y')).toBe(
      [...good, 'Subject: y', '', 'x', ''].join('\r\n'),
    );
  });

  test('a text for which the empty line was forgotten is the text', () => {
    const forgotten = (...lines: string[]) => repairSubmission(Buffer.from([...lines, ''].join('\r\n'))).toString();
    expect(forgotten(...good, 'Hallo Max,', 'Grund: x')).toBe([...good, '', 'Hallo Max,', 'Grund: x', ''].join('\r\n'));
    expect(forgotten('Hallo')).toBe('\r\nHallo\r\n');
  });

  test('what stands between fields becomes one, so that nobody ends the header there', () => {
    expect(header('foo bar', ...good, 'quux', ' more', 'Subject: y')).toBe(
      ['X-Line: foo bar', ...good, 'X-Line: quux', ' more', 'Subject: y', '', 'x', ''].join('\r\n'),
    );
  });

  test('a header of fields alone stays, the very same bytes', () => {
    const message = Buffer.from([...good, 'From : a@b', '', 'kein Feld', ''].join('\r\n'));
    expect(repairSubmission(message)).toBe(message);
  });
});
