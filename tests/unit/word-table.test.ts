import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { extractFeatures } from '#mail-server/spam/extract-features.ts';
import { viewOf } from '#tests/support/letter-view.ts';

describe.each(['constructor', '__proto__'])('a word that every object of JavaScript knows, "%s", is a word like others', (word) => {
  test.each([
    ['as the charset of a text', `Content-Type: text/plain; charset=${word}\r\n\r\nGuten Tag`],
    ['as the charset of an encoded word', `Subject: =?${word}?q?Plan?=\r\n\r\nGuten Tag`],
    ['as an encoding', `Content-Type: text/plain\r\nContent-Transfer-Encoding: ${word}\r\n\r\nGuten Tag`],
    ['as a type', `Content-Type: ${word}/${word}; ${word}=${word}; name="a.${word}"\r\n\r\nGuten Tag`],
    ['as a tag and in style sheets', `Content-Type: text/html\r\n\r\n<${word}><font face=${word}><p style="${word}:${word}">Guten Tag</p>`],
    ['in text/enriched', `Content-Type: text/enriched\r\n\r\n<${word}>Guten Tag</${word}>`],
    ['as a month and a zone', `Date: Mon, 3 ${word} 2026 08:00 ${word}\r\n\r\nGuten Tag`],
  ])('%s', (_, letter) => {
    const raw = Buffer.from(`From: max@muster.at\r\n${letter}\r\n`);
    const isText = !letter.includes(`${word}/${word}`);
    expect(indexMessage(raw).text.includes('Guten Tag')).toBe(isText);
    expect(viewOf(raw).text.includes('Guten Tag')).toBe(isText);
    expect(extractFeatures(raw).fromDomain).toBe('muster.at');
  });

  it('as a command of RTF, and as what became of a letter', () => {
    const rtf = viewOf(`From: max@muster.at\nContent-Type: text/rtf\n\n{\\rtf1 \\${word} Guten Tag}`);
    expect(rtf.text).not.toContain('native code');
    const report = `Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.at\nAction: ${word}\n\n--b--`;
    expect(viewOf(`From: max@muster.at\n${report}`).outcomes).toEqual([]);
  });
});

/** What is asked there is a single letter, what a regular expression lets through, or a word of our own. */
const ownWords = new Set([
  'lib/client-setup/xml.ts escapes',
  'lib/webmail/trust/cautions.ts looksLike',
  'lib/launcher/test/system-needs.ts needs',
  'lib/launcher/test/system-needs.ts otherNames',
  'components/mail/keys-sheet.tsx signs',
  'components/admin/customers/certificate-notice.tsx kinds',
  'mail-server/store/postgres/database-errors.ts codes',
  'mail-server/spam/fold-text.ts umlauts',
  'mail-server/spam/fold-text.ts digits',
  'mail-server/spam/judge-links.ts readAs',
  'mail-server/sieve/match/translate-regex.ts GNU_ESCAPES',
  'mail-server/sieve/language/lexer.ts UNITS',
  'mail-server/sieve/compile/call.ts NAMES',
  'mail-server/reports/find-destinations.ts units',
  'mail-server/reports/read-dmarc-report.ts entities',
  'mail-server/reports/write-dmarc-report.ts characters',
  'mail-server/delivery/rules/refusal-line.ts umlauts',
]);

it('tables that are asked for words of strangers are asked for what was written into them, and nothing else', () => {
  const asked = globSync(['lib/**/*.ts', 'mail-server/**/*.ts', 'components/**/*.{ts,tsx}', 'app/**/*.{ts,tsx}']).flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    return [...source.matchAll(/^(?:export )?const (\w+): (?:Readonly<|Partial<)?Record<string,/gm)].flatMap(([, name = '']) =>
      new RegExp(`(?<![\\w.])${name}\\[(?!\\])`).test(source) && !source.includes(`Object.hasOwn(${name},`) ? [`${file} ${name}`] : [],
    );
  });
  expect(asked.filter((one) => !ownWords.has(one))).toEqual([]);
});
