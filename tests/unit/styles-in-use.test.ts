import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '#lib/launcher/project.ts';

const filesBelow = (folder: string): string[] =>
  readdirSync(join(projectRoot, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(projectRoot, path)).isDirectory() ? filesBelow(path) : [path];
  });
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

/** Given by the editor's library to what it shows. */
const ofLibraries = new Set(['selectedCell', 'ProseMirror-selectednode']);

it('every class of a style sheet stands in a page', () => {
  const words = new Set(
    [...filesBelow('app'), ...filesBelow('components'), ...filesBelow('lib/webmail')]
      .filter((path) => /\.tsx?$/.test(path))
      .flatMap((path) => read(path).match(/[\w-]+/g) ?? []),
  );
  const unused = filesBelow('app')
    .filter((path) => path.endsWith('.css'))
    .flatMap((path) => {
      const selectors = read(path)
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\{[^{}]*\}/g, '{}');
      return [...new Set([...selectors.matchAll(/\.([a-zA-Z][\w-]*)/g)].map((match) => match[1] ?? ''))]
        .filter((name) => !words.has(name) && !ofLibraries.has(name))
        .map((name) => `${path}: .${name}`);
    });
  expect(unused).toEqual([]);
});

it('every token is read somewhere', () => {
  const styles = filesBelow('app').filter((path) => path.endsWith('.css'));
  const texts = styles.map((path) => read(path).replace(/@theme[^{]*\{[^}]*\}/g, (theme) => theme.replace(/--[\w-]+:/g, '')));
  const used = new Set(texts.flatMap((text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1])));
  const defined = texts.flatMap((text) => [...text.matchAll(/(--[\w-]+)\s*:/g)].map((match) => match[1]));
  expect([...new Set(defined)].filter((token) => !used.has(token))).toEqual([]);
});
