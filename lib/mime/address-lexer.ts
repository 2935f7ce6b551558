export interface Token {
  /** word: atom with its dots, content of a quoted string, domain literal; angle: what stands between < and > */
  kind: 'word' | 'at' | 'colon' | 'semicolon' | 'comma' | 'comment' | 'angle';
  text: string;
  /** white space or a comment stood before it */
  spaced: boolean;
}

/** Cuts an address field (RFC 5322 section 3.4) into tokens. Whatever is unterminated ends with the field. Linear time. */
export class AddressLexer {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  next(): Token | null {
    const { text } = this;
    const from = this.at;
    // a closing bracket that nothing opened counts as white space
    while (this.at < text.length && isGap(text.charCodeAt(this.at))) this.at++;
    const spaced = this.at > from || text[from - 1] === ')';
    if (this.at >= text.length) return null;
    const start = this.at++;
    switch (text[start]) {
      case '"':
        return { kind: 'word', text: this.delimited('"', null), spaced };
      case '(':
        return { kind: 'comment', text: this.delimited(')', '(').trim(), spaced };
      case '<':
        return { kind: 'angle', text: this.angle(), spaced };
      case '[':
        return { kind: 'word', text: `[${this.delimited(']', null)}]`, spaced };
      case '@':
        return { kind: 'at', text: '@', spaced };
      case ':':
        return { kind: 'colon', text: ':', spaced };
      case ';':
        return { kind: 'semicolon', text: ';', spaced };
      case ',':
        return { kind: 'comma', text: ',', spaced };
      default:
        return { kind: 'word', text: this.atom(start), spaced };
    }
  }

  private atom(start: number): string {
    // an encoded word may hold commas and spaces that should not be there (seen from several webmails): keep it whole
    ENCODED_WORD.lastIndex = start;
    if (this.text[start] === '=' && ENCODED_WORD.test(this.text)) {
      this.at = ENCODED_WORD.lastIndex;
      return this.text.slice(start, this.at);
    }
    while (this.at < this.text.length && !isSpecial(this.text.charCodeAt(this.at))) this.at++;
    return this.text.slice(start, this.at);
  }

  /** Text up to the closing character, escapes removed; `nested` opens another level. */
  private delimited(close: string, nested: string | null): string {
    const { text } = this;
    let value = '';
    let from = this.at;
    let depth = 1;
    while (this.at < text.length) {
      const char = text[this.at];
      if (char === '\\' && this.at + 1 < text.length) {
        value += text.slice(from, this.at);
        from = this.at + 1;
        this.at += 2;
        continue;
      }
      if (char === nested) depth++;
      else if (char === close && --depth === 0) {
        value += text.slice(from, this.at++);
        return value;
      }
      this.at++;
    }
    return value + text.slice(from);
  }

  /** Text up to ">" outside quoted strings; if there is none, up to the next comma. */
  private angle(): string {
    const { text } = this;
    const start = this.at;
    let quoted = false;
    let comma = -1;
    for (; this.at < text.length; this.at++) {
      const char = text[this.at];
      if (char === '\\') this.at++;
      else if (char === '"') quoted = !quoted;
      else if (char === '>' && !quoted) return text.slice(start, this.at++);
      else if (char === '<' && !quoted) break;
      else if (char === ',' && !quoted && comma < 0) comma = this.at;
    }
    this.at = comma < 0 ? Math.min(this.at, text.length) : comma;
    return text.slice(start, this.at);
  }
}

const ENCODED_WORD = /=\?[^?\s]{1,100}\?[bq]\?[^?]*\?=/iy;
const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 13 || code === 10;
const isGap = (code: number): boolean => isSpace(code) || code === 62 || code === 41;
/** ends an atom: space " ( ) , : ; < > @ [ */
const isSpecial = (code: number): boolean =>
  isSpace(code) ||
  code === 34 ||
  code === 40 ||
  code === 41 ||
  code === 44 ||
  (code >= 58 && code <= 60) ||
  code === 62 ||
  code === 64 ||
  code === 91;
