import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DEFAULT_MIME_LIMITS } from '#lib/mime/limits.ts';
import { scanLetter } from '#lib/mime/scan-letter.ts';
import { readBody } from '#mail-server/spam/read-body.ts';
import { readable, viewOf } from '#tests/support/letter-view.ts';

/** A part of a letter; where `parts` is null its content is a word that stands nowhere else. */
interface Part {
  type: string;
  disposition: string;
  name: string;
  says: 'a word' | 'nothing' | 'a hidden word';
  parts: Part[] | null;
}

const types =
  'text/plain text/html text/html text/enriched text/markdown text/rtf text/css text/vcard text/x-odd text/calendar image/png application/pdf';
const kinds = 'alternative alternative mixed related signed encrypted';
const from = <T extends string>(...values: T[]) => fc.constantFrom(...values);

const { part } = fc.letrec<{ part: Part }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    fc.record<Part>({
      type: from(...types.split(' ')),
      disposition: from('', '', '', 'attachment', 'inline'),
      name: from('', '', '', 'a.txt', 'ATT00001.txt'),
      says: from('a word', 'a word', 'a word', 'nothing', 'a hidden word'),
      parts: fc.constant(null),
    }),
    fc.record<Part>({
      type: from(...kinds.split(' ').map((kind) => `multipart/${kind}`)),
      disposition: fc.constant(''),
      name: fc.constant(''),
      says: fc.constant('nothing'),
      parts: fc.array(tie('part'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

const marks = /wort[a-z]+ende/g;

function written(letter: Part): string {
  let count = 0;
  const write = ({ type, disposition, name, says, parts }: Part): string => {
    const number = ++count;
    const boundary = `b${number}`;
    const mark = `wort${String(number).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')}ende`;
    const fields = `Content-Type: ${type}${parts ? `; boundary=${boundary}` : ''}${name ? `; name=${name}` : ''}\r\n${
      disposition ? `Content-Disposition: ${disposition}\r\n` : ''
    }\r\n`;
    if (parts) return `${fields}${parts.map((one) => `--${boundary}\r\n${write(one)}\r\n`).join('')}--${boundary}--\r\n`;
    if (says === 'nothing') return fields + (type === 'text/html' ? '<p> </p>' : ' ');
    if (type === 'text/html') return fields + (says === 'a word' ? `<p>${mark}</p>` : '<p style="display:none">Verborgen</p>');
    if (type === 'text/rtf') return `${fields}{\\rtf1 ${mark}}`;
    const event = `BEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20270101T000000Z\r\nSUMMARY:${mark}\r\nEND:VEVENT`;
    return fields + (type === 'text/calendar' ? `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n${event}\r\nEND:VCALENDAR\r\n` : mark);
  };
  return `From: max@muster.at\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n${write(letter)}`;
}

const readOf = (letter: string): string => readBody(scanLetter(Buffer.from(letter), DEFAULT_MIME_LIMITS)).text;

it('whatever of a letter is shown, the spam filter reads', () => {
  fc.assert(
    fc.property(part, (one) => {
      const letter = written(one);
      const view = viewOf(Buffer.from(letter));
      const shown = `${readable(view)} ${view.calendar?.title ?? ''}`.match(marks) ?? [];
      const read = new Set(readOf(letter).match(marks));
      expect(shown.filter((mark) => !read.has(mark))).toEqual([]);
    }),
    { numRuns: 1500, seed: 7 },
  );
});

describe('the text is read where the page beside it shows nothing', () => {
  const letter = (page: string): string =>
    `From: max@muster.at\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nwortaende\r\n--b\r\nContent-Type: text/html\r\n\r\n${page}\r\n--b--\r\n`;
  test.each([
    ['but who opens it', '<img src="http://zaehler.example/p.gif" width="1" height="1">'],
    ['but who opens it, at any size', '<img src="http://zaehler.example/open/abcdefghijklmnopqrstuvwxyz">'],
    ['but a picture that is none', '<img><img src="">'],
    ['but a sign that nobody sees', '<p>&shy;</p>'],
    ['for as long as the filter reads', `<!--${'x'.repeat(250_000)}--><p></p>`],
  ])('%s', (_, page) => {
    expect(viewOf(Buffer.from(letter(page))).text).toContain('wortaende');
    expect(readOf(letter(page))).toContain('wortaende');
  });

  it('and not where it shows a picture', () => {
    expect(readOf(letter('<img src="https://firma.example/angebot.jpg">'))).not.toContain('wortaende');
  });
});
