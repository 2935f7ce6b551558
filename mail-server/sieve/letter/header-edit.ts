import { type Field, Header } from './header.ts';

/** An edited header as it travels between processes: a number stands for a field of the letter's own, in their order. */
export type HeaderEdit = (number | { name: string; value: string })[];

/** Null where nothing was edited. */
export function describeEdit(own: Header, header: Header): HeaderEdit | null {
  if (header === own) return null;
  const places = new Map<Field, number>(own.fields.map((field, at) => [field, at]));
  return header.fields.map((field) => places.get(field) ?? { name: field.name, value: field.value });
}

export function applyEdit(own: Header, edit: HeaderEdit | null): Header {
  if (edit === null) return own;
  return new Header(
    edit.flatMap((field) => {
      if (typeof field !== 'number') return [{ ...field, key: field.name.toLowerCase(), original: false }];
      return own.fields[field] ?? [];
    }),
  );
}
