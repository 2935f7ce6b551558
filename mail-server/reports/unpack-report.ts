import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { decodeContent } from '../../lib/mime/decode-content.ts';
import type { Entity } from '../../lib/mime/entity.ts';
import { DEFAULT_MIME_LIMITS } from '../../lib/mime/limits.ts';
import { scanEntities } from '../../lib/mime/scan-entity.ts';
import { UnreadableReport } from './received-report.ts';

/** unpacked; the largest that are known have a quarter of it */
const largestBytes = 6 * 1024 * 1024;
const mostParts = 50;

/**
 * The documents in a letter that could be a report, unpacked: whatever they call themselves, by what they begin with. Run in a worker: small
 * bytes may become large ones. Throws UnreadableReport.
 */
export function* reportsIn(letter: Buffer): Generator<{ format: 'xml' | 'json'; text: string }> {
  let left = mostParts;
  for (const part of leaves(scanEntities(letter, DEFAULT_MIME_LIMITS))) {
    if (left-- === 0) return;
    const content = decodeContent(letter.subarray(part.bodyStart, part.bodyEnd), part.encoding);
    const document = unpacked(content);
    const text = document?.toString('utf8').replace(/^\uFEFF/, '') ?? '';
    if (/^\s{0,100}<(?:\?xml|(?:[\w-]{1,50}:)?feedback)[\s>]/.test(text)) yield { format: 'xml', text };
    else if (/^\s{0,100}\{/.test(text)) yield { format: 'json', text };
  }
}

function* leaves(entity: Entity): Generator<Entity> {
  const inner = [...entity.children, ...(entity.message ? [entity.message] : [])];
  if (inner.length === 0) yield entity;
  else for (const each of inner) yield* leaves(each);
}

function unpacked(content: Buffer): Buffer | null {
  if (content.length > largestBytes) throw new UnreadableReport('large');
  if (content[0] === 0x1f && content[1] === 0x8b) return unpackedGzip(content);
  if (content.length < 4 || content.readUInt32BE(0) !== 0x504b0304) return content;
  return unpackedZip(content);
}

function unpackedGzip(content: Buffer): Buffer {
  // one large reporter has a line end behind it; what small files end with is the upper half of their length, zero
  const file = content.subarray(0, content.findLastIndex((octet) => octet !== 10 && octet !== 13) + 1);
  try {
    return gunzipSync(file, { maxOutputLength: largestBytes });
  } catch (error) {
    throw new UnreadableReport(error instanceof RangeError ? 'large' : 'unreadable');
  }
}

/** The first file of an archive; the size that it claims is all the memory that it gets. */
function unpackedZip(content: Buffer): Buffer | null {
  let taken = false;
  try {
    const files = unzipSync(content, {
      filter: ({ originalSize, size }) => {
        if (originalSize > largestBytes || size > content.length) throw new UnreadableReport('large');
        const isFirst = !taken && originalSize > 0;
        taken ||= isFirst;
        return isFirst;
      },
    });
    const [file] = Object.values(files);
    return file ? Buffer.from(file.buffer, file.byteOffset, file.byteLength) : null;
  } catch (error) {
    throw error instanceof UnreadableReport ? error : new UnreadableReport('unreadable');
  }
}
