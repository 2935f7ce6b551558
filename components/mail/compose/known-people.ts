import type { Person } from '#lib/webmail/types.ts';

/** People seen in this session's letters, to be offered while an address is typed. Not kept: contacts are an issue of their own. */
const known = new Map<string, string>();
const most = 2000;

export function rememberPeople(people: readonly Person[]): void {
  for (const { name, address } of people) {
    if (!address.includes('@') || known.size >= most) continue;
    const key = address.toLowerCase();
    if (!known.has(key) || name) known.set(key, name ? `${name.replace(/[<>,;"]/g, ' ').trim()} <${address}>` : address);
  }
}

export const knownPeople = (): string[] => [...known.values()];
