import { baseSubject } from '#lib/mime/base-subject.ts';
import { decodeCharset, decodeUtf8OrWestern, storable } from '#lib/mime/decode-charset.ts';
import { bodyCharset } from '#lib/mime/body-charset.ts';
import { decodeBase64, decodeBase64Text, decodeContent, decodeQuotedPrintable } from '#lib/mime/decode-content.ts';
import { decodeEncodedWords, decodeWholeWords } from '#lib/mime/decode-encoded-words.ts';
import { decodeParameter } from '#lib/mime/decode-parameter.ts';
import { fewMarks, fewMarksInPieces } from '#lib/mime/few-marks.ts';
import { flowedText, flowLines, quotedLines } from '#lib/mime/flowed-text.ts';
import { formatAddresses } from '#lib/mime/format-addresses.ts';
import { hashReferences } from '#lib/mime/hash-references.ts';
import { normalForm } from '#lib/mime/normal-form.ts';
import { selectFields } from '#lib/mime/select-fields.ts';
import { htmlToText } from '#lib/mime/html-to-text.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { DEFAULT_MIME_LIMITS } from '#lib/mime/limits.ts';
import { nameInDns } from '#lib/mime/dns-name.ts';
import { firstBoundary, ownDelimiter } from '#lib/mime/own-delimiter.ts';
import { parseAuthors, determineAuthors } from '#lib/mime/parse-authors.ts';
import { hasDisguisedFrom, readAuthor } from '#lib/mime/read-author.ts';
import { JoinedBytes } from '#lib/mime/joined-bytes.ts';
import { headerEnd, MessageHeader, nameToSome, splitFields, unfold, withoutFields } from '#lib/mime/read-header.ts';
import { parseAddresses } from '#lib/mime/parse-addresses.ts';
import { parameter, parseContentType, parseParameterised, removeComments } from '#lib/mime/parse-content-type.ts';
import { parseDate } from '#lib/mime/parse-date.ts';
import { hasLoneNewline } from '#lib/mime/lone-newline.ts';
import { forgottenText, parseHeader } from '#lib/mime/parse-header.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { wireNString, wireString } from '#lib/mime/wire-string.ts';
import { readRtf, unpackRtf } from '#lib/mime/read-rtf.ts';
import { joinSurrogates, namedC1, namedSigns, undoDoubleUtf8 } from '#lib/mime/repair-text.ts';
import { isTrackingPicture } from '#lib/mime/tracking-picture.ts';
import { withoutTerminalCodes } from '#lib/mime/terminal-text.ts';
import { decodeUuencode, splitUuencoded } from '#lib/mime/uuencode.ts';
import { writeEnvelope } from '#lib/mime/write-envelope.ts';
import { storableJson } from '#lib/mime/storable-json.ts';
import type { CostRow } from '#tests/support/cost-gate.ts';

const of = (file: string, name: string): string => `lib/mime/${file}.ts ${name}`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
/** a text as the value of a field, with folds where line ends are */
const asValue = (text: string): string => text.replace(/\r?\n(?![ \t])/g, '\r\n ');
const field = (name: string) => (shape: string) => `${name}: ${asValue(shape)}\r\n`;
const most = 10_000;
const filled = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length));

const fields = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'References',
  'In-Reply-To',
  'Content-Type',
  'Content-Disposition',
  'Sender',
];
const bodies = [
  'text/plain',
  'text/html',
  'multipart/mixed; boundary=b',
  'text/plain; charset=iso-2022-jp',
  'text/plain; format=flowed',
  'message/rfc822',
];

/** the head of compressed RTF */
const packedHead = Buffer.from('00000000ffffff004c5a467500000000', 'hex');

