const quote = 34;
const backslash = 92;
const comma = 44;
const bracket = 91;
const brace = 123;

/**
 * Whether a text of JSON holds at most so many values, without making them: sixteen megabytes of "0," or "[" become some hundred megabytes of
 * arrays, and a complaint about each of them. One pass over the bytes.
 */
export function hasFewValues(json: Uint8Array, most: number): boolean {
  let left = most;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at = endOfString(json, at + 1);
    } else if ((byte === comma || byte === bracket || byte === brace) && --left <= 0) return false;
  }
  return true;
}

function endOfString(json: Uint8Array, from: number): number {
  for (let at = from; at < json.length; at++) {
    if (json[at] === backslash) at++;
    else if (json[at] === quote) return at;
  }
  return json.length;
}
