import { decodeHz, decodeIso2022Jp, decodeShifted, hasJapaneseEscape, hasKoreanEscape } from '#lib/mime/decode-iso-2022.ts';
import { decodeText } from '#lib/mime/decode-text.ts';
import { DEFAULT_MIME_LIMITS as limits } from '#lib/mime/limits.ts';
import { toLetterPart } from '#lib/mime/letter-part.ts';
import { planLetter } from '#lib/mime/plan-letter.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { enrichedToHtml } from '#lib/mime/text-enriched.ts';
import { safeFileName } from '#lib/webmail/files/attachments.ts';
import { readInvitation } from '#lib/webmail/calendar/invitation.ts';
import { repairCalendar } from '#lib/webmail/calendar/source.ts';
import { holdsPgpMessage, withoutArmour } from '#lib/mime/clear-signed.ts';
import { readPlainBounce } from '#lib/webmail/view/plain-bounce.ts';
import { readDeliveryReport } from '#lib/webmail/view/delivery-outcome.ts';
import { quotesOnly } from '#lib/webmail/reading/quotes-only.ts';
import { readTnef, textOfTnef } from '#lib/webmail/view/read-tnef.ts';
import { calendarReply } from '#lib/webmail/calendar/reply.ts';
import { calendarText } from '#lib/webmail/calendar/text.ts';
import { ianaZone, offsetIn } from '#lib/webmail/calendar/zones.ts';
import { plainTextOf } from '#lib/webmail/view/plain-text.ts';
import { unwrapSigned } from '#lib/mime/signed-content.ts';
import { verifySignature } from '#lib/webmail/view/smime.ts';
import { blocksToHtml } from '#lib/webmail/view/text-html.ts';
import { plainPiece, shownInstead, tailOfBlocks, tailOfPieces, withTail } from '#lib/webmail/view/view-piece.ts';
import { firstBlocks } from '#lib/webmail/view/first-blocks.ts';
import { linkPieces, textBlocks, textOfBlocks } from '#lib/webmail/view/text-blocks.ts';
import type { CostRow } from '#tests/support/cost-gate.ts';
import { htmlShapes } from './html.ts';
import { sourceOf, viewOf } from '#tests/support/letter-view.ts';

const of = (file: string, name: string): string => `lib/webmail/${file}.ts ${name}`;
const mime = (file: string, name: string): string => `lib/mime/${file}.ts ${name}`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const filled = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length));

