/** A text field of a form, cut to `most` characters. NUL falls out: no person types it, and Postgres takes none. */
export const formField = (form: FormData, name: string, most = 300): string =>
  String(form.get(name) ?? '')
    .slice(0, most)
    .replaceAll('\0', '');
