import { decodeHz, decodeIso2022Jp, decodeShifted, hasJapaneseEscape, hasKoreanEscape } from '#lib/mime/decode-iso-2022.ts';
import { decodeText } from '#lib/mime/decode-text.ts';
import { DEFAULT_MIME_LIMITS as limits } from '#lib/mime/limits.ts';
import { toLetterPart } from '#lib/mime/letter-part.ts';
import { planLetter } from '#lib/mime/plan-letter.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { enrichedToHtml } from '#lib/mime/text-enriched.ts';
import { safeFileName } from '#lib/webmail/files/attachments.ts';
import { readInvitation } from '#lib/webmail/calendar/calendar-invitation.ts';
import { repairCalendar } from '#lib/webmail/calendar/calendar-source.ts';
import { holdsPgpMessage, withoutArmour } from '#lib/mime/clear-signed.ts';
import { readPlainBounce } from '#lib/webmail/view/plain-bounce.ts';
import { parseDeclarations, parseStyleSheet } from '#lib/webmail/html/css-syntax.ts';
import { readDeliveryReport } from '#lib/webmail/view/delivery-outcome.ts';
import { quotesOnly } from '#lib/webmail/reading/quotes-only.ts';
import { readTnef } from '#lib/webmail/view/read-tnef.ts';
import { safeStyleAttribute, safeStyleSheet } from '#lib/webmail/html/safe-css.ts';
import { safeSelectors } from '#lib/webmail/html/safe-selector.ts';
import { sanitizeMailHtml } from '#lib/webmail/html/sanitize-mail-html.ts';
import { linkPieces, textBlocks } from '#lib/webmail/view/text-blocks.ts';
import type { CostRow } from '#tests/support/cost-gate.ts';
import { viewOf } from '#tests/support/letter-view.ts';

const of = (file: string, name: string): string => `lib/webmail/${file}.ts ${name}`;
const mime = (file: string, name: string): string => `lib/mime/${file}.ts ${name}`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const filled = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length));

const css = { scope: 'm0', dark: true, picture: () => null };
const pictures = { inlineImage: () => null, remoteImage: null, dark: true };

/** what browsers' parsers and ours stumble over, in HTML */
const htmlShapes = {
  'nested divs, foreign end tags': (size: number) => '<div>'.repeat(size / 10) + '</span>'.repeat(size / 14),
  'nested formatting': filled('<b><i><font color=red>'),
  'formatting over paragraphs': (size: number) => '<b><i><u>'.repeat(10) + '<p>'.repeat(size / 3),
  'nested tables': filled('<table><tr><td>'),
  'nested lists': filled('<ul><li>'),
  'many attributes': (size: number) => `<a ${Array.from({ length: size / 8 }, (_, at) => `x${at}`).join(' ')}>`,
  'style attributes': (size: number) => Array.from({ length: size / 40 }, (_, at) => `<p style="margin:0 ${at}px">x</p>`).join(''),
  'unclosed SVG': filled('<svg>'),
  'unclosed XML': filled('<xml>'),
  'unclosed style with blanks': filled(`<style></style${' '.repeat(300)}`),
  'images by name': filled('<img src=cid:x>'),
};
const cssShapes = {
  'bad declarations': (size: number) => `a{${'$x;'.repeat(size / 3)}}`,
  'bad values': (size: number) => `a{${'color:};{x:1;'.repeat(size / 13)}`,
  'good rules': filled('a{color:red}'),
  'many selectors': (size: number) => `${'a,'.repeat(size / 2)}b{color:red}`,
  'open attribute selectors': filled('a[b{c:d}'),
  'nested media': filled('@media x{'),
  'open functions': (size: number) => `a{color:${'rgb('.repeat(size / 4)}`,
};

