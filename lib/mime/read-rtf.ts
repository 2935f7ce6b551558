import { decodeCharset, storable } from './decode-charset.ts';
import { wordTable } from './word-table.ts';

/**
 * RTF as letters hold it: by itself, or in winmail.dat, packed and mostly made from HTML (MS-OXRTFCP, MS-OXRTFEX). Read as far as a reader
 * needs: the HTML it was made from, or its text. Linear time, and nothing fails.
 */
export interface RtfText {
  /** what it was made from; empty if it was not */
  html: string;
  text: string;
}

/** Unpacks what winmail.dat calls compressed RTF; empty if it is none. */
export function unpackRtf(packed: Buffer): Buffer {
  if (packed.length < 16) return Buffer.alloc(0);
  const size = packed.readUInt32LE(4);
  const kind = packed.readUInt32LE(8);
  if (kind === UNPACKED) return packed.subarray(16, 16 + size);
  if (kind !== PACKED || size > mostBytes) return Buffer.alloc(0);
  const window = Buffer.alloc(4096, 32);
  let write = window.write(preloaded, 'latin1');
  // a token of two bytes stands for 17 at most
  const result = Buffer.alloc(Math.min(size, packed.length * 9));
  let to = 0;
  const put = (byte: number): void => {
    window[write] = byte;
    write = (write + 1) & 4095;
    if (to < result.length) result[to++] = byte;
  };
  for (let at = 16; at < packed.length && to < result.length; ) {
    const control = packed[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < packed.length; bit++) {
      if ((control >> bit) % 2 === 0) {
        put(packed[at++] ?? 0);
        continue;
      }
      const token = ((packed[at] ?? 0) << 8) | (packed[at + 1] ?? 0);
      at += 2;
      const from = token >> 4;
      if (from === write) return result.subarray(0, to);
      for (let step = 0; step < (token & 15) + 2; step++) put(window[(from + step) & 4095] ?? 0);
    }
  }
  return result.subarray(0, to);
}

export function readRtf(source: string): RtfText {
  const reader = new RtfReader(/\\fromhtml1?(?![0-9a-z])/.test(source.slice(0, 2000)));
  for (const token of source.matchAll(TOKEN)) reader.take(token);
  return reader.finish();
}

interface Group {
  /** nothing in it is text */
  hidden: boolean;
  /** holds HTML as it was */
  tag: boolean;
  /** made for programs without HTML */
  copy: boolean;
  /** characters behind \u that stand for it elsewhere */
  skips: number;
}

class RtfReader {
  private readonly isHtml: boolean;
  private readonly out: string[] = [];
  private readonly groups: Group[] = [];
  private group: Group = { hidden: false, tag: false, copy: false, skips: 1 };
  private bytes: number[] = [];
  private page = 'windows-1252';
  private left = 0;

  constructor(isHtml: boolean) {
    this.isHtml = isHtml;
  }

  take([, word, number, hex, symbol, brace, text]: RegExpExecArray): void {
    if (word !== undefined) this.control(word, number === undefined ? null : Number(number));
    else if (hex !== undefined) this.byte(Number.parseInt(hex, 16));
    else if (symbol !== undefined) this.symbol(symbol);
    else if (brace === '{') {
      if (this.groups.length < deepest) this.groups.push(this.group);
      this.group = { ...this.group };
    } else if (brace === '}') this.group = this.groups.pop() ?? this.group;
    else if (text !== undefined) this.plain(text);
  }

  finish(): RtfText {
    this.flush();
    const text = storable(this.out.join(''));
    return this.isHtml ? { html: text, text: '' } : { html: '', text: text.trim() };
  }

  private control(word: string, value: number | null): void {
    if (word === 'u' && value !== null) {
      this.left = this.group.skips;
      this.write(String.fromCharCode(value < 0 ? value + 65_536 : value), false);
    } else if (word === 'uc') this.group.skips = Math.min(10, Math.max(0, value ?? 1));
    else if (word === 'ansicpg' && value !== null) this.page = `cp${value}`;
    else if (word === 'htmlrtf') this.group.copy = value !== 0;
    else if (word === 'htmltag') this.group = { ...this.group, hidden: false, tag: true };
    else if (word === 'bin' || hiddenGroups.has(word)) this.group.hidden = true;
    else {
      const sign = signs.get(word);
      if (sign !== undefined) this.write(sign, false);
    }
  }

  private symbol(symbol: string): void {
    if (symbol === '*') this.group.hidden = true;
    else if (symbol === '~') this.write('\u00a0', false);
    else if (symbol === '_') this.write('\u2011', false);
    else if (symbol === '\n' || symbol === '\r') this.write('\n', false);
    else if ('{}\\'.includes(symbol)) this.plain(symbol);
  }

  private byte(byte: number): void {
    if (this.left > 0) this.left--;
    else if (this.isShown()) this.bytes.push(byte);
  }

  private plain(text: string): void {
    const behind = text.slice(Math.min(this.left, text.length));
    this.left -= text.length - behind.length;
    if (behind !== '') this.write(behind, true);
  }

  /** `raw`: as it stands, one byte a character */
  private write(text: string, raw: boolean): void {
    if (!this.isShown()) return;
    this.flush();
    const read = raw && NOT_ASCII.test(text) && !WIDE.test(text) ? decodeCharset(Buffer.from(text, 'latin1'), this.page) : text;
    this.out.push(this.isHtml && !this.group.tag ? escaped(read) : read);
  }

  private flush(): void {
    if (this.bytes.length === 0) return;
    const text = decodeCharset(Buffer.from(this.bytes), this.page);
    this.bytes = [];
    this.out.push(this.isHtml && !this.group.tag ? escaped(text) : text);
  }

  private isShown(): boolean {
    return !this.group.hidden && !(this.isHtml && this.group.copy && !this.group.tag);
  }
}

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\/gi;
const NOT_ASCII = /[\x80-\xff]/;
const WIDE = /[\u0100-\uffff]/;
const deepest = 1000;
const mostBytes = 20 * 1024 * 1024;
const PACKED = 0x75465a4c;
const UNPACKED = 0x414c454d;
const hiddenGroups = new Set(
  'fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr themedata datastore listtable listoverridetable generator'.split(
    ' ',
  ),
);
const signs = wordTable<string>({
  par: '\n',
  line: '\n',
  row: '\n',
  tab: '\t',
  cell: '\t',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: '\u2003',
  enspace: '\u2002',
});
/** what the window of compressed RTF begins with (MS-OXRTFCP section 2.1.2.1) */
const preloaded =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New Roman' +
  'Courier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
