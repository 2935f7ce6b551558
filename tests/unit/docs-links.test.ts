import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';

// What the docs and comments lead to is there.

const tracked = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.tsx', '*.sql', '*.yml'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => existsSync(file));
const pages = tracked.filter((file) => file.endsWith('.md') && !file.startsWith('tests/fixtures/'));

/** As the hosts of repositories make them of headings. */
const anchorsOf = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(pages)('every link of %s leads somewhere', (page) => {
  for (const [link, path = '', fragment] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)/g)) {
    const target = path === '' ? page : join(dirname(page), path);
    expect(existsSync(target), link).toBe(true);
    if (fragment) expect(anchorsOf(target), link).toContain(fragment);
  }
});

it('every decision that is named by its number is one of the files, but those that a later one replaced', () => {
  const numbers = new Set(tracked.filter((file) => file.startsWith('docs/decisions/')).map((file) => Number(basename(file).slice(0, 3))));
  const named = tracked.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?<!Replaces )\bdecision \[?0*(\d{1,3})\b/gi)].map(([, number]) => ({
      file,
      number: Number(number),
    })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ number }) => !numbers.has(number))).toEqual([]);
});
