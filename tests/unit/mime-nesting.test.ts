import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { type Part, findSection, parsePartMap } from '#lib/mime/part-map.ts';
import { readBodyStructure } from '#tests/support/body-structure.ts';
import { parseImapList } from '#tests/support/imap-list.ts';

/** A message as it is meant, before it is written. */
type Tree =
  | { kind: 'leaf'; header: string; body: string }
  | { kind: 'multipart'; preamble: string; epilogue: string; parts: Tree[] }
  | { kind: 'message'; header: string; inside: Tree };

/** Where a section must be: its number and its exact bytes. */
interface Expected {
  path: number[];
  kind: 'part' | 'mime' | 'header' | 'text';
  bytes: string;
}

const line = fc.string({ unit: fc.constantFrom(...'ab:- =.\xe4\0'), maxLength: 12 });
const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\r\n'));
const header = fc.constantFrom(
  '',
  'Content-Type: text/plain\r\n',
  'X-A: 1\r\n folded\r\n',
  'Content-Type: image/png; name="b0"\r\n',
  'no field here\r\n',
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.record({ kind: fc.constant('leaf' as const), header, body: text }),
    fc.record({
      kind: fc.constant('multipart' as const),
      preamble: text,
      epilogue: text,
      parts: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('message' as const), header: fc.constantFrom('', 'X-B: 2\r\n'), inside: tie('tree') }),
  ),
}));

describe('random messages', () => {
  it('are found again byte for byte, section by section', () => {
    fc.assert(
      fc.property(tree, fc.boolean(), (root, bareLineFeeds) => {
        const expected: Expected[] = [];
        const written = write(root, { next: 0 });
        expectSections(root, written, [], expected);
        const end = bareLineFeeds ? (bytes: string) => bytes.replaceAll('\r\n', '\n') : (bytes: string) => bytes;
        const raw = Buffer.from(end(written.header + written.body), 'latin1');
        const index = indexMessage(raw);
        const map = parsePartMap(index.parts);
        for (const { path, kind, bytes } of expected) {
          const found = findSection(map, path, kind);
          const slice = found === null ? null : raw.toString('latin1', found.offset, found.offset + found.length);
          expect({ path, kind, bytes: slice }).toEqual({ path, kind, bytes: end(bytes) });
        }
        readBodyStructure(parseImapList(index.bodystructure), true);
        checkLines(map, raw);
      }),
      { numRuns: 500 },
    );
  });

  it('are indexed whatever their bytes are', () => {
    const piece = fc.constantFrom(
      '--b0',
      '--b1',
      '\r\n',
      '\n',
      '\r',
      ' ',
      'Content-Type: multipart/mixed; boundary=b0\r\n',
      'Content-Type: message/rfc822\r\n',
      '\0',
      'x:',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const raw = Buffer.from(`Content-Type: multipart/digest; boundary=b1\r\n\r\n${pieces.join('')}`, 'latin1');
        const index = indexMessage(raw);
        readBodyStructure(parseImapList(index.bodystructure), true);
        checkLines(parsePartMap(index.parts), raw);
      }),
      { numRuns: 1000 },
    );
  });
});

interface Written {
  header: string;
  body: string;
  /** of a multipart: its parts; of a message: what is inside */
  inside: Written[];
}

function write(node: Tree, boundaries: { next: number }): Written {
  if (node.kind === 'leaf') return { header: `${node.header}\r\n`, body: node.body, inside: [] };
  if (node.kind === 'message') {
    const inside = write(node.inside, boundaries);
    return { header: `${node.header}Content-Type: message/rfc822\r\n\r\n`, body: inside.header + inside.body, inside: [inside] };
  }
  const boundary = `=_${boundaries.next++}_`;
  const inside = node.parts.map((part) => write(part, boundaries));
  const parts = inside.map((part) => `\r\n--${boundary}\r\n${part.header}${part.body}`).join('');
  const body = `${node.preamble}${parts}\r\n--${boundary}--\r\n${node.epilogue}`;
  return { header: `Content-Type: multipart/mixed;\r\n boundary="${boundary}"\r\n\r\n`, body, inside };
}

function expectSections(node: Tree, written: Written, path: number[], expected: Expected[]): void {
  if (path.length === 0) {
    expected.push({ path, kind: 'header', bytes: written.header }, { path, kind: 'text', bytes: written.body });
    if (node.kind !== 'multipart') expectPart(node, written, [1], expected);
  }
  if (node.kind === 'multipart') {
    node.parts.forEach((part, i) => {
      const child = written.inside[i];
      if (child !== undefined) expectPart(part, child, [...path, i + 1], expected);
    });
  }
}

function expectPart(node: Tree, written: Written, path: number[], expected: Expected[]): void {
  expected.push({ path, kind: 'part', bytes: written.body }, { path, kind: 'mime', bytes: written.header });
  if (node.kind === 'multipart') expectSections(node, written, path, expected);
  const inside = written.inside[0];
  if (node.kind !== 'message' || inside === undefined) return;
  expected.push({ path, kind: 'header', bytes: inside.header }, { path, kind: 'text', bytes: inside.body });
  if (node.inside.kind === 'multipart') expectSections(node.inside, inside, path, expected);
  else expectPart(node.inside, inside, [...path, 1], expected);
}

/** Counted the simple way. */
function checkLines(part: Part, raw: Buffer): void {
  if (part.type === 'text' || part.message !== null) {
    const body = raw.toString('latin1', part.bodyOffset, part.bodyOffset + part.bodyLength);
    expect(part.lines).toBe(body.split('\n').length - 1);
  }
  for (const child of part.children) checkLines(child, raw);
  if (part.message !== null) checkLines(part.message, raw);
}
