/**
 * Which of a menu's items a key leads to from the one at `at` (-1: none): arrows to its neighbours, Home and End, a sign to the next one that begins with
 * it: of fifty folders nobody walks through all. Undefined: to none, and the key is the browser's. `key` is as keyboard events name it: "Enter" is no
 * sign, also where a folder is called "Enterprise".
 */
export function itemForKey(key: string, words: readonly string[], at: number): number | undefined {
  const { length } = words;
  if (length === 0) return undefined;
  if (key === 'ArrowDown') return (at + 1) % length;
  if (key === 'ArrowUp') return at < 1 ? length - 1 : at - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  if ([...key].length !== 1) return undefined;
  const found = [...words.keys()].filter((one) => words[one]?.trim().toLowerCase().startsWith(key.toLowerCase()));
  return found.find((one) => one > at) ?? found[0];
}
