import { describe, expect, test } from 'vitest';
import { repairLineEnds } from '#mail-server/smtp/repair-line-ends.ts';
import { growthOf } from '#tests/support/cost-gate.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { prepareSubmission } from '#mail-server/smtp/prepare-submission.ts';
import { repairHeaderLines } from '#mail-server/smtp/repair-header-lines.ts';

const repaired = (text: string) => repairLineEnds(Buffer.from(text, 'latin1')).toString('latin1');
const repairedLines = (message: Buffer): Buffer => repairHeaderLines(message, new MessageHeader(message));
const header = (...fields: string[]) => repairedLines(Buffer.from([...fields, '', 'x', ''].join('\r\n'))).toString();

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
  const own = Object.assign(new Set(['max@muster.at']), { isOnBehalf: () => false });
  type Submitter = Parameters<typeof prepareSubmission>[2];
  const submitter = {
    address: 'max@muster.at',
    name: '',
    own,
    mailbox: 'max@muster.at',
    hostName: 'mail.muster.at',
    unanswerable: false,
  } as unknown as Submitter;
  const at = new Date('2026-11-29T12:00:00Z');
  const prepared = (...fields: string[]): string => {
    const message = Buffer.from([...fields, '', 'x', ''].join('\r\n'));
    const done = prepareSubmission(message, new MessageHeader(message), submitter, at);
    return typeof done === 'string' ? done : done.content.toString();
  };
  const [from, id, date] = ['From: max@muster.at', 'Message-ID: <a@b>', 'Date: Sat, 28 Nov 2026 10:00:00 +0100'];

  test.each(['', '<>', '<abc>', 'a@b', '<a b@c>', '<a@b> <c@d>', '<a@b@c>'])(
    'Message-ID: %s gives way to one that others understand',
    (value) => {
      expect(prepared(from, date, `Message-ID: ${value}`)).toMatch(
        /^Message-ID: <[0-9a-f-]{36}@mail\.muster\.at>\r\nFrom: max@muster\.at\r\nDate: [^\r]*\r\n\r\nx\r\n$/,
      );
    },
  );

  test.each([
    ['', 'Sun, 29 Nov 2026 12:00:00 +0000'],
    ['heute', 'Sun, 29 Nov 2026 12:00:00 +0000'],
    ['2026-11-28 10:00', 'Sat, 28 Nov 2026 10:00:00 +0000'],
    ['Sat, 28 Nov 26 10:00:00 +0100', 'Sat, 28 Nov 2026 09:00:00 +0000'],
    ['Sat, 28 Nov 2026 9:00:00 +0100', 'Sat, 28 Nov 2026 08:00:00 +0000'],
    ['Sat, 28 Nov 2026 25:61:00 +0100', 'Sat, 28 Nov 2026 00:00:00 +0000'],
    ['Sat, 28 Foo 2026 10:00:00 +0100', 'Sun, 29 Nov 2026 12:00:00 +0000'],
  ])('Date: %s becomes the day that can be made out, or today', (given, right) => {
    expect(prepared(from, id, `Date: ${given}`)).toBe(`Date: ${right}\r\n${from}\r\n${id}\r\n\r\nx\r\n`);
  });

  test.each([
    [id, date],
    ['Message-ID:\r\n <a.b@c.example>', 'Date: Sat, 28 Nov 2026 10:00:00 +0100 (CET)'],
    ['Message-ID: <a.b@[192.0.2.1]>', 'Date: 1 Nov 2026 09:00 GMT'],
  ])('are not %s and %s', (...fields) => {
    const message = `${[from, ...fields].join('\r\n')}\r\n\r\nx\r\n`;
    expect(prepared(from, ...fields)).toBe(message);
  });

  test('that stand there twice stay once, the one that can be used', () => {
    expect(prepared(from, 'Message-ID: <>', id, 'Message-ID: <c@d>', 'Date: heute', date, date)).toBe(
      [from, id, date, '', 'x', ''].join('\r\n'),
    );
  });

  test('stay in a letter of somebody else that is passed on, since his signature covers them', () => {
    const fields = [
      'Resent-From: max@muster.at',
      'From: a@elsewhere.example',
      'Message-ID: <20261128.1@b@c>',
      'Date: Sat, 28 Nov 26 10:00 CET',
    ];
    expect(prepared(...fields)).toBe([...fields, '', 'x', ''].join('\r\n'));
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
    const forgotten = (...lines: string[]) => repairedLines(Buffer.from([...lines, ''].join('\r\n'))).toString();
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
    expect(repairedLines(message)).toBe(message);
  });
});
