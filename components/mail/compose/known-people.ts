import type { Person } from '#lib/webmail/reading/mail-message.ts';

/** People seen in this session's letters, to be offered at once while an address is typed; the server knows more (lib/webmail/people/find-people.ts). */
const known = new Map<string, Person>();
const most = 2000;

export function rememberPeople(people: readonly Person[]): void {
  for (const { name, address } of people) {
    if (!address.includes('@') || known.size >= most) continue;
    const key = address.toLowerCase();
    if (!known.has(key) || name) known.set(key, { name, address });
  }
}

export const knownPeople = (): Person[] => [...known.values()];
