import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { sharedInstallation } from '#tests/support/installation.ts';
import { demoLogins, launchBrowser, openInbox, rowOf, rows, signInToWebmail, unique, withMailbox } from '#tests/support/webmail.ts';

/** Who has a keyboard and no mouse, or hears the page: where the focus is after each step, and what is said. */
let running: RunningFile;
let browser: Browser;
let context: BrowserContext;
let max: RunningFile['demo'][number];
const errors: string[] = [];

beforeAll(async () => {
  running = sharedInstallation();
  [max] = demoLogins(running);
  browser = await launchBrowser();
  context = await signInToWebmail(browser, running, max);
});
afterAll(() => browser?.close());

/** A folder of its own with three read letters, open in the webmail; the newest stands first. */
async function openFolder(): Promise<{ page: Page; folder: string; subjects: string[] }> {
  const folder = unique('Tasten');
  const subjects = ['Dritter', 'Zweiter', 'Erster'].map(unique);
  await withMailbox(running, max, async (client) => {
    await client.mailboxCreate(folder);
    for (const [at, subject] of [...subjects].reverse().entries())
      await client.append(
        folder,
        `From: Anna <anna@extern.example>\r\nSubject: ${subject}\r\nMessage-ID: <${randomUUID()}@tasten>\r\n\r\nText`,
        ['\\Seen'],
        new Date(Date.UTC(2026, 0, 5, 8, at)),
      );
  });
  const page = await openInbox(context, running, `/mail/${encodeURIComponent(folder)}`);
  page.on('pageerror', (error) => errors.push(error.message));
  return { page, folder, subjects };
}

/** What has the focus: a row by its subject, else its name or its id. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return 'nowhere';
    return at.id || (at.getAttribute('aria-label') ?? at.textContent ?? '').trim();
  });
const comesTo = (page: Page, where: string) => expect.poll(() => focused(page)).toBe(where);
const said = (page: Page): Promise<string[]> =>
  page.locator('[role="status"]').evaluateAll((regions) => regions.map((region) => region.textContent?.trim() ?? '').filter(Boolean));

describe('with keys alone', () => {
  it('one comes from nowhere into the list, from there into the letter, and back', async () => {
    const { page, subjects } = await openFolder();
    expect(await focused(page)).toBe('nowhere');
    await page.keyboard.press('j');
    await comesTo(page, subjects[0] ?? '');
    await page.keyboard.press('j');
    await comesTo(page, subjects[1] ?? '');
    await page.locator('.msg.open').waitFor();
    await page.keyboard.press('Enter');
    await comesTo(page, 'lesen');
    await page.keyboard.press('Escape');
    await comesTo(page, subjects[1] ?? '');
    await page.close();
  });

  it('one stays in the list when the letter one is on is put away, also the last', async () => {
    const { page, subjects } = await openFolder();
    await page.keyboard.press('j');
    for (const [at, subject] of subjects.entries()) {
      await comesTo(page, subject);
      await page.keyboard.press('e');
      await rowOf(page, subject).waitFor({ state: 'detached' });
      await comesTo(page, subjects[at + 1] ?? 'liste');
    }
    await page.close();
  });

  it('one is not thrown out of the page by a button that goes when it is pressed', async () => {
    const { page, subjects } = await openFolder();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await expect.poll(() => said(page)).toContain('1 Unterhaltung ausgewählt');
    await page.getByRole('toolbar').getByRole('button', { name: 'Archivieren' }).first().press('Enter');
    await rowOf(page, subjects[0] ?? '').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.closest('#liste'));
    await page.close();
  });

  it('one hears how much was found, and the arrow leads into it', async () => {
    const { page, subjects } = await openFolder();
    const [subject = ''] = subjects;
    await page.keyboard.press('/');
    await page.keyboard.type(`betreff:"${subject}"`);
    await page.keyboard.press('Enter');
    await expect.poll(() => said(page)).toContain('1 Treffer');
    await page.keyboard.press('ArrowDown');
    await comesTo(page, subject);
    await page.close();
  });

  it('one goes through a toolbar with the arrows, and past it with one Tab', async () => {
    const { page, subjects } = await openFolder();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    const bar = page.getByRole('toolbar', { name: '1 Unterhaltung ausgewählt' });
    const [clear, all] = [bar.getByRole('button').first(), bar.getByRole('button').nth(1)];
    await clear.focus();
    await page.keyboard.press('ArrowRight');
    const isOn = (button: typeof all) => expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true);
    await isOn(all);
    await page.keyboard.press('End');
    await isOn(bar.getByRole('button').last());
    await page.keyboard.press('ArrowRight');
    await isOn(clear);
    // as it was left: it is one stop, and the next key leads on to the letters
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.activeElement?.closest('[role=toolbar]') === null);
    await page.keyboard.press('Shift+Tab');
    await isOn(all);
    expect(await rowOf(page, subjects[0] ?? '').count()).toBe(1);
    await page.close();
  });

  it('one reaches a toolbar also when the window became so small that the button one was at is gone', async () => {
    const { page, subjects } = await openFolder();
    await rowOf(page, subjects[0] ?? '')
      .locator('a.go')
      .click();
    const bar = page.locator('.tools');
    await bar.getByRole('button', { name: 'Spam' }).focus();
    await page.setViewportSize({ width: 390, height: 800 });
    const stops = () => bar.locator('button[tabindex="0"]').evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
    await expect.poll(stops).toBe(1);
    await page.close();
  });

  it('one hears whose letter it is, and when it came, with its subject', async () => {
    const { page, subjects } = await openFolder();
    await page.keyboard.press('j');
    await comesTo(page, subjects[0] ?? '');
    const described = await page.evaluate(() =>
      (document.activeElement?.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? 'nothing')
        .join(' '),
    );
    expect(described).toMatch(/^Anna.*\d/);
    await page.close();
  });

  it('one comes back into the text from a link that is not set after all', async () => {
    const { page } = await openFolder();
    await page.keyboard.press('c');
    await page.locator('.body-text').waitFor();
    await page.getByRole('button', { name: 'Formatierung', exact: true }).press('Enter');
    await page.getByRole('toolbar').getByRole('button', { name: 'Link einfügen' }).press('Enter');
    await page.locator('.link-form input').waitFor();
    await page.keyboard.press('Escape');
    // the editor takes it with the next frame
    await page.waitForFunction(() => document.activeElement?.matches('.body-text'));
    await page.close();
  });
});

describe('the window', () => {
  it('says by its title which folder it shows, and keeps saying it', async () => {
    const { page, folder } = await openFolder();
    await page.waitForLoadState('load');
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    expect(await page.title()).toBe(`${folder} · Postamt`);
    await page.close();
  });

  it('leads out of a folder that is gone, and asks nobody to choose from nothing', async () => {
    const page = await context.newPage();
    await page.goto(`${running.web}/mail/${unique('Weg')}`);
    const out = page.getByRole('button', { name: 'Zum Posteingang' });
    await out.waitFor();
    expect(await page.getByText('Wählen Sie links').count()).toBe(0);
    await out.click();
    await rows(page).first().waitFor();
    await page.close();
  });

  it('nothing failed in it', () => expect(errors).toEqual([]));
});
