import { expect, it } from 'vitest';
import { firstBlocks } from '#lib/webmail/view/first-blocks.ts';
import { textBlocks } from '#lib/webmail/view/text-blocks.ts';
import { viewOf } from '#tests/support/letter-view.ts';

// What browsers take quadratic time for: 40 kB of marks that stand on one sign hold the tab of whoever opens the letter, or only the list, for
// a minute. Looked at is what the page is given, and not the seconds of a browser.

const stacked = /[\p{M}\p{EMod}\p{DI}]{31}/u;
const stacks = {
  accents: 'a\u0301'.padEnd(5000, '\u0301'),
  vowels: 'א'.padEnd(5000, '\u05b4'),
  shades: `👩${'🏽'.repeat(5000)}`,
  joined: 'a'.padEnd(5000, '\u0301\u200b\u200d\u00ad'),
  mixed: `👩${'🏽\u0301\ufe0f'.repeat(2000)}`,
};
const written = {
  'text/plain': (stack: string) => stack,
  'text/html': (stack: string) => `<p>${stack}</p>`,
  'text/html; by number': (stack: string) => `<p>${Array.from(stack, (sign) => `&#${sign.codePointAt(0)};`).join('')}</p>`,
  'text/html; with comments': (stack: string) => `<p>${Array.from(stack, (sign) => `${sign}<!-- -->`).join('')}</p>`,
  'text/html; in pieces': (stack: string) => `<p>${Array.from(stack, (sign) => `${sign}<x-y></x-y><span></span>`).join('')}</p>`,
};

it.each(Object.keys(stacks) as (keyof typeof stacks)[])('no letter shows a sign with thousands of %s', (name) => {
  const stack = stacks[name];
  const subject = Buffer.from(stack).toString('base64').replace(/.{40}/g, '=?utf-8?B?$&?=\n ');
  for (const [type, write] of Object.entries(written)) {
    const view = viewOf(
      `From: "=?utf-8?B?${Buffer.from(stack.slice(0, 30)).toString('base64')}?=" <a@x.at>\nSubject: ${subject}\nContent-Type: ${type.split(';')[0]}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from(write(stack)).toString('base64')}\n`,
    );
    // elements without a text between them are no end of a sign
    const shown = JSON.stringify(view).replaceAll('<span></span>', '');
    expect(shown.includes(stack.slice(0, 10)), type).toBe(true);
    expect(stacked.test(shown), type).toBe(false);
  }
});

it('what languages and jokes need stays', () => {
  const text = 'Ti\u1ebf\u0302ng Vi\u1ec7t, z\u0315\u0321\u0355\u0300\u0301a\u0335\u0322l\u0336g\u0337o, क्ष्म्य, 🏻🏼🏽🏾🏿, 👩🏽‍🚀';
  expect(viewOf(`Subject: x\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`).text).toContain(text);
});

it('no rule of a letter looks through all that came before, for each element: ten of them over 20,000 paragraphs hold the tab', () => {
  const sheet = 'b ~ p, p:not(b ~ p), h1 + p { color: red } td ~ td { color: red }';
  const view = viewOf(`Subject: x\nContent-Type: text/html\n\n<style>${sheet}</style><h1>x</h1><p>y</p>\n`);
  const shown = JSON.stringify(view);
  expect(shown).toContain('h1 + p');
  expect(shown).not.toContain('~');
});

// Each of these held Chromium's tab for seconds, and twice as much of it twice or four times as long; some crashed it at a kilobyte.

const htmlOf = (html: string): string => viewOf(`Subject: x\nContent-Type: text/html; charset=utf-8\n\n${html}\n`).html;
const many = (count: number, write: (at: number) => string): string => Array.from({ length: count }, (_, at) => write(at)).join('');

it.each([
  ['asked of each element', many(4000, (at) => `.a${at} *[title]{margin:${at}px}`), '<p>x</p>'],
  ['with long lists', many(300, () => `p:not(${many(100, (at) => `${at > 0 ? ',' : ''}.c${at}`)}){margin:0}`), '<p>x</p>'],
  ['with long chains', many(40, () => `${'i+'.repeat(400)}i{margin:0}`), '<i>x</i>'],
  ['that hold all', many(3000, (at) => `.b{margin:${at}px}`), '<p class=b>x</p>'],
])('no letter has thousands of rules %s and thousands of elements', (_, sheet, element) => {
  const letter = (elements: number): string => htmlOf(`<style>${sheet}</style>${element.repeat(elements)}`);
  expect(letter(5)).toContain('margin:');
  expect(letter(3000)).not.toContain('margin:');
});

it('no letter has by its parts together what one of them may not have', () => {
  const sheet = many(600, (at) => `.b{margin:${at}px}`);
  const part = `--b\nContent-Type: text/html\n\n<style>${sheet}</style>${'<p class=b>x</p>'.repeat(600)}\n`;
  const floats = `--b\nContent-Type: text/html\n\n<p>x</p>${'<i style="float:left">x</i>'.repeat(2000)}\n`;
  const letter = (one: string, times: number): string =>
    viewOf(`Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n${one.repeat(times)}--b--\n`).html;
  expect(letter(part, 2)).toContain('margin:');
  const of30 = letter(part, 30);
  expect([of30.includes('margin:'), of30.match(/<p/g)?.length]).toEqual([false, 18_000]);
  expect(letter(floats, 5).match(/float:left/g)?.length).toBeLessThan(4001);
});

