import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { sharedInstallation } from '#tests/support/installation.ts';
import { preparePages } from '#tests/support/prepare-pages.ts';
import { launchBrowser } from '#tests/support/webmail.ts';

/** Of everything that can be pressed or filled in, whether React answers for it. */
const answers = (page: Page): Promise<boolean[]> =>
  page
    .locator('form, button, input:not([type=hidden])')
    .evaluateAll((elements) => elements.map((element) => Object.keys(element).some((key) => key.startsWith('__reactProps'))));

it('a page that a test goes to answers to all that stands on it, however late its scripts come', async () => {
  const browser = preparePages(await launchBrowser());
  try {
    const page = await (await browser.newContext()).newPage();
    const release = Promise.withResolvers<void>();
    await page.route('**/_next/**/*.js*', async (route) => {
      await release.promise;
      await route.continue();
    });
    let hasCome = false;
    const coming = page.goto(`${sharedInstallation().web}/sign-in`, { waitUntil: 'commit' });
    void coming.then(
      () => {
        hasCome = true;
      },
      () => undefined,
    );
    await page.locator('button[type=submit]').first().waitFor();
    expect(await answers(page)).toContain(false);
    expect(hasCome).toBe(false);
    release.resolve();
    await coming;
    expect((await answers(page)).length).toBeGreaterThan(3);
    expect(await answers(page)).not.toContain(false);
  } finally {
    await browser.close();
  }
});

it('what a test waited for and never came to look at ends with its page, and is no fault beside it', async () => {
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    void page.waitForRequest(/nirgendwo/);
    void page.waitForURL(/nirgendwo/);
    await page.close();
  } finally {
    await browser.close();
  }
});
