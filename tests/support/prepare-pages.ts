import type { Browser, BrowserContext, Page } from 'playwright-core';

/** Resolves when what was done is painted. */
export const painted = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Resolves when React answers for whatever can be pressed or filled in on the page: what a test does before is lost. */
export const hydrated = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    () =>
      // written by scripts of their own, or by none: letters, files, answers of the API
      !document.querySelector('script[src*="/_next/"]') ||
      [...document.querySelectorAll('form, button, input:not([type="hidden"]), select, textarea')].every((element) =>
        Object.keys(element).some((key) => key.startsWith('__reactProps')),
      ),
  );
  await painted(page);
};

/**
 * Every page of the browser: where it goes, it has come when it takes keys and presses. A person reads before he presses; a test that does
 * not wait presses, on a slow machine, what nobody listens to yet.
 * POSTAMT_TEST_SLOW="5" gives pages a processor five times slower, to find on purpose what only fails on a busy machine.
 */
export function preparePages(browser: Browser, slowness = Number(process.env['POSTAMT_TEST_SLOW'] ?? 1)): Browser {
  const openContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await openContext(options);
    // twice as long as by itself: what is slow on a busy machine comes
    context.setDefaultTimeout(60_000);
    const openPage = context.newPage.bind(context);
    letRequestsEnd(context);
    context.newPage = async () => {
      const page = await openPage();
      letRequestsEnd(page);
      letWaitsEnd(page);
      if (slowness > 1) await slowDown(page, slowness);
      if (options?.javaScriptEnabled !== false) waitForScripts(page);
      return page;
    };
    return context;
  };
  return browser;
}

/**
 * What a test keeps on its way is sent on without it when the address is let go of, and ends with its page. What the test does with it
 * afterwards comes too late, which is no fault, and would be thrown beside all tests.
 */
function letRequestsEnd(target: BrowserContext | Page): void {
  const route = target.route.bind(target);
  target.route = (url, handler, options) =>
    route(
      url,
      async (kept, request) => {
        try {
          await handler(kept, request);
        } catch (error) {
          if (!(error instanceof Error && /Route is already handled|has been closed/.test(error.message))) throw error;
        }
      },
      options,
    );
}

/**
 * What a test waits for while it does something else ends with its page too: where the test failed before it came to look, nobody does, and it
 * would be thrown beside all tests, though the next try passed.
 */
function letWaitsEnd(page: Page): void {
  for (const name of ['waitForRequest', 'waitForResponse', 'waitForEvent', 'waitForURL'] as const) {
    const begin = page[name].bind(page) as (...given: unknown[]) => Promise<unknown>;
    Object.assign(page, { [name]: (...given: unknown[]) => unlooked(begin(...given)) });
  }
}

function unlooked<T>(waiting: Promise<T>): Promise<T> {
  waiting.catch(() => undefined);
  return waiting;
}

async function slowDown(page: Page, rate: number): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Emulation.setCPUThrottlingRate', { rate });
}

function waitForScripts(page: Page): void {
  const [go, reload] = [page.goto.bind(page), page.reload.bind(page)];
  const come = async <T>(way: Promise<T>): Promise<T> => {
    const response = await way;
    await hydrated(page);
    return response;
  };
  page.goto = (url, options) => unlooked(come(go(url, options)));
  page.reload = (options) => unlooked(come(reload(options)));
}
