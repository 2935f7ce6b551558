import type { Attributes } from './read-html.ts';

/** Forms cannot be filled in here; what stands in their fields is still what the letter says. */

/** What a field of one line shows; empty where nothing does. */
export function fieldText(attributes: Attributes): string {
  const type = (attributes.get('type') ?? 'text').trim().toLowerCase();
  const checked = attributes.has('checked');
  if (type === 'checkbox') return checked ? '☑' : '☐';
  if (type === 'radio') return checked ? '◉' : '○';
  return unseen.has(type) ? '' : (attributes.get('value') || attributes.get('placeholder') || '').slice(0, longest);
}

const unseen = new Set(['hidden', 'password', 'file', 'image', 'color', 'range']);
const longest = 5000;

/** Whether a reader would expect to write, choose or press something there. */
export const isFilledIn = (attributes: Attributes): boolean =>
  !/^(hidden|image)$/i.test((attributes.get('type') ?? '').trim()) && !attributes.has('readonly') && !attributes.has('disabled');

/** A menu shows one of its choices: the one that is chosen, or else the first. */
export class Choice {
  private first: string | null = null;
  private chosen: string | null = null;
  private current: { text: string; isChosen: boolean } | null = null;

  begin(attributes: Attributes): void {
    this.end();
    this.current = { text: '', isChosen: attributes.has('selected') };
  }

  text(text: string): void {
    if (this.current && this.current.text.length < longest) this.current.text += text.slice(0, longest);
  }

  end(): void {
    if (!this.current) return;
    const { text, isChosen } = this.current;
    this.first ??= text;
    if (isChosen) this.chosen ??= text;
    this.current = null;
  }

  get shown(): string {
    this.end();
    return (this.chosen ?? this.first ?? '').trim();
  }
}
