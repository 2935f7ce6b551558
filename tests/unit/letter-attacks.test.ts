import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sanitizeMailHtml } from '#lib/webmail/html/sanitize-mail-html.ts';
import { letterAttacks } from '#tests/support/letter-attacks.ts';
import { launchBrowser } from '#tests/support/webmail.ts';

/**
 * The first of the three walls alone (docs/decisions/005-html-mail.md): what the sanitiser lets through stands in a page that would run every
 * script and load every address.
 */
let browser: Browser;
let context: BrowserContext;
let page: Page;
const asked: string[] = [];
const ran: unknown[] = [];
const origin = 'https://page.example/';

beforeAll(async () => {
  browser = await launchBrowser();
  context = await browser.newContext();
  await context.route('**/*', async (route) => {
    const address = route.request().url();
    if (address === origin) {
      await route.fulfill({ contentType: 'text/html', body: '<!doctype html><meta charset=utf-8><body><main></main>' });
      return;
    }
    asked.push(address);
    await route.abort();
  });
  page = await context.newPage();
  await page.exposeFunction('ran', (what: unknown) => void ran.push(what));
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.goto(origin);
});
afterAll(() => browser?.close());

/** Puts HTML into the page as the frame does, uses it as a reader would, and says what came of it. */
async function show(html: string): Promise<{ asked: string[]; ran: unknown[]; around: string }> {
  asked.length = 0;
  ran.length = 0;
  await page.evaluate((content) => {
    const main = document.querySelector('main') as HTMLElement;
    main.innerHTML = content;
    // once more, as an answer does that quotes it
    main.innerHTML = main.innerHTML.toString();
    for (const element of main.querySelectorAll<HTMLElement>('a, area, button, summary, [id$="click"]')) {
      element.removeAttribute('target');
      element.addEventListener('click', (event) => {
        const href = element.getAttribute('href') ?? '';
        if (!/^\s*(javascript|data|vbscript|blob):/i.test(href)) event.preventDefault();
      });
      element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
      element.click();
    }
  }, html);
  // two turns of the browser: pictures that fail have said so, style sheets were applied
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20))));
  if (page.url() !== origin) throw new Error(`the page was left for ${page.url()}`);
  const around = await page.evaluate(() => [...document.body.children].map((element) => element.tagName).join());
  return { asked: [...asked], ran: [...ran], around };
}

describe.each(['dark', 'light'] as const)('what was made safe, %s', (scheme) => {
  it.each(letterAttacks.map(({ kind, html }) => [kind, html.replace(/\s+/g, ' ').slice(0, 100), html]))(
    'neither runs nor loads: %s %s',
    async (_, __, html) => {
      const clean = sanitizeMailHtml(html, { inlineImage: () => null, remoteImage: null, dark: scheme === 'dark' });
      expect(await show(clean.html)).toEqual({ asked: [], ran: [], around: 'MAIN' });
    },
  );
});

it('the same page notices what was not made safe', async () => {
  expect((await show('<img src="https://a.leak.example/1">')).asked).toEqual(['https://a.leak.example/1']);
  expect((await show('<img src="data:," onerror="ran(1)">')).ran).not.toEqual([]);
});
