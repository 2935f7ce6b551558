import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { sharedInstallation } from '#tests/support/installation.ts';
import { oddLetter } from '#tests/support/letter-view.ts';
import { deliver, launchBrowser, signInToWebmail, uidsOf, withLook } from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let signedIn: BrowserContext;

beforeAll(async () => {
  running = await sharedInstallation();
  browser = await launchBrowser();
  signedIn = await signInToWebmail(browser, running, max());
});
afterAll(() => browser?.close());

const max = () => {
  const [login] = running.demo;
  if (!login) throw new Error('no demo mailbox');
  return login;
};

/** Delivers an odd letter under a subject of its own and opens it. */
async function open(context: BrowserContext, name: string): Promise<Page> {
  const subject = `${name} ${Date.now()}`;
  const raw = oddLetter(name)
    .toString('latin1')
    .replace(/^Subject:.*(\r\n[ \t].*)*/m, `Subject: ${subject}`)
    .replace(/^(Message-ID: <)/im, `$1${Date.now()}.`);
  await deliver(running, max().address, { subject, raw: Buffer.from(raw, 'latin1') });
  let uid: number | undefined;
  await expect
    .poll(async () => {
      [uid] = await uidsOf(running, max(), 'INBOX', subject);
      return uid;
    })
    .toBeDefined();
  const page = await context.newPage();
  await page.goto(`${running.web}/mail/INBOX?m=${uid}`);
  await page.locator('.msg.open').first().waitFor();
  return page;
}

/** The least contrast of a text in the letter's frame to what is behind it. */
const leastContrast = (page: Page): Promise<number> =>
  page
    .locator('.msg.open iframe.mail-frame')
    .first()
    .evaluate((frame) => {
      const document = (frame as HTMLIFrameElement).contentDocument;
      if (!document) return 0;
      const parse = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (rgb: number[]) =>
        rgb
          .slice(0, 3)
          .map((value) => value / 255)
          .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
          .reduce((sum, value, at) => sum + value * ([0.2126, 0.7152, 0.0722][at] ?? 0), 0);
      let least = 21;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!element || element.tagName === 'STYLE' || !walker.currentNode.textContent?.trim()) continue;
        let behind: Element | null = element;
        while (behind && (parse(getComputedStyle(behind).backgroundColor)[3] ?? 1) < 0.5) behind = behind.parentElement;
        const [front, back] = [
          luminance(parse(getComputedStyle(element).color)),
          luminance(behind ? parse(getComputedStyle(behind).backgroundColor) : [255, 255, 255]),
        ];
        least = Math.min(least, (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05));
      }
      return least;
    });

describe.each(['light', 'dark'] as const)('in the %s', (theme) => {
  it.each([
    '02-body-background-white-text.eml',
    '50-id-selectors.eml',
    '90-style-attribute-with-junk.eml',
    '53-html-with-tables-to-reply.eml',
  ])('every word of %s can be read', async (name) => {
    const context = await withLook(browser, signedIn, running, { theme });
    const page = await open(context, name);
    await expect.poll(() => leastContrast(page), { timeout: 10_000 }).toBeGreaterThanOrEqual(4.5);
    await context.close();
  });
});

it('a frame does not grow by the height of its own window', async () => {
  const page = await open(signedIn, '03-viewport-min-height.eml');
  const height = () =>
    page
      .locator('iframe.mail-frame')
      .first()
      .evaluate((frame) => frame.clientHeight);
  await expect.poll(height).toBeGreaterThan(50);
  expect(await height()).toBeLessThan(1000);
  await page.close();
});

it('a letter in a letter opens in place', async () => {
  const page = await open(signedIn, '18-nested-rfc822.eml');
  await page.locator('.att-open').first().click();
  await page.locator('.inner-letter').getByText('Der Bescheid über das Grundstück liegt bei.').waitFor();
  expect(await page.locator('.inner-letter .att-open').allInnerTexts()).toEqual(['bescheid.pdf']);
  await page.close();
});

it('a mailto link begins a letter here', async () => {
  const page = await open(signedIn, '44-mailto-and-anchor.eml');
  await page.locator('iframe.mail-frame').first().contentFrame().locator('a', { hasText: 'Anmelden' }).click();
  await page.locator('.composer').waitFor();
  await page.close();
});
