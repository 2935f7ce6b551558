import type { Browser, Page } from 'playwright-core';

/**
 * POSTAMT_TEST_SLOW="4" or "4,150,1500": a processor four times slower, 150 ms on the way, 1,500 kilobits a second. To find what only fails
 * on a busy machine, on purpose and as often as wanted.
 */
export function slowedDown(browser: Browser, how = process.env['POSTAMT_TEST_SLOW'] ?? ''): Browser {
  if (how === '') return browser;
  const [rate = 1, latency = 0, kilobits = 0] = how.split(',').map(Number);
  const slow = async (page: Page): Promise<void> => {
    const protocol = await page.context().newCDPSession(page);
    await protocol.send('Emulation.setCPUThrottlingRate', { rate });
    const bytes = kilobits > 0 ? kilobits * 125 : -1;
    const network = { offline: false, latency, downloadThroughput: bytes, uploadThroughput: bytes };
    if (latency > 0) await protocol.send('Network.emulateNetworkConditions', network);
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
