import { decodeEncodedWords } from '../../../lib/mime/decode-encoded-words.ts';
import { DEFAULT_MIME_LIMITS } from '../../../lib/mime/limits.ts';
import { parseHeader } from '../../../lib/mime/parse-header.ts';
import type { FolderSnapshot } from '../../store/mail-store.ts';
import { normalise } from '../../search/normalise.ts';
import type { Reader } from '../context.ts';
import { filterInTurns, type Indexes } from './indexes.ts';
import type { KeyOf } from './keys.ts';

/**
 * HEADER name text, any number of them: fields of that name (lower case) that contain the text, decoded; an empty text asks for the field alone.
 * Each header is read and taken apart once.
 */
export async function matchHeaders(
  reader: Reader,
  shown: FolderSnapshot,
  keys: readonly KeyOf<'header'>[],
  any: boolean,
  candidates: Indexes,
): Promise<number[]> {
  const wanted = Array.from(
    new Map(keys.map(({ name, pattern }) => [`${name}\n${normalise(pattern)}`, { name, pattern: normalise(pattern) }])).values(),
  );
  const ids = candidates.map((index) => shown.messageIds[index] ?? 0);
  const matching = new Set<number>();
  for await (const chunk of reader.store.readMessages(reader.account, ids, ['header'], reader.signal)) {
    for (const { messageId, header } of chunk) {
      await reader.pace();
      const fields = new Fields(header);
      const holds = ({ name, pattern }: { name: string; pattern: string }): boolean => fields.contain(name, pattern);
      if (any ? wanted.some(holds) : wanted.every(holds)) matching.add(messageId);
    }
  }
  return filterInTurns(reader, candidates, (index) => matching.has(shown.messageIds[index] ?? 0));
}

/** The fields of one header, each decoded when it is first asked for. */
class Fields {
  readonly #raw = new Map<string, string[]>();
  readonly #decoded = new Map<string, string[]>();

  constructor(header: Buffer | undefined) {
    for (const { key, value } of parseHeader(header?.toString('latin1') ?? '', DEFAULT_MIME_LIMITS.headerFields)) {
      const values = this.#raw.get(key);
      if (values) values.push(value);
      else this.#raw.set(key, [value]);
    }
  }

  contain(name: string, pattern: string): boolean {
    const raw = this.#raw.get(name);
    if (!raw || pattern === '') return raw !== undefined;
    let decoded = this.#decoded.get(name);
    if (!decoded) {
      decoded = raw.map((value) => normalise(decodeEncodedWords(value)));
      this.#decoded.set(name, decoded);
    }
    return decoded.some((value) => value.includes(pattern));
  }
}
