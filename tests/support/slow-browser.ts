import type { Browser, Page } from 'playwright-core';

/** POSTAMT_TEST_SLOW="5": pages get a processor five times slower, to find on purpose what only fails on a busy machine. */
export function slowedDown(browser: Browser, rate = Number(process.env['POSTAMT_TEST_SLOW'] ?? 1)): Browser {
  if (rate <= 1) return browser;
  const slow = async (page: Page): Promise<void> => {
    const protocol = await page.context().newCDPSession(page);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate });
  };
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    const newPage = context.newPage.bind(context);
    context.newPage = async () => {
      const page = await newPage();
      await slow(page);
      return page;
    };
    return context;
  };
  return browser;
}
