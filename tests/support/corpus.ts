import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const ROOT = join(import.meta.dirname, '../fixtures/corpus');

export interface CorpusLetter {
  /** path below tests/fixtures/corpus, without .gz */
  name: string;
  raw: Buffer;
}

/** All odd letters of tests/fixtures/corpus, byte for byte. */
export function corpusLetters(): CorpusLetter[] {
  return readdirSync(ROOT, { recursive: true })
    .map(String)
    .filter((name) => /\.(eml|msg)(\.gz)?$/.test(name))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(ROOT, name));
      return name.endsWith('.gz') ? { name: name.slice(0, -3), raw: gunzipSync(bytes) } : { name, raw: bytes };
    });
}

/** Another file of the corpus as text, or null. */
export function corpusText(name: string): string | null {
  try {
    return readFileSync(join(ROOT, name), 'utf8');
  } catch {
    return null;
  }
}