export const letterRows: CostRow[] = [
  {
    entry: mime('decode-iso-2022', 'decodeIso2022Jp'),
    run: (text) => decodeIso2022Jp(bytes(text)),
    shapes: { escapes: filled('\x1b$B\x1b(B'), shifts: filled('\x0ea') },
  },
  { entry: mime('decode-iso-2022', 'decodeShifted'), run: (text) => decodeShifted(bytes(text)) },
  { entry: mime('decode-iso-2022', 'decodeHz'), run: (text) => decodeHz(bytes(text)), shapes: { braces: filled('~{~') } },
  { entry: mime('decode-iso-2022', 'hasJapaneseEscape'), run: (text) => hasJapaneseEscape(bytes(text)) },
  { entry: mime('decode-iso-2022', 'hasKoreanEscape'), run: (text) => hasKoreanEscape(bytes(text)) },
  {
    entry: mime('decode-text', 'decodeText'),
    run: (text) => decodeText(bytes(text), { type: 'text', subtype: 'html', encoding: '8bit', parameters: [] }),
    shapes: { metas: filled('<meta ') },
  },
  { entry: mime('text-enriched', 'enrichedToHtml'), run: enrichedToHtml, shapes: { params: filled('<param>'), lines: filled('\n') } },
  {
    entry: mime('plan-letter', 'planLetter'),
    prepare: (shape) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${shape}`,
    run: (text) => planLetter(toLetterPart(scanEntities(bytes(text), limits), 200)),
  },
  {
    entry: mime('letter-part', 'toLetterPart'),
    prepare: (shape) => `Content-Disposition: attachment; ${shape.replace(/\r?\n/g, ' ')}\r\n\r\n`,
    run: (text) => toLetterPart(scanEntities(bytes(text), limits), 200),
  },
  { entry: of('html/sanitize-mail-html', 'sanitizeMailHtml'), run: (text) => sanitizeMailHtml(text, pictures), shapes: htmlShapes },
  { entry: of('html/safe-css', 'safeStyleSheet'), run: (text) => safeStyleSheet(text, css), shapes: cssShapes },
  { entry: of('html/safe-css', 'safeStyleAttribute'), run: (text) => safeStyleAttribute(text, css), size: 5000 },
  { entry: of('html/css-syntax', 'parseStyleSheet'), run: parseStyleSheet, shapes: cssShapes },
  { entry: of('html/css-syntax', 'parseDeclarations'), run: parseDeclarations, shapes: cssShapes },
  { entry: of('html/safe-selector', 'safeSelectors'), run: (text) => safeSelectors(text, { scope: 'm0' }), size: 5000 },
  {
    entry: of('view/text-blocks', 'textBlocks'),
    run: (text) => textBlocks(text),
    shapes: { quotes: filled('>'), lines: filled('\n'), columns: filled('a  b\n') },
  },
  {
    entry: of('view/text-blocks', 'textBlocks'),
    run: (text) => textBlocks(text, { flowed: true, delSp: true }),
    shapes: { flows: filled('a \n'), quotes: filled('> a \n') },
  },
  {
    entry: of('view/text-blocks', 'linkPieces'),
    run: linkPieces,
    size: 20_000,
    shapes: { schemes: filled('http://'), hosts: filled('www.'), mails: filled('a@b.at '), brackets: filled('<http://a\n') },
  },
  {
    entry: of('calendar/calendar-invitation', 'readInvitation'),
    prepare: (shape) => `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:${shape}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    run: (text) => readInvitation(text),
    size: 100_000,
  },
  {
    entry: of('calendar/calendar-source', 'repairCalendar'),
    prepare: (shape) => `BEGIN:VCALENDAR\n${shape}`,
    run: repairCalendar,
    shapes: {
      begins: filled('BEGIN:VEVENT\n'),
      'text without names': (size) => `DESCRIPTION:x\n${'a\n'.repeat(size / 2)}`,
      'soft breaks': (size) => `SUMMARY;ENCODING=QUOTED-PRINTABLE:x=\n${'a=\n'.repeat(size / 3)}`,
      parameters: (size) => `A${';b="c"'.repeat(size / 6)}`,
      rules: (size) => `RRULE:${'A=B;'.repeat(size / 4)}`,
    },
  },
  {
    entry: of('view/plain-bounce', 'readPlainBounce'),
    prepare: (shape) => `Hi. This is the qmail-send program at x\n${shape}`,
    run: readPlainBounce,
    shapes: { recipients: filled('<a@b.example>:\n') },
  },
  { entry: mime('clear-signed', 'holdsPgpMessage'), run: holdsPgpMessage, shapes: { lines: filled('-----BEGIN\n') } },
  {
    entry: mime('clear-signed', 'withoutArmour'),
    run: withoutArmour,
    shapes: {
      begins: filled('-----BEGIN PGP SIGNED MESSAGE-----\n'),
      escapes: (size) => `-----BEGIN PGP SIGNED MESSAGE-----\n${'- -\n'.repeat(size / 4)}`,
    },
  },
  {
    entry: of('view/delivery-outcome', 'readDeliveryReport'),
    run: readDeliveryReport,
    shapes: { groups: filled('Action: failed\r\n\r\n'), gaps: filled('\r\n \r\n') },
  },
  { entry: of('reading/quotes-only', 'quotesOnly'), run: (text) => quotesOnly(text, text) },
  { entry: of('view/read-tnef', 'readTnef'), run: (text) => readTnef(Buffer.concat([Buffer.from('789f3e220000', 'hex'), bytes(text)])) },
  { entry: of('files/attachments', 'safeFileName'), run: safeFileName },
  {
    entry: of('view/view-worker', 'work'),
    prepare: (shape) => `Content-Type: text/html\r\n\r\n${shape}`,
    run: (text) => viewOf(bytes(text)),
    shapes: htmlShapes,
  },
  { entry: of('view/view-worker', 'work'), prepare: (shape) => `Subject: x\r\n\r\n${shape}`, run: (text) => viewOf(bytes(text)) },
];

export const letterSafe: Record<string, string> = {
  [mime('decode-charset', 'isUsefulCharset')]: 'looks a short name up',
  [mime('decode-text', 'isMarkup')]: 'compares two words',
  [mime('plan-letter', 'isSmime')]: 'looks a type up',
  [mime('letter-part', 'findEntity')]: 'walks a path of numbers',
  [mime('letter-part', 'findLetterPart')]: 'walks a path of numbers',
  [mime('letter-part', 'bareId')]: 'trims one value',
  [mime('letter-part', 'givenName')]: 'decodeParameter, which has a row',
  [mime('plan-letter', 'isPicture')]: 'looks a type up',
};
