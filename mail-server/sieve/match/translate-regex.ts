/**
 * Writes a POSIX extended regular expression (IEEE 1003.1 section 9.4) as RE2 has it. The two differ in brackets, where POSIX knows no
 * escapes, in escapes outside of them, and in `(?`, `*?` and their like, which POSIX does not have. Gives a sentence for what is no ERE.
 */
export function translateRegex(pattern: string): { source: string; size: number } | { sentence: string } {
  try {
    return new Translator(pattern).run();
  } catch (error) {
    if (error instanceof RegexFault) return { sentence: `the regular expression is not valid: ${error.message}` };
    throw error;
  }
}

class RegexFault extends Error {}

class Translator {
  private readonly pattern: string;
  private at = 0;
  /** what stands before the last atom, at this level */
  private done = '';
  private last: string | null = null;
  /** about as many instructions as they become */
  private doneSize = 0;
  private lastSize = 0;
  private repeated = false;
  private readonly outer: { done: string; size: number }[] = [];

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  run(): { source: string; size: number } {
    const { pattern } = this;
    while (this.at < pattern.length) this.piece(String.fromCodePoint(pattern.codePointAt(this.at) ?? 0));
    if (this.outer.length > 0) throw new RegexFault('a ( has no )');
    this.flush();
    return { source: this.done, size: this.doneSize };
  }

  private piece(char: string): void {
    if (char !== '{' && char !== '[') this.at += char.length;
    switch (char) {
      case '{':
        this.interval();
        break;
      case '[':
        this.bracket();
        break;
      case '\\':
        this.escape();
        break;
      case '(':
        this.flush();
        this.outer.push({ done: this.done, size: this.doneSize });
        this.done = '';
        this.doneSize = 0;
        break;
      case ')':
        this.close();
        break;
      case '|':
      case '^':
        this.flush();
        this.done += char;
        break;
      case '*':
      case '+':
      case '?':
        this.repeat(char);
        break;
      default:
        this.atom(char);
        break;
    }
  }

  private flush(): void {
    this.done += this.last ?? '';
    this.last = null;
    this.doneSize += this.lastSize;
    this.lastSize = 0;
  }

  private atom(text: string, size = 1): void {
    this.flush();
    this.last = text;
    this.lastSize = size;
    this.repeated = false;
  }

  private close(): void {
    const before = this.outer.pop();
    if (before === undefined) {
      // alone it is an ordinary character
      this.atom('\\)');
      return;
    }
    this.flush();
    const group = `(${this.done})`;
    const size = this.doneSize;
    this.done = before.done;
    this.doneSize = before.size;
    this.atom(group, size + 2);
  }

  private escape(): void {
    const next = this.pattern[this.at++];
    if (next === undefined) throw new RegexFault('it ends with a backslash');
    if (/[1-9]/.test(next)) throw new RegexFault(`back references (\\${next}) are not supported`);
    this.atom(GNU_ESCAPES[next] ?? (SPECIAL.test(next) ? `\\${next}` : next));
  }

  /** What is repeated already becomes a group first: RE2 has another meaning for `*?` and none for `**`. */
  private repeat(operator: string, times = 1): void {
    if (this.last === null) throw new RegexFault(`nothing to repeat stands before ${operator}`);
    this.last = (this.repeated ? `(?:${this.last})` : this.last) + operator;
    this.lastSize = this.lastSize * times + 1;
    this.repeated = true;
  }

  private interval(): void {
    INTERVAL.lastIndex = this.at;
    const match = INTERVAL.exec(this.pattern);
    if (match === null) throw new RegexFault('a repetition is written {n}, {n,} or {n,m}');
    const [whole, minimum = '0', maximum = minimum, most = maximum] = match;
    if (Number(minimum) > MOST || Number(most) > MOST) throw new RegexFault(`a repetition counts up to ${MOST}`);
    if (Number(most) < Number(minimum)) throw new RegexFault(`${whole} ends before it begins`);
    this.at += whole.length;
    this.repeat(whole.startsWith('{,') ? `{0${whole.slice(1)}` : whole, Math.max(Number(most), Number(minimum) + 1, 1));
  }

  private bracket(): void {
    const { pattern } = this;
    let at = this.at + 1;
    const negated = pattern[at] === '^';
    if (negated) at++;
    let set = '';
    // what a hyphen means: after a character it begins a range, behind it comes its end; after a range or a class it may not stand
    let before: 'character' | 'hyphen' | 'range' = 'range';
    for (;;) {
      const char = pattern[at];
      if (char === undefined) throw new RegexFault('a [ has no ]');
      if (char === ']' && set !== '') break;
      const kind = char === '[' ? (pattern[at + 1] ?? '') : '';
      if (/[:.=]/.test(kind)) {
        const end = pattern.indexOf(`${kind}]`, at + 2);
        if (end < 0) throw new RegexFault(`[${kind} has no ${kind}]`);
        set += bracketItem(kind, pattern.slice(at + 2, end));
        before = before === 'hyphen' || kind === ':' ? 'range' : 'character';
        at = end + 2;
      } else if (char === '-' && set !== '' && pattern[at + 1] !== ']' && before !== 'hyphen') {
        if (before === 'range') throw new RegexFault('a range begins where another one ends');
        set += '-';
        before = 'hyphen';
        at++;
      } else {
        const one = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
        set += SET_SPECIAL.test(one) ? `\\${one}` : one;
        before = before === 'hyphen' ? 'range' : 'character';
        at += one.length;
      }
    }
    this.at = at + 1;
    this.atom(`[${negated ? '^' : ''}${set}]`);
  }
}

function bracketItem(kind: string, name: string): string {
  if (kind === ':') {
    if (!CLASSES.has(name)) throw new RegexFault(`there is no character class [:${name}:]`);
    return `[:${name}:]`;
  }
  if ([...name].length !== 1) throw new RegexFault(`[${kind}${name}${kind}] is not supported`);
  return SET_SPECIAL.test(name) ? `\\${name}` : name;
}

const MOST = 1000;
const INTERVAL = /\{(?:(\d{1,5})(?:,(\d{1,5})?)?|,(\d{1,5}))\}/y;
const SPECIAL = /[\\^$.|?*+(){}[\]]/;
const SET_SPECIAL = /[\\[\]^-]/;
const CLASSES = new Set('alnum alpha blank cntrl digit graph lower print punct space upper xdigit'.split(' '));
/** what the C library of GNU adds, and people write */
const GNU_ESCAPES: Record<string, string> = {
  w: '\\w',
  W: '\\W',
  s: '\\s',
  S: '\\S',
  b: '\\b',
  B: '\\B',
  '<': '\\b',
  '>': '\\b',
  '`': '\\A',
  "'": '\\z',
};
