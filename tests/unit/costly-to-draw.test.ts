import { expect, it } from 'vitest';
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
