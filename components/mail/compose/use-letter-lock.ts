'use client';

import { useEffect, useEffectEvent } from 'react';
import type { Letter } from '#lib/webmail/writing/letter.ts';
import { holdLetter, openElsewhere } from './letter-lock.ts';

/** Holds a letter, and the place of its draft, as long as it is open here; says so where another window has it open already. */
export function useLetterLock(first: Letter, id: string, sayOpenElsewhere: () => void): void {
  const say = useEffectEvent(sayOpenElsewhere);
  useEffect(() => {
    const place = first.draft ? `${first.draft.folder} ${first.draft.uid}` : first.id;
    let over = false;
    const releases: (() => void)[] = [];
    void openElsewhere().then((open) => {
      if (over) return;
      if (open.has(first.id) || open.has(place)) say();
      releases.push(holdLetter(first.id), holdLetter(place));
    });
    return () => {
      over = true;
      for (const release of releases) release();
    };
  }, [first]);
  // A letter that became one of its own goes by another name.
  useEffect(() => holdLetter(id), [id]);
}