const event = (lines: string): string => `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
/** a letter of so many pictures, each named once in its HTML */
function related(pictures: number): string {
  const all = Array.from({ length: pictures }, (_, at) => at);
  const parts = all.map((at) => `--b\r\nContent-Type: image/png\r\nContent-ID: <${at}@x>\r\n\r\nx\r\n`).join('');
  const html = all.map((at) => `<img src=cid:${at}@x>`).join('');
  return `Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n${parts}--b--\r\n`;
}
/** what stands for a signature begins as one would */
const asn1 = (shape: string): string => `\x30\x80${shape}`;
const asn1Shapes = {
  'nested without an end': filled('\x30\x80'),
  'pieces of a text': filled('\x24\x80\x04\x01a'),
  integers: filled('\x02\x01\x01'),
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
    entry: of('calendar/invitation', 'readInvitation'),
    prepare: (shape) => `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:${shape}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    run: (text) => readInvitation(text),
    size: 100_000,
  },
  {
    entry: of('calendar/source', 'repairCalendar'),
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
  {
    entry: of('view/plain-bounce', 'readPlainBounce'),
    place: 'by a program that nobody knows',
    run: (text) =>
      readPlainBounce(`Undeliverable\n${text}`, { byProgram: true, subject: text, failed: ['a@b.example'], told: ['c@b.example'] }),
    shapes: { recipients: filled('to: <a@b.example>\n'), fields: filled('Final-Recipient: x\n\n') },
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
  {
    entry: of('view/view-worker', 'work'),
    place: 'pictures and what names them',
    prepare: (shape) => shape,
    run: (text) => viewOf(bytes(text)),
    size: 10_000,
    shapes: { related: (size) => related(size / 100) },
  },
  {
    entry: of('view/letter-source', 'letterSource'),
    prepare: (shape) => `Subject: x\r\n\r\n${shape}`,
    run: (text) => sourceOf(bytes(text)),
  },
  { entry: of('view/plain-text', 'plainTextOf'), run: plainTextOf, shapes: htmlShapes, size: 4096 },
  { entry: of('view/first-blocks', 'firstBlocks'), run: (text) => firstBlocks(textBlocks(text), text.length / 2) },
  { entry: of('view/text-html', 'blocksToHtml'), run: (text) => blocksToHtml(textBlocks(text)) },
  { entry: of('view/text-blocks', 'textOfBlocks'), run: (text) => textOfBlocks(textBlocks(text)) },
  { entry: of('view/view-piece', 'withTail'), run: (text) => withTail(textBlocks(`a\n\n${text}`)) },
  {
    entry: of('view/view-piece', 'tailOfPieces'),
    run: (text) => tailOfPieces([{ ...plainPiece([]), rich: true }, plainPiece(textBlocks(text))]),
  },
  { entry: of('view/view-piece', 'tailOfBlocks'), run: (text) => tailOfBlocks(textBlocks(`a\n> ${text}`)) },
  {
    entry: of('view/view-piece', 'shownInstead'),
    prepare: (shape) => `<title>${shape}<!--<style ${shape}`,
    run: (html) => shownInstead(html, { empty: true, hidden: false }),
    shapes: htmlShapes,
  },
  { entry: of('view/read-tnef', 'textOfTnef'), run: (text) => textOfTnef({ files: [], html: bytes(text), text: '', rtf: null }) },
  { entry: mime('signed-content', 'unwrapSigned'), prepare: asn1, run: (text) => unwrapSigned(bytes(text), true), shapes: asn1Shapes },
  {
    entry: of('view/smime', 'verifySignature'),
    prepare: asn1,
    run: (text) => verifySignature(null, bytes(text), 0),
    shapes: asn1Shapes,
  },
  {
    entry: of('calendar/reply', 'calendarReply'),
    prepare: (shape) => event(`UID:1\r\nSUMMARY:${shape}`),
    run: (text) =>
      calendarReply(text, { answer: 'ACCEPTED', attendee: { name: '', address: 'max@muster.at' }, at: '2026-01-01T00:00:00Z' }),
    size: 100_000,
  },
  { entry: of('calendar/text', 'calendarText'), prepare: (shape) => `<a>${shape}`, run: calendarText, shapes: htmlShapes },
  { entry: of('calendar/zones', 'ianaZone'), run: ianaZone, shapes: { cities: filled('Wien, ') } },
  { entry: of('calendar/zones', 'offsetIn'), run: offsetIn },
];

export const letterSafe: Record<string, string> = {
  [mime('decode-charset', 'isUsefulCharset')]: 'looks a short name up',
  [mime('decode-text', 'isMarkup')]: 'compares two words',
  [mime('plan-letter', 'isUntypedPicture')]: 'holds a type and the end of a name against a few characters',
  [mime('plan-letter', 'mayBeSigned')]: 'holds a type and a name against a few characters',
  [mime('plan-letter', 'isOpaque')]: 'holds a name against a few characters',
  [mime('signed-content', 'deepestSigned')]: 'a constant',
  [mime('signed-content', 'signedLetter')]: 'unwrapSigned and scanLetter, which have rows',
  [mime('signed-content', 'isEntity')]: 'looks at the names of fields',
  [mime('plan-letter', 'opaquePart')]: 'looks for a type among files, whose number is bounded',
  [mime('letter-part', 'leavesOf')]: 'walks parts, whose number is bounded',
  [mime('letter-part', 'findEntity')]: 'walks a path of numbers',
  [mime('letter-part', 'findLetterPart')]: 'walks a path of numbers',
  [mime('letter-part', 'bareId')]: 'trims one value',
  [mime('letter-part', 'givenName')]: 'decodeParameter, which has a row',
  [of('view/build-view', 'buildView')]: 'work in a worker, which has rows',
  [of('html/find-picture', 'findPicture')]: 'work, which has a row with pictures and what names them',
  [of('html/find-picture', 'pictureNames')]: 'decodeEncodedWords and decodeParameter, which have rows',
  [of('view/letter-source', 'picturesOf')]: 'a bounded number of parts',
  [of('view/letter-source', 'filesBeside')]: 'a bounded number of parts',
  [of('view/join-views', 'joinViews')]: 'puts two views together; blocksToHtml has a row',
  [of('view/join-views', 'joinSources')]: 'puts two texts together; escapeHtml has a row',
  [of('view/view-piece', 'plainPiece')]: 'blocksToHtml, which has a row',
  [of('view/message-part-text', 'messagePartText')]: 'parseHeader, which has a row',
  [of('view/needed-parts', 'calendarBytes')]: 'twenty parts at most',
  [of('view/needed-parts', 'neededParts')]: 'a bounded number of parts',
  [of('view/delivery-outcome', 'enhancedStatus')]: 'no function',
  [of('view/plain-bounce', 'readReportHead')]: 'compares words of some fields, each cut',
  [of('view/plain-bounce', 'joinOutcomes')]: 'compares at most fifty with fifty',
  [of('view/delivery-outcome', 'isAddress')]: 'one expression over 300 characters',
  [of('view/verify-letter', 'signedPlace')]: 'walks parts, whose number is bounded',
  [of('view/verify-letter', 'verifyLetter')]: 'verifySignature in a worker, which has a row',
  [of('view/read-inner-letter', 'readInnerLetter')]: 'work in a worker, which has rows',
  [of('view/view-letter', 'viewLetter')]: 'work in a worker, which has rows',
  [of('view/view-letter', 'bodyOf')]: 'picks fields',
  [of('view/view-letter', 'viewOptions')]: 'no text of a letter',
  [of('view/view-cache', 'keepView')]: 'a map',
  [of('view/view-cache', 'keptView')]: 'a map',
  [of('view/view-pool', 'runView')]: 'hands a task to a worker with a deadline',
  [of('view/sample-letter', 'sampleTask')]: 'no text of a letter',
  [of('view/view-pool', 'readyViewPool')]: 'no text of a letter',
  [of('view/view-pool', 'closeViewPool')]: 'no text of a letter',
  [of('calendar/answer-invitation', 'answerInvitation')]: 'calendarReply in a worker, which has a row',
  [of('calendar/invitation', 'mainEvent')]: 'readInvitation, which has a row',
  [of('calendar/invitation', 'methodOf')]: 'cuts a value',
  [of('calendar/invitation-state', 'changeFrom')]: 'compares four values of bounded length',
  [of('calendar/invitation-state', 'saidOf')]: 'cuts four values of an invitation that was read',
  [of('calendar/recurrence', 'readRecurrence')]: 'readInvitation, which has a row; of a rule ICAL has parsed, the first days',
  [of('calendar/invitation-state', 'invitationState')]: 'reads and writes a row',
  [of('calendar/invitation-state', 'noteAnswer')]: 'reads and writes a row',
  [of('calendar/invited-as', 'invitedAs')]: 'compares a bounded number of addresses',
  [of('calendar/windows-zones', 'windowsZones')]: 'a table',
  [of('calendar/zoned-instant', 'instantIn')]: 'reckons',
  [of('calendar/zoned-instant', 'momentOf')]: 'reckons',
  [of('calendar/zoned-instant', 'wallClock')]: 'reckons',
  [of('calendar/day-bounds', 'dayOf')]: 'reckons',
  [of('calendar/day-bounds', 'startOfDay')]: 'reckons',
  [of('calendar/day-bounds', 'endOfDay')]: 'reckons',
};
