import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What a test changes for all that comes after it in its process: other files find it so. */
const ofTheProcess =
  /process\.env\[[^\]]+\] (?:\?\?)?= |Object\.assign\(process\.env|vi\.(mock|doMock|stubEnv|stubGlobal|resetModules)\(|setFlagsFromString\(/;

test('a test of a part leaves its process as it found it, or says by its name that it needs one of its own', () => {
  const shared = readdirSync(import.meta.dirname, { encoding: 'utf8' }).filter((name) => /(?<!\.alone)\.test\.ts$/.test(name));
  expect(shared.filter((name) => ofTheProcess.test(readFileSync(new URL(name, import.meta.url), 'utf8')))).toEqual([]);
  expect(shared.length).toBeGreaterThan(100);
});
