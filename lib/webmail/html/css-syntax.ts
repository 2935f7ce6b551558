import { tokenize, tokenTypes } from 'css-tree';

/**
 * CSS taken apart as css-syntax-3 says (sections 5.4 and 9): a broken declaration ends at its semicolon, a broken rule at its block, and
 * nothing else is lost. css-tree's tokenizer knows strings, comments and escapes; its parser takes quadratic time over many errors, so the
 * few rules of recovery stand here. Linear time.
 */

export interface CssDeclaration {
  property: string;
  value: string;
  important: boolean;
}

export type CssRule =
  | { kind: 'style'; selector: string; declarations: CssDeclaration[] }
  | { kind: 'at'; name: string; prelude: string; rules: CssRule[] };

interface Tokens {
  source: string;
  types: number[];
  starts: number[];
  ends: number[];
}

const deepest = 4;

function tokensOf(source: string): Tokens {
  const tokens: Tokens = { source, types: [], starts: [], ends: [] };
  tokenize(source, (type, start, end) => {
    tokens.types.push(type);
    tokens.starts.push(start);
    tokens.ends.push(end);
  });
  return tokens;
}

export function parseDeclarations(source: string): CssDeclaration[] {
  const tokens = tokensOf(source);
  return declarationsIn(tokens, 0, tokens.types.length);
}

export function parseStyleSheet(source: string): CssRule[] {
  const tokens = tokensOf(source);
  return rulesIn(tokens, 0, tokens.types.length, 0);
}

function rulesIn(tokens: Tokens, from: number, to: number, depth: number): CssRule[] {
  const rules: CssRule[] = [];
  for (let at = from; at < to; ) {
    const type = tokens.types[at];
    if (type === tokenTypes.WhiteSpace || type === tokenTypes.Comment || type === tokenTypes.CDO || type === tokenTypes.CDC) {
      at++;
      continue;
    }
    const isAt = type === tokenTypes.AtKeyword;
    const open = endOfPrelude(tokens, at, to, isAt);
    if (tokens.types[open] !== tokenTypes.LeftCurlyBracket) {
      at = open + 1;
      continue;
    }
    const close = endOfBlock(tokens, open, to);
    if (isAt) {
      const name = textOf(tokens, at, at + 1)
        .slice(1)
        .toLowerCase();
      const rulesInside = depth < deepest && nested.has(name) ? rulesIn(tokens, open + 1, close, depth + 1) : [];
      rules.push({ kind: 'at', name, prelude: textOf(tokens, at + 1, open).trim(), rules: rulesInside });
    } else {
      rules.push({ kind: 'style', selector: textOf(tokens, at, open).trim(), declarations: declarationsIn(tokens, open + 1, close) });
    }
    at = close + 1;
  }
  return rules;
}

/** Where the block of a rule begins, or an at-rule without block ends. */
function endOfPrelude(tokens: Tokens, from: number, to: number, isAt: boolean): number {
  let at = from;
  while (at < to) {
    const type = tokens.types[at];
    if (type === tokenTypes.LeftCurlyBracket || (isAt && type === tokenTypes.Semicolon)) return at;
    at++;
  }
  return to;
}

/** The bracket that ends a block; the end of everything if there is none. */
function endOfBlock(tokens: Tokens, open: number, to: number): number {
  let depth = 0;
  for (let at = open; at < to; at++) {
    if (tokens.types[at] === tokenTypes.LeftCurlyBracket) depth++;
    else if (tokens.types[at] === tokenTypes.RightCurlyBracket && --depth === 0) return at;
  }
  return to;
}

function declarationsIn(tokens: Tokens, from: number, to: number): CssDeclaration[] {
  const declarations: CssDeclaration[] = [];
  for (let at = from; at < to; ) {
    const end = endOfDeclaration(tokens, at, to);
    const declaration = readDeclaration(textOf(tokens, at, end));
    if (declaration) declarations.push(declaration);
    at = end + 1;
  }
  return declarations;
}

/** The semicolon that is in no bracket. A block inside (a nested rule, which mail programs do not know) ends what it stands in. */
function endOfDeclaration(tokens: Tokens, from: number, to: number): number {
  let round = 0;
  let curly = 0;
  for (let at = from; at < to; at++) {
    const type = tokens.types[at];
    if (type === tokenTypes.Semicolon && round === 0 && curly === 0) return at;
    if (type === tokenTypes.LeftCurlyBracket) curly++;
    else if (type === tokenTypes.RightCurlyBracket && curly > 0 && --curly === 0) return at;
    else if (type === tokenTypes.Function || type === tokenTypes.LeftParenthesis || type === tokenTypes.LeftSquareBracket) round++;
    else if (type === tokenTypes.RightParenthesis || type === tokenTypes.RightSquareBracket) round = Math.max(0, round - 1);
  }
  return to;
}

const DECLARATION = /^\s*(--[\w\u00a1-\uffff-]{1,80}|[a-zA-Z-]{2,40})\s*:\s*([\s\S]{1,4000})$/;

function readDeclaration(text: string): CssDeclaration | null {
  if (text.length > 5000) return null;
  const [, name, given] = DECLARATION.exec(text.trimEnd()) ?? [];
  if (!name || !given) return null;
  const important = /!\s*important$/i.exec(given);
  const value = important ? given.slice(0, important.index).trim() : given;
  // names of custom properties mean their capitals
  return { property: name.startsWith('--') ? name : name.toLowerCase(), value, important: important !== null };
}

/** Source of some tokens, comments left out. */
function textOf(tokens: Tokens, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) {
    if (tokens.types[at] !== tokenTypes.Comment) text += tokens.source.slice(tokens.starts[at], tokens.ends[at]);
  }
  return text;
}

const nested = new Set(['media', 'supports', 'layer', 'scope']);
