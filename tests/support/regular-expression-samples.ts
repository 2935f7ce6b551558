/** What a regular expression takes, word for word: strings that match its beginning, each a step longer than the one before. */
interface Piece {
  /** one text that it matches */
  sample: string;
  /** what may be in the way of less: repeated without bound, as source of one piece */
  unbounded: string | null;
}

const candidates = [...'a1 \n-.<"=(,;:@/>)[]{}\'\\&%?*+_#|~!$^`Z', '\t', '\r', '\u0000', 'é', '\u00ad', '中', '😀'];

/** of several alternatives: the first of each, the second of each … */
const mostWays = 4;

/** Texts that begin as the expression does and then go on for long without ever ending it. */
export function longBeginnings(source: string, flags: string, length: number): string[] {
  const texts = new Set<string>();
  for (let way = 0; way < mostWays; way++) {
    let beginning = '';
    for (const { sample, unbounded } of piecesOf(source, flags, way)) {
      if (unbounded !== null)
        for (const each of candidates.filter((candidate) => matches(unbounded, flags, candidate)).slice(0, 8))
          texts.add(`${beginning}${each.repeat(length)}`);
      beginning += sample;
      if (beginning === '' || beginning.length > length / 8) continue;
      for (const behind of ['', '\n', ' '])
        texts.add(`${beginning}${behind}`.repeat(Math.ceil(length / (beginning.length + behind.length))));
    }
  }
  return [...texts];
}

const matches = (source: string, flags: string, text: string): boolean => {
  try {
    return new RegExp(`^(?:${source})$`, flags.replace(/[gy]/g, '')).test(text);
  } catch {
    return false;
  }
};

/** The pieces of one way through the expression; a group is parted where it must be passed, and one piece where it may be left out. */
function piecesOf(source: string, flags: string, way: number): Piece[] {
  const pieces: Piece[] = [];
  let rest = alternativeOf(source, way);
  while (rest !== '') {
    const atom =
      /^(?:\\[pPu]\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\k<[^>]*>|\\c[A-Za-z]|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[^(])/iu.exec(
        rest,
      )?.[0] ?? groupAt(rest);
    const quantifier = /^(?:[*+?]|\{\d+,?\d*\})\??/.exec(rest.slice(atom.length))?.[0] ?? '';
    rest = rest.slice(atom.length + quantifier.length);
    if (/^(?:\^|\$|\\[bB]|\(\?<?[=!].*)$/s.test(atom)) continue;
    const unbounded = /^(?:[*+]|\{\d+,\})/.test(quantifier) || Number(/,(\d+)/.exec(quantifier)?.[1] ?? 0) >= 100;
    const least = /^[*?]/.test(quantifier) ? 0 : Number(/^\{(\d+)/.exec(quantifier)?.[1] ?? 1);
    const inner = /^\((?:\?(?::|<[A-Za-z]\w*>))?([\s\S]*)\)$/.exec(atom)?.[1];
    if (inner !== undefined && quantifier === '') {
      pieces.push(...piecesOf(inner, flags, way));
      continue;
    }
    const one =
      inner === undefined
        ? sampleOf(atom, flags)
        : piecesOf(inner, flags, way)
            .map(({ sample }) => sample)
            .join('');
    pieces.push({ sample: one.repeat(Math.max(least, unbounded && inner !== undefined ? 1 : least)), unbounded: unbounded ? atom : null });
  }
  return pieces;
}

function sampleOf(atom: string, flags: string): string {
  if (/^[^\\[.]$/u.test(atom)) return atom;
  return candidates.find((candidate) => matches(atom, flags, candidate)) ?? [...atom].find((each) => matches(atom, flags, each)) ?? '';
}

function alternativeOf(source: string, way: number): string {
  const found: string[] = [];
  let start = 0;
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at);
    if (rest[0] === '|') found.push(source.slice(start, at));
    if (rest[0] === '|') start = at + 1;
    at += (/^(?:\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[^(])/u.exec(rest)?.[0] ?? groupAt(rest)).length;
  }
  found.push(source.slice(start));
  return found[Math.min(way, found.length - 1)] ?? '';
}

/** A group with all that is in it. */
function groupAt(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const part = /^(?:\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])/u.exec(text.slice(at))?.[0] ?? '';
    if (part === '(') depth++;
    if (part === ')' && --depth === 0) return text.slice(0, at + 1);
    at += part.length;
  }
  return text;
}
