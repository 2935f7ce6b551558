import { composeLetter } from '../../../prisma/seed/compose-letter.ts';
import { letters } from '../../../prisma/seed/letters/all.ts';

/** The letters of the demo, which are all wanted. */
export const demoLetters = (): Promise<{ name: string; raw: Buffer }[]> => {
  const now = new Date();
  return Promise.all(letters.map(async (letter) => ({ name: letter.id, raw: await composeLetter(letter, now) })));
};
