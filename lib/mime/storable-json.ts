/** JSON for a column of the type jsonb, which refuses what the text of strangers may hold: NUL, and half a pair of surrogates where it was cut. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? each.toWellFormed().replaceAll('\0', '') : each));
