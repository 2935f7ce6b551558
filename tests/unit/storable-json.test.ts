import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { storableJson } from '#lib/mime/storable-json.ts';

it('what jsonb refuses is left out or marked, wherever it stands, and all else is as it was', () => {
  const kept = { name: 'Grüße 🙂', path: 'C:\\u0000\\ud83d', more: [1.5, null, true] };
  expect(JSON.parse(storableJson(kept))).toEqual(kept);
  const cut = { a: ['x\0y', { b: 'cut \ud83d' }], c: '\ude42 begins' };
  expect(JSON.parse(storableJson(cut))).toEqual({ a: ['xy', { b: 'cut \ufffd' }], c: '\ufffd begins' });
  expect(JSON.parse(storableJson({ ...kept, cut: '\ud83d\0' }))).toEqual({ ...kept, cut: '\ufffd' });
});

it('whoever writes a column of the type jsonb by hand writes it so', async () => {
  const otherwise: string[] = [];
  for await (const path of glob(['{app,lib,mail-server}/**/*.ts'])) {
    const source = readFileSync(path, 'utf8');
    if (source.includes('::jsonb') && !source.includes('storableJson(')) otherwise.push(path);
  }
  expect(otherwise).toEqual([]);
});
