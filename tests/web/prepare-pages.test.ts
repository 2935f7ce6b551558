import { expect, it } from 'vitest';
import { sharedInstallation } from '#tests/support/installation.ts';
import { preparePages } from '#tests/support/prepare-pages.ts';
import { launchBrowser } from '#tests/support/webmail.ts';

it('a page that a test goes to answers to all that stands on it, however slow it is', async () => {
  const browser = preparePages(await launchBrowser(), 10);
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${sharedInstallation().web}/sign-in`);
    const answers = await page
      .locator('form, button, input:not([type=hidden])')
      .evaluateAll((elements) => elements.map((element) => Object.keys(element).some((key) => key.startsWith('__reactProps'))));
    expect(answers.length).toBeGreaterThan(3);
    expect(answers).not.toContain(false);
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