export const mimeRows: CostRow[] = [
  { entry: of('base-subject', 'baseSubject'), run: baseSubject },
  { entry: of('normal-form', 'normalForm'), run: (text) => normalForm(text, 'NFKC') },
  { entry: of('few-marks', 'fewMarks'), run: (text) => fewMarks(text.replaceAll(' ', '\u0301')) },
  {
    entry: of('tracking-picture', 'isTrackingPicture'),
    run: (text) =>
      isTrackingPicture(
        text,
        new Map([
          ['style', text],
          ['width', text],
        ]),
      ),
  },
  {
    entry: of('few-marks', 'fewMarksInPieces'),
    run: (text) => text.replaceAll(' ', '\u0301').split('x').map(fewMarksInPieces()),
  },
  { entry: of('decode-charset', 'decodeCharset'), run: (text) => decodeCharset(bytes(text), 'iso-2022-jp') },
  { entry: of('decode-charset', 'decodeUtf8OrWestern'), run: (text) => decodeUtf8OrWestern(bytes(text)) },
  { entry: of('decode-charset', 'storable'), run: storable },
  { entry: of('storable-json', 'storableJson'), run: storableJson },
  { entry: of('decode-content', 'decodeContent'), run: (text) => decodeContent(bytes(text), 'quoted-printable') },
  { entry: of('decode-content', 'decodeBase64'), run: (text) => decodeBase64(bytes(text)) },
  {
    entry: of('decode-content', 'decodeBase64Text'),
    run: (text) => decodeBase64Text(bytes(text)),
    shapes: { lines: (size) => '\n'.repeat(size), letters: (size) => 'abcd\n'.repeat(size / 5) },
  },
  { entry: of('decode-content', 'decodeQuotedPrintable'), run: (text) => decodeQuotedPrintable(bytes(text)) },
  { entry: of('decode-encoded-words', 'decodeEncodedWords'), run: decodeEncodedWords },
  { entry: of('decode-encoded-words', 'decodeWholeWords'), run: decodeWholeWords },
  {
    entry: of('decode-parameter', 'decodeParameter'),
    run: (text) => decodeParameter(parseParameterised(`a; ${text}`, DEFAULT_MIME_LIMITS.parameters).parameters, 'name'),
  },
  {
    entry: of('uuencode', 'splitUuencoded'),
    run: splitUuencoded,
    shapes: {
      begins: (size) => `${'begin 644 a\n'.repeat(size / 12)}end\n`,
      files: (size) => 'begin 644 a\n#0V%T\n`\nend\n'.repeat(size / 24),
      code: (size) => `begin 644 a\n${'#0V%T\n'.repeat(size / 6)}x\nend`,
      yencLate: (size) => '\n'.repeat(size) + '=ybegin name=a\n=yend size=1\n'.repeat(200),
      yenc: (size) => `${'=ybegin name=a\n'.repeat(size / 15)}=yend size=1\n`,
    },
  },
  {
    entry: of('uuencode', 'decodeUuencode'),
    run: (text) => decodeUuencode(bytes(text)),
    shapes: { code: (size) => '#0V%T\n'.repeat(size / 6) },
  },
  {
    entry: of('read-rtf', 'readRtf'),
    run: readRtf,
    shapes: {
      groups: (size) => '{'.repeat(size),
      words: (size) => '\\b '.repeat(size / 3),
      bytes: (size) => "\\'fc".repeat(size / 4),
      characters: (size) => '\\u8364?'.repeat(size / 7),
    },
  },
  { entry: of('read-rtf', 'unpackRtf'), run: (text) => unpackRtf(Buffer.concat([packedHead, bytes(text)])) },
  {
    entry: of('terminal-text', 'withoutTerminalCodes'),
    run: withoutTerminalCodes,
    shapes: {
      escapes: (size) => '\x1b['.repeat(size / 2),
      titles: (size) => '\x1b]a'.repeat(size / 3),
      struck: (size) => 'a\b'.repeat(size / 2),
    },
  },
  {
    entry: of('repair-text', 'undoDoubleUtf8'),
    run: undoDoubleUtf8,
    shapes: { twice: (size) => 'Ã¼'.repeat(size / 2), leads: (size) => 'Ã'.repeat(size) },
  },
  { entry: of('repair-text', 'namedSigns'), run: namedSigns, shapes: { signs: (size) => '\uf0b7'.repeat(size) } },
  { entry: of('repair-text', 'namedC1'), run: namedC1, shapes: { controls: (size) => '\x84'.repeat(size) } },
  {
    entry: of('repair-text', 'joinSurrogates'),
    run: (text) => joinSurrogates(bytes(text)),
    shapes: { pairs: (size) => '\xed\xa0\x80\xed\xb0\x80'.repeat(size / 6), halves: (size) => '\xed\xa0\x80'.repeat(size / 3) },
  },
  {
    entry: of('body-charset', 'bodyCharset'),
    prepare: (shape) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${shape}`,
    run: (text) => bodyCharset(scanEntities(bytes(text), DEFAULT_MIME_LIMITS)),
  },
  { entry: of('format-addresses', 'formatAddresses'), run: (text) => formatAddresses(parseAddresses(text, most)) },
  { entry: of('hash-references', 'hashReferences'), prepare: field('References'), run: (text) => hashReferences(parseHeader(text, most)) },
  { entry: of('select-fields', 'selectFields'), run: (text) => selectFields(bytes(text), ['a', 'from'], true) },
  { entry: of('flowed-text', 'flowLines'), run: (text) => flowLines(text, true, text.length), shapes: { flows: filled('> a \n') } },
  { entry: of('flowed-text', 'flowedText'), run: (text) => flowedText(text, true), shapes: { flows: filled('> a \n') } },
  { entry: of('flowed-text', 'quotedLines'), run: (text) => quotedLines(text, text.length), shapes: { quotes: filled('>') } },
  { entry: of('html-to-text', 'htmlToText'), run: htmlToText },
  ...fields.map((name) => ({
    entry: of('index-message', 'indexMessage'),
    prepare: (shape: string) => `${field(name)(shape)}\r\nx`,
    run: (text: string) => indexMessage(bytes(text)),
  })),
  ...bodies.map((type) => ({
    entry: of('index-message', 'indexMessage'),
    prepare: (shape: string) => `Content-Type: ${type}\r\n\r\n${shape}`,
    run: (text: string) => indexMessage(bytes(text)),
  })),
  { entry: of('index-message', 'indexMessage'), run: (text) => indexMessage(bytes(text)) },
  { entry: of('parse-addresses', 'parseAddresses'), run: (text) => parseAddresses(text, most) },
  { entry: of('address-lexer', 'AddressLexer'), run: (text) => parseAddresses(`<${text}`, most) },
  { entry: of('parse-content-type', 'parseContentType'), run: (text) => parseContentType(text, 'text/plain', 200) },
  { entry: of('parse-content-type', 'parseParameterised'), run: (text) => parseParameterised(`a; b=${text}`, 200) },
  { entry: of('parse-content-type', 'parameter'), run: (text) => parameter(parseParameterised(text, 200).parameters, 'a') },
  { entry: of('parse-content-type', 'removeComments'), run: removeComments },
  { entry: of('parse-date', 'parseDate'), run: parseDate },
  { entry: of('dns-name', 'nameInDns'), run: nameInDns },
  { entry: of('parse-authors', 'parseAuthors'), run: (text) => parseAuthors(text, most) },
  { entry: of('parse-authors', 'determineAuthors'), run: determineAuthors, size: 4_096 },
  { entry: of('read-author', 'readAuthor'), prepare: field('From'), run: (text) => readAuthor(new MessageHeader(bytes(text))) },
  { entry: of('read-author', 'hasDisguisedFrom'), run: (text) => hasDisguisedFrom(new MessageHeader(bytes(text))) },
  {
    entry: of('joined-bytes', 'JoinedBytes'),
    run: (text) => {
      const joined = new JoinedBytes();
      for (let at = 0; at < text.length; at += 3) joined.push(bytes(text.slice(at, at + 3)));
      return joined.take();
    },
  },
  { entry: of('read-header', 'headerEnd'), run: (text) => headerEnd(bytes(text)) },
  { entry: of('read-header', 'splitFields'), run: splitFields },
  { entry: of('own-delimiter', 'firstBoundary'), run: (text) => firstBoundary(bytes(`\n\n--${text}`), 0) },
  {
    entry: of('own-delimiter', 'ownDelimiter'),
    prepare: (shape) => `Content-Type: multipart/mixed; boundary=b\r\n${shape}\r\n--b\r\n${shape}`,
    run: (text) => ownDelimiter(text, { headerFields: most, parameters: most }),
  },
  {
    entry: of('read-header', 'nameToSome'),
    run: (text) => {
      const header = new MessageHeader(bytes(text));
      return header.fields.map((each) => nameToSome(header, each));
    },
  },
  { entry: of('read-header', 'unfold'), run: (text) => unfold(text, 0, text.length) },
  { entry: of('read-header', 'MessageHeader'), run: (text) => new MessageHeader(bytes(text)) },
  {
    entry: of('read-header', 'withoutFields'),
    run: (text) => withoutFields(bytes(text), new MessageHeader(bytes(text)).named('a')),
  },
  { entry: of('lone-newline', 'hasLoneNewline'), run: (text) => hasLoneNewline(bytes(text)) },
  { entry: of('parse-header', 'parseHeader'), run: (text) => parseHeader(text, most) },
  {
    entry: of('parse-header', 'forgottenText'),
    run: (text) => forgottenText({ type: 'text', subtype: 'plain', encoding: '7bit' }, parseHeader(text, most)),
  },
  { entry: of('parse-header', 'parseHeader'), prepare: field('X-A'), run: (text) => parseHeader(text, most) },
  { entry: of('scan-entity', 'scanEntities'), run: (text) => scanEntities(bytes(text), DEFAULT_MIME_LIMITS) },
  { entry: of('wire-string', 'wireString'), run: wireString },
  { entry: of('wire-string', 'wireNString'), run: wireNString },
  {
    entry: of('write-envelope', 'writeEnvelope'),
    prepare: field('From'),
    run: (text) => writeEnvelope(parseHeader(text, most), { left: most }),
  },
];

const whole = 'runs inside indexMessage, which has rows for every field and kind of body';
export const mimeSafe: Record<string, string> = {
  [of('charset-names', 'canonicalCharset')]: 'looks at 100 characters',
  [of('charset-names', 'isKnownCharset')]: 'looks a short name up',
  [of('charset-names', 'isWide')]: 'looks at the beginning of a short name',
  [of('charset-names', 'windowsFor')]: 'looks a short name up',
  [of('text-format', 'textFormat')]: 'two parameters of one field, which have a row',
  [of('count-lines', 'countLines')]: whole,
  [of('decode-charset', 'isStatefulCharset')]: 'looks a short name up',
  [of('between', 'between')]: 'a slice of each chunk, whatever stands in it',
  [of('decode-chunks', 'decodeChunks')]: 'the same decoders as decodeContent, piece by piece',
  [of('decode-content', 'isKnownEncoding')]: 'looks a short name up',
  [of('decode-content', 'base64Decoder')]: 'the decoder of decodeBase64',
  [of('delimiter-set', 'DelimiterSet')]: whole,
  [of('judgement', 'unknownProvenance')]: 'a constant',
  [of('judgement', 'writtenHere')]: 'a constant',
  [of('judgement', 'provenanceColumns')]: 'writes what the checks found, which is bounded',
  [of('judgement', 'readProvenance')]: 'JSON that we wrote',
  [of('read-author', 'soleAuthor')]: 'looks at a list of at most 20',
  [of('read-author', 'writtenAddress')]: 'joins two short texts',
  [of('gaps', 'gaps')]: 'a regular expression, which regular-expressions.test.ts asks; safeFileName has a row',
  [of('entity', 'isMultipart')]: 'asks a length',
  [of('extract-text', 'extractText')]: whole,
  [of('extract-text', 'isEncoded')]: 'compares two words',
  [of('extract-text', 'calendarText')]: 'a part of extractText',
  [of('word-table', 'wordTable')]: 'a table of ours',
  [of('plan-letter', 'isContinuationName')]: 'holds a name against twelve characters',
  [of('plan-letter', 'isBlankText')]: 'compares a type and a number',
  [of('hash-references', 'hashMessageId')]: 'one hash',
  [of('limits', 'DEFAULT_MIME_LIMITS')]: 'a constant',
  [of('make-preview', 'makePreview')]: whole,
  [of('parse-addresses', 'MISSING_MAILBOX')]: 'a constant',
  [of('parse-addresses', 'MISSING_DOMAIN')]: 'a constant',
  [of('parse-header', 'findField')]: 'goes through a list once',
  [of('parse-header', 'findTopField')]: 'goes through a list once',
  [of('part-map', 'findSection')]: 'walks a path of numbers',
  [of('part-map', 'findPart')]: 'walks a path of numbers',
  [of('part-map', 'serialisePartMap')]: whole,
  [of('part-map', 'parsePartMap')]: 'JSON that we wrote',
  [of('scan-entity', 'scanEntities')]: whole,
  [of('scan-letter', 'scanLetter')]: whole,
  [of('write-bodystructure', 'writeBodyStructure')]: whole,
  [of('write-envelope', 'addressList')]: whole,
};
