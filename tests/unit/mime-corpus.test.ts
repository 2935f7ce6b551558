import { describe, expect, it } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { type Part, findSection, parsePartMap } from '#lib/mime/part-map.ts';
import { readBodyStructure, readEnvelope, type ReadBody } from '#tests/support/body-structure.ts';
import { corpusLetters, corpusText } from '#tests/support/corpus.ts';
import { parseImapList } from '#tests/support/imap-list.ts';

const letters = corpusLetters();

describe('every odd letter of the corpus', () => {
  it.each(letters)('$name has an index that holds together', ({ raw }) => {
    checkIndex(raw);
  });

  it.each(letters.filter(({ raw }) => raw.length < 3000))('$name may be cut off anywhere', ({ raw }) => {
    for (let length = 0; length < raw.length; length += 7) checkIndex(raw.subarray(0, length));
  });

  it.each(letters.filter(({ raw }) => raw.length < 50_000))('$name means the same with bare line feeds', ({ raw }) => {
    const bare = Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    const shape = (bytes: Buffer) => types(readBodyStructure(parseImapList(indexMessage(bytes).bodystructure), true));
    expect(shape(bare)).toEqual(shape(raw));
    expect(indexMessage(bare).envelope.toString('latin1')).toBe(indexMessage(raw).envelope.toString('latin1'));
  });
});

describe('the structures that mime4j expects', () => {
  // Where we differ on purpose: a multipart without parts shows its text; messages in base64 are not looked into (BODY[1.1] must be bytes
  // of the letter); a line without a colon in a header does not end it; white space at the end of a boundary, which RFC 2046 forbids, does not
  // count. Obsolete syntax and digests are compared elsewhere.
  const different = [
    'missing-',
    'multipartnopart',
    'base64',
    'malformedHeaderStartsBody',
    'bad-newlines',
    'digest',
    'weird-boundary',
    'long-boundary',
  ];
  const expected = letters
    .filter(({ name }) => name.startsWith('james-mime4j') && !different.some((word) => name.includes(word)))
    .map((letter) => ({ ...letter, xml: corpusText(letter.name.replace('.msg', '.xml')) }));

  it.each(expected)('$name', ({ raw, xml }) => {
    if (xml === null) throw new Error('no expectation');
    expect(squeeze(shapeOf(parsePartMap(indexMessage(raw).parts), raw))).toBe(squeeze(shapeOfXml(xml)));
  });
});

function checkIndex(raw: Buffer): void {
  const index = indexMessage(raw);
  const map = parsePartMap(index.parts);
  expect(findSection(map, [], 'part')).toEqual({ offset: 0, length: raw.length });
  expect(findSection(map, [], 'header')).toEqual({ offset: 0, length: index.headerLength });
  checkRanges(map, 0, raw.length);
  const structure = readBodyStructure(parseImapList(index.bodystructure), true);
  const body = readBodyStructure(parseImapList(index.body), false);
  expect(types(body)).toEqual(types(structure));
  compare(structure, map);
  readEnvelope(parseImapList(index.envelope));
  for (const text of [index.text, index.subject, index.baseSubject, index.from, index.to, index.cc, index.preview]) {
    expect(text.includes('\0')).toBe(false);
    expect(text.isWellFormed()).toBe(true);
  }
  expect(index.preview.length).toBeLessThanOrEqual(200);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
  expect(index.preview).not.toMatch(/[\x00-\x1f\x7f]/);
  expect(index.text.slice(0, index.bodyStart - 1)).toMatch(/^$|\n$/);
  expect(new Set(index.references).size).toBe(index.references.length);
  if (index.sentMs !== null) expect(Number.isSafeInteger(index.sentMs)).toBe(true);
}

function checkRanges(part: Part, from: number, to: number): void {
  expect(part.headerOffset).toBeGreaterThanOrEqual(from);
  expect(part.bodyOffset).toBe(part.headerOffset + part.headerLength);
  expect(part.bodyLength).toBeGreaterThanOrEqual(0);
  expect(part.bodyOffset + part.bodyLength).toBeLessThanOrEqual(to);
  let next = part.bodyOffset;
  for (const child of part.children) {
    checkRanges(child, next, part.bodyOffset + part.bodyLength);
    next = child.bodyOffset + child.bodyLength;
  }
  if (part.message !== null) {
    expect(part.message.headerOffset).toBe(part.bodyOffset);
    checkRanges(part.message, part.bodyOffset, part.bodyOffset + part.bodyLength);
    expect(part.message.bodyOffset + part.message.bodyLength).toBe(part.bodyOffset + part.bodyLength);
  }
}

function compare(structure: ReadBody, part: Part): void {
  expect(structure.type).toBe(`${part.type}/${part.subtype}`);
  expect(structure.parts.length).toBe(part.children.length);
  structure.parts.forEach((child, i) => {
    const other = part.children[i];
    if (other !== undefined) compare(child, other);
  });
  if (structure.parts.length > 0) return;
  expect(structure.size).toBe(part.bodyLength);
  expect(structure.encoding).toBe(part.encoding);
  expect(structure.message === null).toBe(part.message === null);
  if (structure.lines !== null) expect(structure.lines).toBe(part.lines);
  if (structure.message !== null && part.message !== null) compare(structure.message, part.message);
}

function types(body: ReadBody): unknown {
  return [body.type, body.parts.map(types), body.message === null ? null : types(body.message)];
}

/** "multipart(body:text body:text)", white space at line ends and between left out. */
function shapeOf(part: Part, raw: Buffer): string {
  if (part.children.length > 0) return `multipart(${part.children.map((child) => shapeOf(child, raw)).join(' ')})`;
  if (part.message !== null) return `message(${shapeOf(part.message, raw)})`;
  return `body:${squeeze(raw.toString('latin1', part.bodyOffset, part.bodyOffset + part.bodyLength))}`;
}

function shapeOfXml(xml: string): string {
  const text = xml.replace(/<header>[\s\S]*?<\/header>|<(preamble|epilogue)>[\s\S]*?<\/\1>|<\/?body-part>/g, '');
  const root = text.replace(/^\s*<message>|<\/message>\s*$/g, '');
  return root
    .replace(/<body>([\s\S]*?)<\/body>/g, (_, content: string) => ` body:${squeeze(unescapeXml(content))}`)
    .replace(/<(multipart|message)>\s*/g, ' $1(')
    .replace(/\s*<\/(multipart|message)>/g, ')')
    .replace(/\s*\n\s*/g, '')
    .replace(/\(\s+/g, '(')
    .trim();
}

const squeeze = (text: string): string => text.replace(/\s+/g, '');
const unescapeXml = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
