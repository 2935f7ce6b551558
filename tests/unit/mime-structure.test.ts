import { describe, expect, it } from 'vitest';
import { selectFields } from '#lib/mime/select-fields.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { DEFAULT_MIME_LIMITS } from '#lib/mime/limits.ts';
import { type SectionKind, findSection, parsePartMap } from '#lib/mime/part-map.ts';

const letter = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

function section(raw: Buffer, path: number[], kind: SectionKind): string | null {
  const found = findSection(parsePartMap(indexMessage(raw).parts), path, kind);
  return found === null ? null : raw.toString('latin1', found.offset, found.offset + found.length);
}

const structure = (raw: Buffer): string => indexMessage(raw).bodystructure.toString('latin1');

const FORWARDED = letter(
  'From: max@muster.at',
  'Mime-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="foo',
  ' bar"',
  '',
  'prologue',
  '',
  '--foo bar',
  'Content-Type: text/x-myown; charset=us-ascii',
  '',
  'hello',
  '',
  '--foo bar',
  'Content-Type: message/rfc822',
  '',
  'From: erika@muster.at',
  'Subject: inside',
  'Content-Type: multipart/alternative; boundary="sub1"',
  '',
  'inner prologue',
  '--sub1',
  'Content-Type: text/html',
  '',
  '<p>Hello world</p>',
  '',
  '--sub1',
  'Content-Type: text/plain',
  '',
  'Hello another world',
  '',
  '--sub1--',
  'inner epilogue',
  '',
  '--foo bar--',
  'epilogue',
  '',
);

