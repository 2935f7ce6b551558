import type { HeaderField } from '../../../lib/mime/parse-header.ts';
import { type Mailbox, readMailboxes } from './addresses.ts';
import { splitFields, unfold } from '../../../lib/mime/read-header.ts';
import { decodeWholeWords } from '../../../lib/mime/decode-encoded-words.ts';

/** A field in a header that may be edited. */
export interface Field {
  name: string;
  key: string;
  /** one byte a character, unfolded */
  value: string;
  /** false for what addheader brought */
  original: boolean;
}

/** A tab that begins a continuation line stands for a blank, as people see it; other tabs are what they are. */
function unfoldedToBlanks(block: string, count: number): string[] {
  return splitFields(block)
    .slice(0, count)
    .map(({ valueStart, end }) => unfold(block.slice(valueStart, end).replace(/\n\t/g, '\n '), 0, end - valueStart));
}

/** A header as a value: editing gives another one, so a copy stored before keeps what it had. */
export class Header {
  readonly fields: readonly Field[];
  private readonly byKey = new Map<string, Field[]>();
  private readonly decoded = new Map<Field, string>();
  private readonly addresses = new Map<Field, readonly Mailbox[]>();

  constructor(fields: readonly Field[]) {
    this.fields = fields;
    for (const field of fields) {
      const same = this.byKey.get(field.key);
      if (same) same.push(field);
      else this.byKey.set(field.key, [field]);
    }
  }

  /** `block` is what the fields were read from, as latin1 text. */
  static of(fields: readonly HeaderField[], block: () => string): Header {
    const hasTabs = fields.some(({ value }) => value.includes('\t'));
    const values = hasTabs ? unfoldedToBlanks(block(), fields.length) : [];
    return new Header(
      fields.flatMap((field, at) => (field.key === '' ? [] : [{ ...field, value: values[at] ?? field.value, original: true }])),
    );
  }

  all(name: string): readonly Field[] {
    return this.byKey.get(name.toLowerCase()) ?? [];
  }

  /** Decoded values of the fields of that name, in their order. */
  values(name: string): string[] {
    return this.all(name).map((field) => this.text(field));
  }

  /** Addresses in a field. */
  mailboxes(field: Field, maximum: number): readonly Mailbox[] {
    const known = this.addresses.get(field);
    if (known !== undefined) return known;
    const mailboxes = readMailboxes(field.value, maximum);
    this.addresses.set(field, mailboxes);
    return mailboxes;
  }

  text(field: Field): string {
    const known = this.decoded.get(field);
    if (known !== undefined) return known;
    const text = decodeWholeWords(field.value).trim();
    this.decoded.set(field, text);
    return text;
  }
}
