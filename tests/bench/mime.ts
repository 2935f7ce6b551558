// How long the index of a letter takes (it is on the way of every delivery): node tests/bench/mime.ts
import { indexMessage } from '../../lib/mime/index-message.ts';
import { normalise } from '../../mail-server/search/normalise.ts';
import { buildLetter } from '../support/letters.ts';

const letters = Array.from({ length: 300 }, (_, number) => buildLetter(number));
const bytes = letters.reduce((sum, letter) => sum + letter.length, 0) / letters.length;
const measure = (work: () => void): number => {
  const rounds: number[] = [];
  for (let round = 0; round < 7; round++) {
    const before = process.cpuUsage();
    work();
    const used = process.cpuUsage(before);
    rounds.push((used.user + used.system) / 1000 / letters.length);
  }
  return rounds.toSorted((a, b) => a - b)[2] ?? 0;
};

const texts = letters.map((letter) => indexMessage(letter).text);
const index = measure(() => {
  for (const letter of letters) indexMessage(letter);
});
const normalisation = measure(() => {
  for (const text of texts) normalise(text);
});
process.stdout.write(
  `${(bytes / 1024).toFixed(1)} KB a letter: index ${index.toFixed(3)} ms, normalise ${normalisation.toFixed(3)} ms of CPU a message\n`,
);
