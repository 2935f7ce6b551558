'use client';

import { useEffect, useState } from 'react';
import type { Person } from '#lib/webmail/reading/mail-message.ts';
import { isMeant, wordsOf } from '#lib/webmail/people/is-meant.ts';
import { askMail } from '../mail-api.ts';
import { knownPeople } from './known-people.ts';

const quietMs = 120;
const mostShown = 8;

/** Who may be meant by what is typed: people of the letters on the screen at once, colleagues and those of older letters a moment later. */
export function useSuggestions(typed: string, taken: ReadonlySet<string>): Person[] {
  const [found, setFound] = useState<{ typed: string; people: Person[] }>({ typed: '', people: [] });
  const wanted = typed.trim().toLowerCase();
  const asks = wanted.length >= 2 && !/[,;\n]/.test(wanted);
  useEffect(() => {
    if (!asks) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      askMail<{ people: Person[] }>('people', { q: wanted }, abort.signal).then(
        ({ people }) => setFound({ typed: wanted, people }),
        // Without suggestions one can still write.
        () => undefined,
      );
    }, quietMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asks, wanted]);
  if (!asks) return [];
  const words = wordsOf(wanted);
  const here = knownPeople().filter((person) => isMeant(person, words));
  const asked = wanted.startsWith(found.typed) && found.typed ? found.people.filter((person) => isMeant(person, words)) : [];
  const once = new Map<string, Person>();
  for (const person of [...asked, ...here]) {
    const key = person.address.toLowerCase();
    if (!taken.has(key) && !once.has(key)) once.set(key, person);
  }
  return [...once.values()].slice(0, mostShown);
}

/** The first that may be meant, where nobody was offered yet; null: nobody, or nobody can be asked. */
export const firstMeant = (typed: string): Promise<Person | null> =>
  askMail<{ people: Person[] }>('people', { q: typed.trim() }).then(
    ({ people }) => people[0] ?? null,
    () => null,
  );
