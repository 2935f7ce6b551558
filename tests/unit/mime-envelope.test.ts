import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { readEnvelope } from '#tests/support/body-structure.ts';
import { type ImapValue, parseImapList } from '#tests/support/imap-list.ts';

const envelopeOf = (...header: string[]) =>
  readEnvelope(parseImapList(indexMessage(Buffer.from(`${header.join('\r\n')}\r\n\r\n`, 'latin1')).envelope));
const addresses = (to: string): ImapValue[][] | null => envelopeOf(`To: ${to}`).to;

describe('ENVELOPE', () => {
  it('has everything in its place', () => {
    expect(
      indexMessage(
        Buffer.from(
          'Message-ID: <msg@id>\r\nIn-Reply-To: <reply@to.id>\r\nDate: Thu, 01 Feb 2007 01:02:03 +0200\r\nSubject: a "subject"\r\n' +
            'From: From Real <f@a.at>\r\nSender: S <s@a.at>\r\nReply-To: R <r@a.at>\r\nTo: T <t@a.at>\r\nCc: C <c@a.at>\r\nBcc: B <b@a.at>\r\n\r\n',
        ),
      ).envelope.toString(),
    ).toBe(
      '("Thu, 01 Feb 2007 01:02:03 +0200" "a \\"subject\\"" (("From Real" NIL "f" "a.at")) (("S" NIL "s" "a.at")) (("R" NIL "r" "a.at")) ' +
        '(("T" NIL "t" "a.at")) (("C" NIL "c" "a.at")) (("B" NIL "b" "a.at")) "<reply@to.id>" "<msg@id>")',
    );
  });

  it('absent is NIL, empty is "" for texts and NIL for addresses, which default to From', () => {
    expect(envelopeOf('From: a@b.at', 'Subject:', 'Sender: ', 'To:', 'Message-ID: ')).toEqual({
      date: null,
      subject: '',
      from: [[null, null, 'a', 'b.at']],
      sender: [[null, null, 'a', 'b.at']],
      replyTo: [[null, null, 'a', 'b.at']],
      to: null,
      cc: null,
      bcc: null,
      inReplyTo: null,
      messageId: '',
    });
  });

  it('unfolds by removing line ends only', () => {
    expect(envelopeOf('Subject: one\r\n two\r\n\t three').subject).toBe('one two\t three');
  });

  it('gives 8-bit as it came, as a literal, and drops NUL', () => {
    const raw = Buffer.concat([Buffer.from('Subject: Gr'), Buffer.from([0xfc, 0]), Buffer.from('ße\r\n\r\n')]);
    expect(indexMessage(raw).envelope.toString('latin1')).toContain('{6}\r\nGr\xfc\xc3\x9fe ');
  });

  it('counts several To fields as one list (RFC 5322 section 4.5.3), of From the last, which DKIM verifies', () => {
    const envelope = envelopeOf('From: a@b', 'From: c@d', 'To: e@f', 'To: g@h');
    expect(envelope.from).toEqual([[null, null, 'c', 'd']]);
    expect(indexMessage(Buffer.from('From: a@b\r\nSubject: forged\r\nFrom: c@d\r\nSubject: signed\r\n\r\n'))).toMatchObject({
      from: 'c@d',
      subject: 'signed',
    });
    expect(envelope.to).toHaveLength(2);
  });
});

