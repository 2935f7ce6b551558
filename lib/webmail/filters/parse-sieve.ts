/** Just enough of Sieve's grammar (RFC 5228 section 8.2) to recognise what filters are made of. Null for what is no Sieve. */

export type Token =
  | { kind: 'word' | 'tag' | 'number' | 'sign'; text: string; start: number; end: number }
  | { kind: 'string'; value: string; start: number; end: number }
  | { kind: 'comment'; text: string; start: number; end: number };

const pattern =
  /\s+|#([^\n]*)(?:\n|$)|\/\*[\s\S]*?\*\/|"((?:[^"\\]|\\[\s\S])*)"|text:[ \t]*(?:#[^\n]*)?\r?\n([\s\S]*?)\r?\n\.(?:\r?\n|$)|:([A-Za-z_]\w*)|(\d+[KMGkmg]?)|([A-Za-z_]\w*)|([;,()[\]{}])/y;

export function tokensOf(source: string): Token[] | null {
  const tokens: Token[] = [];
  for (pattern.lastIndex = 0; pattern.lastIndex < source.length; ) {
    const start = pattern.lastIndex;
    const found = pattern.exec(source);
    if (!found) return null;
    const end = pattern.lastIndex;
    const [all, comment, quoted, multiline, tag, number, word, sign] = found;
    if (comment !== undefined || all.startsWith('/*')) tokens.push({ kind: 'comment', text: comment ?? all, start, end });
    else if (quoted !== undefined) tokens.push({ kind: 'string', value: quoted.replace(/\\([\s\S])/g, '$1'), start, end });
    else if (multiline !== undefined) tokens.push({ kind: 'string', value: multiline.replace(/^\.\./gm, '.'), start, end });
    else if (tag !== undefined) tokens.push({ kind: 'tag', text: tag.toLowerCase(), start, end });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number.toUpperCase(), start, end });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase(), start, end });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, start, end });
  }
  return tokens;
}

export interface Call {
  name: string;
  tags: string[];
  numbers: string[];
  /** string arguments, a single one as a list of one */
  lists: string[][];
  tests: Call[];
  block: Call[] | null;
}

const deepest = 30;

/** Reads calls out of tokens without comments. */
export class CallReader {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  #sign(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  /** A command with its semicolon or block. */
  command(depth = 0): Call | null {
    const call = depth > deepest ? null : this.test(depth);
    if (!call) return null;
    if (this.#sign(';')) return call;
    if (!this.#sign('{')) return null;
    const block: Call[] = [];
    while (!this.#sign('}')) {
      const inner = this.command(depth + 1);
      if (!inner) return null;
      block.push(inner);
    }
    return { ...call, block };
  }

  /** A name with its arguments and tests. */
  test(depth = 0): Call | null {
    const name = this.#tokens[this.#at];
    if (depth > deepest || name?.kind !== 'word') return null;
    this.#at += 1;
    const call: Call = { name: name.text, tags: [], numbers: [], lists: [], tests: [], block: null };
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind === 'tag') call.tags.push(token.text);
      else if (token?.kind === 'number') call.numbers.push(token.text);
      else if (token?.kind === 'string') call.lists.push([token.value]);
      else if (token?.kind === 'sign' && token.text === '[') {
        const list = this.#list();
        if (!list) return null;
        call.lists.push(list);
        continue;
      } else break;
      this.#at += 1;
    }
    if (this.#sign('(')) {
      do {
        const test = this.test(depth + 1);
        if (!test) return null;
        call.tests.push(test);
      } while (this.#sign(','));
      return this.#sign(')') ? call : null;
    }
    if (this.#tokens[this.#at]?.kind === 'word') {
      const test = this.test(depth + 1);
      if (!test) return null;
      call.tests.push(test);
    }
    return call;
  }

  #list(): string[] | null {
    this.#at += 1;
    const list: string[] = [];
    if (this.#sign(']')) return list;
    do {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'string') return null;
      list.push(token.value);
      this.#at += 1;
    } while (this.#sign(','));
    return this.#sign(']') ? list : null;
  }
}
