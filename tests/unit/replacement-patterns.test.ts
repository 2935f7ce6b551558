import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '#lib/launcher/project.ts';

/**
 * String.replace reads "$&", "$1" and "$$" in what it puts in. A replacement that is computed may hold what people wrote: it must be given
 * as a function. Only a literal of ours may stand there as a string.
 */
const sources = ['app', 'components', 'lib', 'mail-server'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('generated'))
    .map((name) => join(folder, name)),
);

/** The arguments of a call whose opening bracket stands at `from`, cut at the commas of its own level. */
function argumentsAt(source: string, from: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = from + 1;
  for (let at = from; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === "'" || character === '"' || character === '`') at = endOfString(source, at, character);
    else if (character === '/' && /[(,=:[!&|?{};\s]/.test(source[at - 1] ?? '') && !/[/*\s]/.test(source[at + 1] ?? ''))
      at = endOfPattern(source, at);
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) {
      depth -= 1;
      if (depth === 0) return [...found, source.slice(start, at).trim()].filter(Boolean);
    } else if (character === ',' && depth === 1) {
      found.push(source.slice(start, at).trim());
      start = at + 1;
    }
  }
  return found;
}

function endOfString(source: string, from: number, sign: string): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === sign) return at;
  }
  return source.length;
}

function endOfPattern(source: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '[') inClass = true;
    else if (source[at] === ']') inClass = false;
    else if (source[at] === '/' && !inClass) return at;
  }
  return source.length;
}

const isLiteral = (argument: string): boolean => /^'(?:[^'\\]|\\.)*'$|^"(?:[^"\\]|\\.)*"$|^`[^`$]*`$/s.test(argument);
const isFunction = (argument: string): boolean =>
  /^(async\s+)?(\([^)]*\)|\w+)(\s*:\s*\w+)?\s*=>/.test(argument) || /^function\b/.test(argument);

function wrongReplacements(file: string): string[] {
  const source = readFileSync(join(projectRoot, file), 'utf8');
  return [...source.matchAll(/\.replace(?:All)?\(/g)].flatMap((match) => {
    const given = argumentsAt(source, match.index + match[0].length - 1);
    const [, replacement] = given;
    if (given.length !== 2 || replacement === undefined || isLiteral(replacement) || isFunction(replacement)) return [];
    // of a text nothing is replaced by settings: this is the replace of a router
    if (replacement === 'encodeURIComponent' || replacement.startsWith('{')) return [];
    // A function by its name; what it is, the types say.
    if (/^[a-z]\w*$/.test(replacement) && new RegExp(`(const|function) ${replacement}\\b[^\\n]*(=>|\\()`).test(source)) return [];
    return [`${file}:${source.slice(0, match.index).split('\n').length}: ${replacement.slice(0, 80)}`];
  });
}

describe('text that people write', () => {
  it('is never read as a replacement pattern', () => {
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap(wrongReplacements)).toEqual([]);
  });
  it('would be found here if it were', () => {
    expect(argumentsAt("x.replace('<p></p>', written.join(''))", 9)).toEqual(["'<p></p>'", "written.join('')"]);
    expect(isLiteral("'$1'") && !isLiteral(['`$', '{name}`'].join('')) && isFunction('(_, id: string) => id')).toBe(true);
  });
});
