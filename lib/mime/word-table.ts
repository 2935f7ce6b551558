/** A table that is asked for words of strangers: an object answers "constructor" and "__proto__" too, which nobody wrote into it. */
export const wordTable = <T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> => new Map(Object.entries(entries));
