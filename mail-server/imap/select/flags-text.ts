import { Flag, SYSTEM_FLAGS, type FolderSnapshot } from '../../store/types.ts';

const system = [
  [Flag.Answered, '\\Answered'],
  [Flag.Flagged, '\\Flagged'],
  [Flag.Deleted, '\\Deleted'],
  [Flag.Seen, '\\Seen'],
  [Flag.Draft, '\\Draft'],
] as const;

/** Bits of system flags by their name in lower case. */
export const systemFlags: ReadonlyMap<string, bigint> = new Map(system.map(([bit, name]) => [name.toLowerCase(), bit]));
export const systemFlagNames = system.map(([, name]) => name).join(' ');

export type Keywords = ReadonlyMap<number, string>;

/** One text for each combination of flags and dictionary: folders of 100,000 messages have a handful. */
const texts = new WeakMap<Keywords, Map<bigint, string>>();
const cached = 4_096;

/** "\Seen $Forwarded", without parentheses. */
export function formatFlags(flags: bigint, keywords: Keywords): string {
  let written = texts.get(keywords);
  if (!written) {
    written = new Map();
    texts.set(keywords, written);
  }
  let text = written.get(flags);
  if (text === undefined) {
    text = write(flags, keywords);
    if (written.size >= cached) written.clear();
    written.set(flags, text);
  }
  return text;
}

function write(flags: bigint, keywords: Keywords): string {
  const names: string[] = [];
  for (const [bit, name] of system) if ((flags & bit) !== 0n) names.push(name);
  for (const [bit, name] of keywords) if ((flags & (1n << BigInt(bit))) !== 0n) names.push(name);
  return names.join(' ');
}

/** All keywords, with a space in front of each. */
export const keywordList = (keywords: Keywords): string => Array.from(keywords.values(), (name) => ` ${name}`).join('');

const known = new WeakMap<Keywords, bigint>();

/** Bits that have a name. */
export function knownFlags(keywords: Keywords): bigint {
  let bits = known.get(keywords);
  if (bits === undefined) {
    bits = SYSTEM_FLAGS;
    for (const bit of keywords.keys()) bits |= 1n << BigInt(bit);
    known.set(keywords, bits);
  }
  return bits;
}

const inUse = new WeakMap<FolderSnapshot, bigint>();

/** Bits that any message of a picture carries; worked out once for all sessions. */
export function flagsInUse(snapshot: FolderSnapshot): bigint {
  let bits = inUse.get(snapshot);
  if (bits === undefined) {
    const words = flagWords(snapshot);
    let low = 0;
    let high = 0;
    for (let at = 0; at < words.length; at += 2) {
      low |= words[at] ?? 0;
      high |= words[at + 1] ?? 0;
    }
    bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    inUse.set(snapshot, bits);
  }
  return bits;
}

/** Flags as pairs of 32-bit words, low word first (every machine that Node runs on is little-endian): no BigInt for each message. */
export const flagWords = ({ flags, count }: FolderSnapshot): Uint32Array => new Uint32Array(flags.buffer, flags.byteOffset, count * 2);
