import { chromium, type Page } from 'playwright-core';
import { painted } from '../support/webmail.ts';

/** Median of the times of one step, in the shape that the neutral web benchmark prints. */
interface Step {
  median: number;
}

export interface WebFigures extends Record<string, unknown> {
  login_to_inbox_ms: Step;
  open_message_ms: Step;
  next_page_ms: Step;
  search_subject_from_ms: Step;
  search_entire_message_ms: Step;
  transfer_kb_cold_cache: Step;
}

const word = 'Rechnung';
const pageRows = 50;

async function timed(page: Page, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  await painted(page);
  return performance.now() - from;
}

/**
 * Postamt's webmail by the steps of the neutral web benchmark: from the click until the new content is in the page and two frames were
 * painted, in `runs` fresh browsers. Throws if a letter shows no text or a search finds nothing.
 */
export async function measureWebmail(web: string, login: { address: string; password: string }, runs: number): Promise<WebFigures> {
  const times = new Map<keyof WebFigures & string, number[]>();
  const note = (step: keyof WebFigures & string, value: number) => times.set(step, [...(times.get(step) ?? []), value]);
  const browser = await chromium.launch({
    executablePath: process.env['POSTAMT_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--no-first-run'],
  });
  try {
    for (let round = 0; round < runs; round++) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, locale: 'de-AT' });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      let bytes = 0;
      const network = await context.newCDPSession(page);
      await network.send('Network.enable');
      network.on('Network.loadingFinished', (event) => {
        bytes += event.encodedDataLength;
      });

      await page.goto(`${web}/sign-in`);
      await page.fill('input[name=address]', login.address);
      await page.fill('input[name=password]', login.password);
      const toInbox = await timed(page, async () => {
        await page.click('form button.primary');
        await page.locator('.virtual .row a.go').first().waitFor();
      });
      note('login_to_inbox_ms', toInbox);
      note('transfer_kb_cold_cache', bytes / 1024);

      for (let at = 0; at < 3; at++) note('open_message_ms', await timed(page, () => openRow(page, at * 3 + (round % 3))));
      for (let at = 1; at <= 3; at++) note('next_page_ms', await timed(page, () => scrollTo(page, at * pageRows)));
      note('search_subject_from_ms', await timed(page, () => search(page, `betreff:${word}`)));
      await page.getByRole('button', { name: 'Suche beenden' }).click();
      await page.locator('.virtual .row a.go').first().waitFor();
      note('search_entire_message_ms', await timed(page, () => search(page, word)));
      await context.close();
    }
  } finally {
    await browser.close();
  }
  const medianOf = (step: string): Step => {
    const sorted = (times.get(step) ?? []).toSorted((a, b) => a - b);
    return { median: sorted[sorted.length >> 1] ?? Number.NaN };
  };
  return Object.fromEntries([...times.keys()].map((step) => [step, medianOf(step)])) as WebFigures;
}

/** Every letter of the corpus greets with these words, as text or in the sandboxed frame. */
async function openRow(page: Page, at: number): Promise<void> {
  const link = page.locator(`.virtual-item[aria-posinset="${at + 1}"] a.go`);
  const href = await link.getAttribute('href');
  await link.click();
  await page.waitForURL((url) => url.pathname + url.search === href);
  const greeting = /Guten Tag/;
  await Promise.any([
    page.locator('.msg.open').getByText(greeting).first().waitFor(),
    page.frameLocator('.msg.open iframe').getByText(greeting).first().waitFor(),
  ]);
}

async function scrollTo(page: Page, position: number): Promise<void> {
  await page.evaluate((at) => {
    const item = document.querySelector<HTMLElement>('.virtual-item');
    document.querySelector('.list-scroll')?.scrollTo({ top: at * (item?.offsetHeight ?? 0) });
  }, position);
  await page.waitForFunction(() => {
    const box = document.querySelector('.list-scroll')?.getBoundingClientRect();
    const seen = [...document.querySelectorAll('.virtual-item')].filter((item) => {
      const { top, bottom } = item.getBoundingClientRect();
      return box && bottom > box.top && top < box.bottom;
    });
    return seen.length > 5 && seen.every((item) => item.querySelector('a.go'));
  });
}

/** Until every folder was searched and the hits are shown. */
async function search(page: Page, query: string): Promise<void> {
  await page.locator('.search input').fill(query);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => {
    const bar = document.querySelector('.search-progress [role=progressbar]');
    return bar !== null && bar.getAttribute('aria-valuenow') === bar.getAttribute('aria-valuemax') && document.querySelector('.row mark');
  });
}
