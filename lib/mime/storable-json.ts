/** how JSON.stringify writes a NUL and half a pair of surrogates */
const refused = /\\u(?:0000|d[89a-f])/;

/** JSON for a column of the type jsonb, which refuses what the text of strangers may hold: NUL, and half a pair of surrogates where it was cut. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // looked for in what was written: to ask each text before takes longer than to write them all
  if (!refused.test(json)) return json;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? each.toWellFormed().replaceAll('\0', '') : each));
}
