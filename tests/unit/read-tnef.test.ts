import { describe, expect, it } from 'vitest';
import { readTnef } from '#lib/webmail/view/read-tnef.ts';
import { sourceOf, viewOf } from '#tests/support/letter-view.ts';
import work from '#lib/webmail/view/view-worker.ts';

/** Attribute of MS-OXTNEF section 2.1: level, id, length, data, checksum. */
function attribute(level: number, id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(data.length, 5);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(data.reduce((total, byte) => (total + byte) & 0xffff, 0));
  return Buffer.concat([head, data, sum]);
}

/** One PT_UNICODE property (MS-OXTNEF section 2.1.3.4). */
function unicodeProperty(id: number, text: string): Buffer {
  const value = Buffer.from(`${text}\0`, 'utf16le');
  const head = Buffer.alloc(16);
  head.writeUInt32LE(1, 0);
  head.writeUInt16LE(0x001f, 4);
  head.writeUInt16LE(id, 6);
  head.writeUInt32LE(1, 8);
  head.writeUInt32LE(value.length, 12);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

const packed = Buffer.concat([
  Buffer.from('789f3e220000', 'hex'),
  attribute(1, 0x0002800c, Buffer.from('Anbei der Plan.\0')),
  attribute(2, 0x00069002, Buffer.alloc(14)),
  attribute(2, 0x00018010, Buffer.from('PLAN~1.PDF\0')),
  attribute(2, 0x0006800f, Buffer.from('%PDF-1.4 inhalt')),
  attribute(2, 0x00069005, unicodeProperty(0x3707, 'Pläne für Käufer.pdf')),
]);

describe('winmail.dat', () => {
  it('gives its files with their long names, and its text', () => {
    const content = readTnef(packed);
    expect(content?.text).toBe('Anbei der Plan.');
    expect(content?.files.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([['Pläne für Käufer.pdf', '%PDF-1.4 inhalt']]);
  });

  it('cut anywhere, ends without failing', () => {
    for (let length = 0; length < packed.length; length++) expect(() => readTnef(packed.subarray(0, length))).not.toThrow();
  });

  it('stands in a letter as the files that it holds, and each can be had', () => {
    const letter = Buffer.from(
      `Subject: x\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nText\r\n--q\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed.toString('base64')}\r\n--q--\r\n`,
    );
    expect(viewOf(letter).attachments).toMatchObject([{ part: '2/1', name: 'Pläne für Käufer.pdf' }]);
    expect(work({ kind: 'file', container: packed, encoding: 'binary', holds: 'tnef', path: ['1'] })).toMatchObject({
      name: 'Pläne für Käufer.pdf',
    });
  });

  it('has files without a name, which have the same one in the letter and when they are saved', () => {
    const nameless = Buffer.concat([
      packed.subarray(0, 6),
      attribute(2, 0x00069002, Buffer.alloc(14)),
      attribute(2, 0x0006800f, Buffer.from('x')),
    ]);
    const letter = Buffer.from(
      `Subject: x\r\nContent-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n${nameless.toString('base64')}\r\n`,
    );
    const name = 'part-1.bin';
    expect(viewOf(letter).attachments).toMatchObject([{ name }]);
    expect(work({ kind: 'file', container: nameless, encoding: 'binary', holds: 'tnef', path: ['1'] })).toMatchObject({ name });
  });

  it('speaks for a letter that has no other text', () => {
    const letter = Buffer.from(
      `Subject: x\r\nContent-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed.toString('base64')}\r\n`,
    );
    expect(viewOf(letter).text).toBe('Anbei der Plan.');
    // an answer quotes what was read, and a forward takes the file along
    expect(sourceOf(letter)).toMatchObject({
      source: 'Anbei der Plan.',
      opened: ['1'],
      files: [{ part: '1/1', name: 'Pläne für Käufer.pdf' }],
    });
  });
});
