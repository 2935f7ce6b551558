const kept = globalThis as typeof globalThis & Record<symbol, unknown>;
const keyOf = (name: string): symbol => Symbol.for(`postamt.${name}`);

/**
 * What a web process has once. Next bundles routes apart from each other, and the development server loads modules anew: a variable of a
 * module would be there several times, so this is kept on globalThis by its name.
 */
export function onceInProcess<T>(name: string, make: () => T): T {
  const key = keyOf(name);
  kept[key] ??= make();
  return kept[key] as T;
}

/** True for the first who asks under this name: what is begun once in a process. */
export function isFirstInProcess(name: string): boolean {
  const key = keyOf(name);
  const isFirst = !(key in kept);
  kept[key] = true;
  return isFirst;
}