it('no rule looks for elements of one name among thousands of other names', () => {
  const letter = (names: number): string =>
    htmlOf(`<style>*:last-of-type{margin:0}</style>${many(names, (at) => `<x-a${at}>x</x-a${at}>`)}`);
  expect(letter(20)).toContain(':last-of-type');
  expect(letter(6000)).not.toContain(':last-of-type');
});

it('brackets of a selector hold no ways up, each of which would be gone for each step of the one around it', () => {
  expect(htmlOf('<style>p:not(:is(:is(b *) *)){margin:0} p:not(.a,.b){padding:0}</style><p>x</p>')).toMatch(/^(?!.*margin).*padding/s);
});

it.each([
  ['grids', 'display:grid', 4, 40],
  // builders of newsletters set icons side by side by one of them
  ['tables in a line', 'display:inline-table', 4, 40],
  ['cells', 'display:table-cell', 30, 200],
])('no letter has %s in one another that double the time or the depth with each level', (_, style, few, deep) => {
  for (const open of [`<div style="${style}">`, '<div class="g">']) {
    const letter = (depth: number): string => htmlOf(`<style>.g{${style}}</style>${open.repeat(depth)}x`);
    expect(letter(few)).toContain(style);
    expect(letter(deep)).not.toContain(style);
  }
  // side by side they cost what they are
  expect(htmlOf(`<div style="${style}">x</div>`.repeat(500))).toContain(style);
});

it('columns of text, which a dozen in one another make endless, are none', () => {
  expect(htmlOf('<p style="column-count:2;hyphens:auto;margin:0">x</p>')).not.toMatch(/column-count|hyphens/);
});

it('no letter has more floats than a tab bears', () => {
  for (const one of ['<i style="float:left">x</i>', '<img align="left" alt="x">', '<i class=f>x</i>']) {
    const letter = (count: number): string => htmlOf(`<style>.f{float:right}</style><p>x</p>${one.repeat(count)}`);
    expect(letter(100)).toMatch(/float:(left|right)|align="left"/);
    expect(letter(9000)).not.toMatch(/float:(left|right)|align="left"/);
  }
});

it('cells that span a thousand columns and rows each take no more places than a large table has', () => {
  const places = [...htmlOf(`<table>${'<tr><td colspan=1000 rowspan=500>x</td></tr>'.repeat(200)}</table>`).matchAll(/colspan="1000"/g)];
  expect(places.length).toBeLessThan(2);
  expect(htmlOf(`<table>${'<tr><td colspan=3 rowspan=2>x</td></tr>'.repeat(2000)}</table>`).match(/colspan="3"/g)).toHaveLength(2000);
});

it.each([
  ['Thai', 'ภาษาไทย'],
  ['Devanagari', 'क्षत्रिय'],
  ['one word', 'x'],
  ['words', 'Wort für Wort '],
  ['one sign and its marks', 'a\u0301'],
])('a text of %s without an end can be broken, and is what it was', (_, unit) => {
  const text = unit.repeat(Math.ceil(50_000 / unit.length));
  for (const html of [text, Array.from(text, (sign) => `<b>${sign}</b>`).join('')]) {
    const shown = htmlOf(`<p>${html}</p>`).replace(/<\/?(?!wbr)[^>]+>/g, '');
    const pieces = shown.split('<wbr>');
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(4100);
    expect(pieces.join('').trim()).toBe(text.trim());
    for (const piece of pieces) expect(piece).not.toMatch(/^\p{M}/u);
  }
});

it('a text of more than a browser lays out at once stands there with its beginning, and the sentence that says so', () => {
  const view = (text: string) => viewOf(`Subject: x\n\n${text}\n`);
  const long = view('Lorem ipsum '.repeat(80_000));
  expect([long.cut, long.text.length]).toEqual([true, 500_000]);
  const short = view('Lorem ipsum '.repeat(40_000));
  expect([short.cut, short.text.length]).toEqual([false, 479_999]);
});

it('a text whose first paragraph is just as long as what is shown at once ends there', () => {
  const blocks = textBlocks(`${'x'.repeat(600)}\n\n${'y'.repeat(600)}\n> ${'z'.repeat(600)}`);
  const first = firstBlocks(blocks, 600);
  expect(first.map(({ paragraphs }) => paragraphs.flat().map(({ text }) => text.trim().length))).toEqual([[600]]);
  expect(firstBlocks(blocks, 10_000)).toBe(blocks);
});

it('no letter has a browser look for its signs in a hundred fonts', () => {
  const family = (fonts: number): string => htmlOf(`<p style="font-family:${many(fonts, (at) => `F${at},`)}serif">x</p>`);
  expect(family(12)).toContain('F11');
  expect(family(100)).not.toContain('font-family');
});