describe('addresses', () => {
  it.each<[string, ImapValue[][]]>([
    ['max@muster.at', [[null, null, 'max', 'muster.at']]],
    ['<max@muster.at>', [[null, null, 'max', 'muster.at']]],
    ['Max Muster <max@muster.at>', [['Max Muster', null, 'max', 'muster.at']]],
    ['"Muster, Max \\"M\\"" <max@muster.at>', [['Muster, Max "M"', null, 'max', 'muster.at']]],
    ['max@muster.at (Max (der) Muster)', [['Max (der) Muster', null, 'max', 'muster.at']]],
    ['Max (comment) Muster <max@muster.at> (other)', [['Max Muster', null, 'max', 'muster.at']]],
    ['<max (c)@ (d) muster . at>', [[null, null, 'max', 'muster.at']]],
    ['max . muster @ muster . at', [[null, null, 'max.muster', 'muster.at']]],
    ['"max muster"@muster.at', [[null, null, 'max muster', 'muster.at']]],
    ['max@[192.168.1.1]', [[null, null, 'max', '[192.168.1.1]']]],
    ['<@a.at,@b.at:max@muster.at>', [[null, '@a.at,@b.at', 'max', 'muster.at']]],
    [
      'a@b, , c@d,',
      [
        [null, null, 'a', 'b'],
        [null, null, 'c', 'd'],
      ],
    ],
    [
      'a@b; c@d',
      [
        [null, null, 'a', 'b'],
        [null, null, 'c', 'd'],
      ],
    ],
    ['root', [[null, null, 'root', 'MISSING_DOMAIN']]],
    ['<root>', [[null, null, 'root', 'MISSING_DOMAIN']]],
    ['<>', [[null, null, 'MISSING_MAILBOX', 'MISSING_DOMAIN']]],
    ['Max Muster', [['Max Muster', null, 'MISSING_MAILBOX', 'MISSING_DOMAIN']]],
    ['@muster.at', [[null, null, 'MISSING_MAILBOX', 'muster.at']]],
    ['max@', [[null, null, 'max', 'MISSING_DOMAIN']]],
    ['max@muster.at <max@muster.at>', [['max@muster.at', null, 'max', 'muster.at']]],
    ['Max max@muster.at', [['Max', null, 'max', 'muster.at']]],
    [
      'Max <max@muster.at, Eva <eva@muster.at>',
      [
        ['Max', null, 'max', 'muster.at'],
        ['Eva', null, 'eva', 'muster.at'],
      ],
    ],
    ['=?utf-8?Q?Muster, Max?= <max@muster.at>', [['=?utf-8?Q?Muster, Max?=', null, 'max', 'muster.at']]],
    ['a@b@muster.at', [[null, null, 'a@b', 'muster.at']]],
  ])('%s', (field, expected) => {
    expect(addresses(field)).toEqual(expected);
  });

  it.each<[string, ImapValue[][]]>([
    [
      'undisclosed recipients:;',
      [
        [null, null, 'undisclosed recipients', null],
        [null, null, null, null],
      ],
    ],
    [
      'group: a@b, C <c@d>;, x@y, other:;',
      [
        [null, null, 'group', null],
        [null, null, 'a', 'b'],
        ['C', null, 'c', 'd'],
        [null, null, null, null],
        [null, null, 'x', 'y'],
        [null, null, 'other', null],
        [null, null, null, null],
      ],
    ],
    [
      'open: a@b',
      [
        [null, null, 'open', null],
        [null, null, 'a', 'b'],
        [null, null, null, null],
      ],
    ],
  ])('group %s', (field, expected) => {
    expect(addresses(field)).toEqual(expected);
  });

  it('what is written by the rules reads back', () => {
    const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
    const name = fc.string({ unit: fc.constantFrom(...'abc ."\\,;:<>@()[]'), minLength: 1, maxLength: 20 });
    const atom = fc.string({ unit: fc.constantFrom(...'abcxyz019-_+'), minLength: 1, maxLength: 10 });
    const local = fc.oneof(
      atom,
      fc.tuple(atom, atom).map((two) => two.join('.')),
      name.map(quote),
    );
    const domain = fc.tuple(atom, atom).map((two) => two.join('.'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, local, domain), { minLength: 1, maxLength: 5 }), (list) => {
        const field = list.map(([display, mailbox, host]) => `${quote(display)} <${mailbox}@${host}>`).join(', ');
        const unquote = (mailbox: string): string => (mailbox.startsWith('"') ? mailbox.slice(1, -1).replace(/\\(.)/g, '$1') : mailbox);
        expect(addresses(field)).toEqual(list.map(([display, mailbox, host]) => [display, null, unquote(mailbox), host]));
      }),
    );
  });

  it('anything at all gives a legal envelope', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab@<>,;:"()[]\\. =?\t'), maxLength: 60 }), (field) => {
        addresses(field);
      }),
      { numRuns: 2000 },
    );
  });

  it('are shown decoded', () => {
    const raw = Buffer.from('From: =?utf-8?q?J=C3=B6rg?= <j@muster.at>\r\nTo: team: a@b.at, "B, C" <d@e.at>;, root\r\n\r\n');
    expect(indexMessage(raw).from).toBe('Jörg <j@muster.at>');
    expect(indexMessage(raw).to).toBe('team: a@b.at, B, C <d@e.at>;, root');
  });
});
