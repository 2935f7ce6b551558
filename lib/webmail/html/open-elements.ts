import { endsParagraph, formattingTags, scopeTags, tableTags, voidTags } from './html-tags.ts';

const deepest = 300;
const mostFormatting = 24;

/**
 * What is open at a place of a letter, as the browser that reads the rebuilt HTML has it: end tags without a beginning, or from behind a
 * cell, are known and left out. Too deep nesting is ignored with its end tags. Every step costs the depth at most.
 */
export class OpenElements {
  private readonly stack: string[] = [];
  private readonly counts = new Map<string, number>();
  private readonly ignored = new Map<string, number>();
  /** formatting that a block was closed over: the browser opens it again, until its end tag comes */
  private readonly pending: string[] = [];

  get depth(): number {
    return this.stack.length;
  }

  /** False if the element is to be left out. */
  open(tag: string): boolean {
    if (voidTags.has(tag)) return true;
    this.endImplied(tag);
    const formatting = formattingTags.has(tag);
    if (this.stack.length >= deepest || (formatting && this.formattingOpen() >= mostFormatting)) {
      this.ignored.set(tag, (this.ignored.get(tag) ?? 0) + 1);
      return false;
    }
    this.stack.push(tag);
    this.count(tag, 1);
    return true;
  }

  /** False if there is nothing that the end tag could end. */
  close(tag: string): boolean {
    const left = this.ignored.get(tag) ?? 0;
    if (left > 0) {
      this.ignored.set(tag, left - 1);
      return false;
    }
    const at = this.find(tag);
    if (at < 0) {
      const waiting = this.pending.lastIndexOf(tag);
      if (waiting < 0) return false;
      this.pending.splice(waiting, 1);
      return true;
    }
    if (formattingTags.has(tag)) {
      this.stack.splice(at, 1);
      this.count(tag, -1);
    } else this.popTo(at);
    return true;
  }

  /** End tags for all that is open, and for what the browser would open again. */
  closings(): string[] {
    const tags = [...this.stack.reverse(), ...this.pending];
    return tags.map((tag) => `</${tag}>`);
  }

  /** Position of what an end tag ends; it does not look beyond a cell, unless it is a table's. */
  private find(tag: string): number {
    if ((this.counts.get(tag) ?? 0) === 0) return -1;
    const ofTable = tableTags.has(tag);
    for (let at = this.stack.length - 1; at >= 0; at--) {
      const name = this.stack[at] ?? '';
      if (name === tag) return at;
      if (scopeTags.has(name) && (!ofTable || (name === 'table' && tag !== 'table'))) return -1;
    }
    return -1;
  }

  private popTo(at: number): void {
    while (this.stack.length > at) {
      const name = this.stack.pop() ?? '';
      this.count(name, -1);
      if (formattingTags.has(name) && this.pending.length < mostFormatting) this.pending.push(name);
    }
  }

  /** Elements whose end tag may be left out end here (WHATWG HTML section 13.1.2.4). */
  private endImplied(tag: string): void {
    if (endsParagraph.has(tag)) this.endUpTo(['p'], paragraphStops);
    if (tag === 'li') this.endUpTo(['li'], listStops);
    else if (tag === 'dt' || tag === 'dd') this.endUpTo(['dt', 'dd'], listStops);
    else if (tag === 'td' || tag === 'th') this.endUpTo(['td', 'th'], cellStops);
    else if (tag === 'tr') this.endUpTo(['tr'], tableStops);
    else if (tag === 'tbody' || tag === 'thead' || tag === 'tfoot') this.endUpTo(['tbody', 'thead', 'tfoot'], tableStops);
    else if (tag === 'a') this.endUpTo(['a'], tableStops);
  }

  private endUpTo(names: readonly string[], stops: ReadonlySet<string>): void {
    if (!names.some((name) => (this.counts.get(name) ?? 0) > 0)) return;
    for (let at = this.stack.length - 1; at >= 0; at--) {
      const name = this.stack[at] ?? '';
      if (names.includes(name)) {
        if (name === 'a') this.removeAt(at);
        else this.popTo(at);
        return;
      }
      if (stops.has(name)) return;
    }
  }

  private removeAt(at: number): void {
    const [name] = this.stack.splice(at, 1);
    if (name) this.count(name, -1);
  }

  private formattingOpen(): number {
    let open = this.pending.length;
    for (const name of formattingTags) open += this.counts.get(name) ?? 0;
    return open;
  }

  private count(tag: string, by: number): void {
    this.counts.set(tag, (this.counts.get(tag) ?? 0) + by);
  }
}

const tableStops = new Set(['table']);
const cellStops = new Set(['table', 'tr']);
const listStops = new Set(['ul', 'ol', 'dl', 'table', 'td', 'th']);
const paragraphStops = new Set(['table', 'td', 'th', 'caption', 'div', 'blockquote', 'center', 'li', 'ul', 'ol', 'section', 'article']);
