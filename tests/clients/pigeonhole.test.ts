import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { comparable, Pigeonhole, withoutAnswers } from '#tests/support/pigeonhole.ts';
import { corpus, readTrials, runBatch } from '#tests/support/sieve-corpus.ts';
import { isInstalled } from './program.ts';

/** Trials that Pigeonhole decides otherwise, each with the reason; docs/protocols.md explains them. */
const differences = JSON.parse(readFileSync(join(corpus, 'differences.json'), 'utf8')) as Record<string, string[]>;

describe.skipIf(!isInstalled('sieve-test'))('Pigeonhole', () => {
  test('decides as we do, but for what is explained', { timeout: 600_000 }, () => {
    using pigeonhole = new Pigeonhole();
    const trials = readTrials();
    const explained = new Set(Object.values(differences).flat());
    const unexplained: unknown[] = [];
    const agreed: string[] = [];
    for (const [at, ours] of runBatch(trials).entries()) {
      const trial = trials[at];
      // sieve-test takes no null sender
      if (trial === undefined || trial.sender === '') continue;
      const withheld = ours.some((line) => line.startsWith(' * do not send'));
      const compared = [comparable(ours), comparable(pigeonhole.run(trial))].map((lines) => (withheld ? withoutAnswers(lines) : lines));
      const same = JSON.stringify(compared[0]) === JSON.stringify(compared[1]);
      if (same && explained.has(trial.id)) agreed.push(trial.id);
      if (!same && !explained.has(trial.id)) unexplained.push([trial.id, ...compared]);
    }
    expect(unexplained).toEqual([]);
    // an explanation that explains nothing is a mistake
    expect(agreed).toEqual([]);
  });
});
