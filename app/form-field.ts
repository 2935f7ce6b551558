/**
 * A text field of a form, cut to `most` characters; empty where there is none. Lines end as they were typed, not as forms send them. NUL falls
 * out: no person types it, and Postgres takes none.
 * What a stranger sends to an action in place of a form is one without fields.
 */
export const formField = (form: unknown, name: string, most = 300): string =>
  form instanceof FormData
    ? String(form.get(name) ?? '')
        .replaceAll('\r\n', '\n')
        .slice(0, most)
        .replaceAll('\0', '')
    : '';

export const hasField = (form: unknown, name: string): boolean => form instanceof FormData && form.has(name);