describe('sections of a multipart with a forwarded message', () => {
  it('part 1 is the first part, without the line end that belongs to the delimiter', () => {
    expect(section(FORWARDED, [1], 'part')).toBe('hello\r\n');
    expect(section(FORWARDED, [1], 'mime')).toBe('Content-Type: text/x-myown; charset=us-ascii\r\n\r\n');
  });

  it('HEADER and TEXT of the forwarded message are its own, MIME is that of the part', () => {
    expect(section(FORWARDED, [2], 'mime')).toBe('Content-Type: message/rfc822\r\n\r\n');
    expect(section(FORWARDED, [2], 'header')).toMatch(/^From: erika@muster.at\r\n[\s\S]*sub1"\r\n\r\n$/);
    expect(section(FORWARDED, [2], 'text')).toMatch(/^inner prologue\r\n--sub1\r\n[\s\S]*--sub1--\r\ninner epilogue\r\n$/);
    expect(section(FORWARDED, [2], 'part')).toBe(`${section(FORWARDED, [2], 'header')}${section(FORWARDED, [2], 'text')}`);
  });

  it('2.1 and 2.2 are the parts of the message inside', () => {
    expect(section(FORWARDED, [2, 1], 'part')).toBe('<p>Hello world</p>\r\n');
    expect(section(FORWARDED, [2, 2], 'mime')).toBe('Content-Type: text/plain\r\n\r\n');
    expect(section(FORWARDED, [2, 2], 'part')).toBe('Hello another world\r\n');
  });

  it('HEADER and TEXT of the whole', () => {
    expect(section(FORWARDED, [], 'header')).toMatch(/^From: max@muster.at[\s\S]*bar"\r\n\r\n$/);
    expect(section(FORWARDED, [], 'text')).toMatch(/^prologue\r\n[\s\S]*epilogue\r\n$/);
    expect(section(FORWARDED, [], 'part')).toBe(FORWARDED.toString());
    expect(section(FORWARDED, [], 'mime')).toBeNull();
  });

  it.each<[number[], SectionKind]>([
    [[3], 'part'],
    [[0], 'part'],
    [[1, 1], 'part'],
    [[2, 3], 'part'],
    [[2, 1, 1], 'part'],
    [[1], 'header'],
    [[1], 'text'],
    [[2, 1], 'header'],
    [[9, 9], 'mime'],
  ])('there is no section %j %s', (path, kind) => {
    expect(section(FORWARDED, path, kind)).toBeNull();
  });

  it('BODYSTRUCTURE tells all of it', () => {
    expect(structure(FORWARDED)).toBe(
      '(("text" "x-myown" ("charset" "us-ascii") NIL NIL "7bit" 7 1 NIL NIL NIL NIL)' +
        '("message" "rfc822" NIL NIL NIL "7bit" 254 (NIL "inside" ((NIL NIL "erika" "muster.at")) ((NIL NIL "erika" "muster.at")) ' +
        '((NIL NIL "erika" "muster.at")) NIL NIL NIL NIL NIL) (("text" "html" ("charset" "us-ascii") NIL NIL "7bit" 20 1 NIL NIL NIL NIL)' +
        '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 21 1 NIL NIL NIL NIL) "alternative" ("boundary" "sub1") NIL NIL NIL) 17 ' +
        'NIL NIL NIL NIL) "mixed" ("boundary" "foo bar") NIL NIL NIL)',
    );
    expect(indexMessage(FORWARDED).body.toString()).toMatch(
      /^\(\("text" "x-myown" \("charset" "us-ascii"\) NIL NIL "7bit" 7 1\)\(.*\) "mixed"\)$/,
    );
  });
});

describe('sections of other shapes', () => {
  it('part 1 of a message that is no multipart is its body', () => {
    const raw = letter('Subject: x', '', 'body', '');
    expect(section(raw, [1], 'part')).toBe('body\r\n');
    expect(section(raw, [1], 'mime')).toBe('Subject: x\r\n\r\n');
    expect(section(raw, [1], 'header')).toBeNull();
    expect(section(raw, [1, 1], 'part')).toBeNull();
    expect(section(raw, [2], 'part')).toBeNull();
  });

  it('a message in a message in a message', () => {
    const raw = letter('Content-Type: message/rfc822', '', 'A: 1', 'Content-Type: message/rfc822', '', 'B: 2', '', 'Hello', '');
    expect(section(raw, [1], 'header')).toBe('A: 1\r\nContent-Type: message/rfc822\r\n\r\n');
    expect(section(raw, [1, 1], 'part')).toBe('B: 2\r\n\r\nHello\r\n');
    expect(section(raw, [1, 1], 'header')).toBe('B: 2\r\n\r\n');
    expect(section(raw, [1, 1], 'text')).toBe('Hello\r\n');
    expect(section(raw, [1, 1, 1], 'part')).toBe('Hello\r\n');
    expect(section(raw, [1, 1, 1, 1], 'part')).toBeNull();
  });

  it('parts of a digest are messages unless they say otherwise', () => {
    const raw = letter(
      'Content-Type: multipart/digest; boundary=x',
      '',
      '--x ',
      '',
      'Subject: m1',
      '',
      'one',
      '--x',
      'X-Mime: 2',
      '',
      'Subject: m2',
      '',
      'two',
      '--x--',
    );
    expect(section(raw, [1], 'mime')).toBe('\r\n');
    expect(section(raw, [1], 'header')).toBe('Subject: m1\r\n\r\n');
    expect(section(raw, [2], 'mime')).toBe('X-Mime: 2\r\n\r\n');
    expect(section(raw, [2], 'text')).toBe('two');
  });

  it('a header without an end is all header', () => {
    const raw = letter('Subject: x', 'To: max@muster.at');
    expect(section(raw, [], 'header')).toBe(raw.toString());
    expect(section(raw, [], 'text')).toBe('');
    expect(section(raw, [1], 'part')).toBe('');
  });

  it('an empty header', () => {
    expect(section(letter('', 'body'), [], 'header')).toBe('\r\n');
    expect(section(letter('', 'body'), [1], 'part')).toBe('body');
  });

  it('nothing at all', () => {
    expect(section(Buffer.alloc(0), [1], 'part')).toBe('');
    expect(structure(Buffer.alloc(0))).toBe('("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)');
  });
});

describe('broken multiparts', () => {
  it('a multipart without any part shows its text as part 1', () => {
    const raw = letter('Content-Type: multipart/mixed; boundary=x', '', 'you can read me', '');
    expect(section(raw, [1], 'part')).toBe('you can read me\r\n');
    expect(structure(raw)).toBe(
      '(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 17 1 NIL NIL NIL NIL) "mixed" ("boundary" "x") NIL NIL NIL)',
    );
  });

  it('a multipart without a boundary shows its text as part 1', () => {
    expect(section(letter('Content-Type: multipart/mixed', '', '--x', '', 'text'), [1], 'part')).toBe('--x\r\n\r\ntext');
  });

  it('the end of the message ends all parts', () => {
    const raw = letter('Content-Type: multipart/mixed; boundary=x', '', '--x', '', 'one', '--x', '', 'two');
    expect(section(raw, [2], 'part')).toBe('two');
  });

  it('an outer delimiter ends the inner multipart', () => {
    const raw = letter(
      'Content-Type: multipart/mixed; boundary=o',
      '',
      '--o',
      'Content-Type: multipart/mixed; boundary=i',
      '',
      '--i',
      '',
      'one',
      '--o',
      '',
      'two',
      '--o--',
    );
    expect(section(raw, [1, 1], 'part')).toBe('one');
    expect(section(raw, [2], 'part')).toBe('two');
  });

  it('a delimiter inside a header ends the header', () => {
    const raw = letter('Content-Type: multipart/mixed; boundary=x', '', '--x', 'Content-Type: image/png', '--x', '', 'two', '--x--');
    expect(section(raw, [1], 'mime')).toBe('Content-Type: image/png\r\n');
    expect(section(raw, [1], 'part')).toBe('');
    expect(section(raw, [2], 'part')).toBe('two');
  });

  it('a boundary that begins with another one is told apart', () => {
    const raw = letter(
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: multipart/mixed; boundary=x-1',
      '',
      '--x-1',
      '',
      'one',
      '--x-1--',
      '--x',
      '',
      'two',
      '--x--',
    );
    expect(section(raw, [1, 1], 'part')).toBe('one');
    expect(section(raw, [2], 'part')).toBe('two');
  });

  it('what follows the closing delimiter belongs to no part', () => {
    const raw = letter('Content-Type: multipart/mixed; boundary=x', '', '--x', '', 'one', '--x--', '', '--x', '', 'two');
    expect(section(raw, [2], 'part')).toBeNull();
  });

  it('offsets are those of the message as it came, with bare line feeds too', () => {
    const raw = Buffer.from(FORWARDED.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    expect(section(raw, [1], 'part')).toBe('hello\n');
    expect(section(raw, [2, 2], 'part')).toBe('Hello another world\n');
    expect(section(raw, [2, 2], 'mime')).toBe('Content-Type: text/plain\n\n');
  });
});

describe('fields of BODYSTRUCTURE', () => {
  it('has id, description, encoding, md5, disposition, languages and location', () => {
    const raw = letter(
      'Content-Type: image/PNG (a picture); name=a"b"; Name*0*=utf-8\'\'%C3%BC',
      'Content-ID: <1@x>',
      'Content-Description: =?utf-8?q?=C3=BC?=',
      'Content-Transfer-Encoding: BASE64 (really)',
      'Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==',
      'Content-Disposition: Attachment; filename="say \\"hi\\".png"',
      'Content-Language: de, en (English)',
      'Content-Location: http://muster.at/',
      '',
      'AAAA',
    );
    expect(structure(raw)).toBe(
      '("image" "png" ("name" "a\\"b\\"" "Name*0*" "utf-8\'\'%C3%BC") "<1@x>" "=?utf-8?q?=C3=BC?=" "base64" 4 "Q2hlY2sgSW50ZWdyaXR5IQ==" ' +
        '("attachment" ("filename" "say \\"hi\\".png")) ("de" "en") "http://muster.at/")',
    );
  });

  it.each([
    ['text', '"text" "plain"'],
    ['', '"text" "plain"'],
    ['foo bar', '"text" "plain"'],
    ['TEXT/HTML', '"text" "html"'],
    ['text / enriched', '"text" "enriched"'],
    ['application/octet-stream;;; name=x', '"application" "octet-stream"'],
  ])('Content-Type %j reads as %s', (value, expected) => {
    expect(structure(letter(`Content-Type: ${value}`, '', ''))).toContain(`(${expected} `);
  });

  it('the last Content-Type counts, as of every field that may occur once: DKIM verifies that one', () => {
    expect(structure(letter('Content-Type: text/html', 'Content-Type: image/png', '', ''))).toContain('"png"');
  });
});

describe('limits', () => {
  const many = letter(
    'Content-Type: multipart/mixed; boundary=x',
    '',
    ...Array.from({ length: 50 }, (_, i) => `--x\r\n\r\npart ${i}`),
    '--x--',
  );

  it('the rest of the message behind the last part allowed is one opaque part', () => {
    const limits = { ...DEFAULT_MIME_LIMITS, parts: 11 };
    const map = parsePartMap(indexMessage(many, limits).parts);
    expect(map.children).toHaveLength(11);
    const last = map.children[10];
    expect(last).toMatchObject({ type: 'application', subtype: 'octet-stream', headerLength: 0 });
    expect(many.toString('latin1', last?.bodyOffset)).toMatch(/^\r\npart 10\r\n[\s\S]*part 49\r\n--x--$/);
  });

  it('what is nested too deeply is opaque', () => {
    const raw = letter(...Array.from({ length: 20 }, () => 'Content-Type: message/rfc822\r\n'), 'Subject: deep', '', 'x');
    let part = parsePartMap(indexMessage(raw, { ...DEFAULT_MIME_LIMITS, depth: 5 }).parts);
    let depth = 0;
    for (; part.message !== null; part = part.message) depth++;
    expect(depth).toBe(5);
    expect(part).toMatchObject({ type: 'application', subtype: 'octet-stream' });
    expect(part.bodyOffset + part.bodyLength).toBe(raw.length);
  });
});

describe('HEADER.FIELDS', () => {
  const header = letter('From: a', 'Subject: one', '\ttwo', 'no field', 'subject : three', 'To: b', '', '');
  const fields = (names: string[], not = false): string => selectFields(header, names, not).toString();

  it('gives the named fields byte for byte with the empty line', () => {
    expect(fields(['SUBJECT', 'x'])).toBe('Subject: one\r\n\ttwo\r\nsubject : three\r\n\r\n');
    expect(fields(['x'])).toBe('\r\n');
  });

  it('NOT gives all others', () => {
    expect(fields(['subject'], true)).toBe('From: a\r\nno field\r\nTo: b\r\n\r\n');
    expect(fields([], true)).toBe(header.toString());
  });

  it('works with bare line feeds and without an empty line', () => {
    expect(selectFields(Buffer.from('A: 1\nB: 2\n\n'), ['b'], false).toString()).toBe('B: 2\n\n');
    expect(selectFields(Buffer.from('A: 1\r\nB: 2'), ['b'], false).toString()).toBe('B: 2');
  });
});
