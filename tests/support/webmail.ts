import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { eventually } from './eventually.ts';
import { painted, preparePages } from './prepare-pages.ts';

export { painted } from './prepare-pages.ts';

/** A browser on the webmail of a running installation, and the two other ways to the same mailbox: SMTP and IMAP. */

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  width?: number;
  theme?: 'light' | 'dark';
  locale?: 'de' | 'en';
}

/** Chromium without windows, where it is installed: the same engine for two thirds of the processor's time. */
export const browserPath = (): string => {
  const given = process.env['POSTAMT_TEST_CHROMIUM'];
  const [headless, whole] = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
  return given ?? (existsSync(headless) ? headless : whole);
};

export const launchBrowser = async (): Promise<Browser> =>
  preparePages(
    await chromium.launch({
      executablePath: browserPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'],
    }),
  );

type Login = RunningFile['demo'][number];

/** The two demo mailboxes, max and erika. */
export function demoLogins(running: RunningFile): [Login, Login] {
  const [max, erika] = running.demo;
  if (!max || !erika) throw new Error('the tests of the webmail need the demo mailboxes');
  return [max, erika];
}

/** A subject that no other letter has. */
export const unique = (what: string): string => `${what} ${randomUUID().slice(0, 8)}`;

/** Signs in through the page, once; further contexts take over its cookies. */
export async function signInToWebmail(browser: Browser, running: RunningFile, login: Login): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'de-AT', timezoneId: 'Europe/Vienna' });
  await context.addCookies([{ name: 'locale', value: 'de', url: running.web }]);
  const page = await context.newPage();
  await page.goto(`${running.web}/sign-in`);
  await page.fill('input[name=address]', login.address);
  await page.fill('input[name=password]', login.password);
  await page.click('form button.primary');
  await page.waitForURL(/\/mail/);
  await page.close();
  return context;
}

export async function withLook(browser: Browser, from: BrowserContext, running: RunningFile, look: Look): Promise<BrowserContext> {
  const phone = (look.width ?? 1440) < 720;
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1440, height: 844 },
    colorScheme: look.theme ?? 'light',
    locale: look.locale === 'en' ? 'en-GB' : 'de-AT',
    timezoneId: 'Europe/Vienna',
    hasTouch: phone,
    isMobile: phone,
    storageState: await from.storageState(),
  });
  await context.addCookies([{ name: 'locale', value: look.locale ?? 'de', url: running.web }]);
  return context;
}

export const rows = (page: Page) => page.locator('.virtual .row');
export const rowOf = (page: Page, subject: string) => rows(page).filter({ hasText: subject });

/** A key that moves the caret. The browser tells the editor where the caret stands with the next frame; the next key comes after it, as a person's does. */
export async function moveCaret(page: Page, key: string): Promise<void> {
  await page.keyboard.press(key);
  await painted(page);
}

export async function openInbox(context: BrowserContext, running: RunningFile, path = '/mail/INBOX'): Promise<Page> {
  const page = await context.newPage();
  // The rows are in the document itself; the page takes keys from the moment it listens for news.
  const listens = page.waitForRequest((request) => request.url().includes('/api/mail/events'));
  await page.goto(running.web + path);
  await Promise.all([listens, rows(page).first().waitFor()]);
  return page;
}

/** Delivers a letter through port 25, as another mail host would. Resolves when the server has said 250. */
export async function deliver(
  running: RunningFile,
  to: string,
  letter: { from?: string; subject: string; raw?: Buffer | string; text?: string; html?: string },
): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: running.ports.smtp,
    name: 'mx.extern.example',
    tls: { rejectUnauthorized: false },
  });
  const from = letter.from ?? 'fremd@extern.example';
  try {
    if (letter.raw !== undefined) await transport.sendMail({ envelope: { from, to }, raw: letter.raw });
    else await transport.sendMail({ from, to, subject: letter.subject, text: letter.text ?? 'Guten Tag.', html: letter.html });
  } finally {
    transport.close();
  }
}

/** Submits a letter as a mail program of its author does. Resolves when the server has said 250. */
export async function submit(
  running: RunningFile,
  from: { address: string; password: string },
  letter: { to: string; subject: string; text?: string },
): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: running.ports.submissions,
    secure: true,
    auth: { user: from.address, pass: from.password },
    tls: { rejectUnauthorized: false },
  });
  try {
    await transport.sendMail({ from: from.address, to: letter.to, subject: letter.subject, text: letter.text ?? 'Guten Tag.' });
  } finally {
    transport.close();
  }
}

async function signInByImap(running: RunningFile, login: Login): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: running.ports.imaps,
    secure: true,
    tls: { ca: readFileSync(running.ca), servername: running.host },
    auth: { user: login.address, pass: login.password },
    logger: false,
  });
  // a server that ends says so to whoever is idle
  client.on('error', () => client.close());
  await client.connect();
  return client;
}

/** Connections that have looked and have no folder open: tests look again and again until something has come. */
const idle = new Map<string, ImapFlow>();

export async function withMailbox<T>(running: RunningFile, login: Login, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const key = `${running.ports.imaps} ${login.address}`;
  const kept = idle.get(key);
  idle.delete(key);
  const client = kept?.usable ? kept : await signInByImap(running, login);
  let hasLooked = false;
  try {
    const result = await work(client);
    // closing a folder that was not only read would expunge
    hasLooked = !client.mailbox || (client.mailbox.readOnly === true && (await client.mailboxClose()));
    return result;
  } finally {
    if (hasLooked && client.usable && !idle.has(key)) idle.set(key, client);
    else await client.logout().catch(() => client.close());
  }
}

/** UIDs in a folder whose subject is this. */
export const uidsOf = (running: RunningFile, login: Login, folder: string, subject: string): Promise<number[]> =>
  withMailbox(running, login, async (client) => {
    await client.mailboxOpen(folder, { readOnly: true });
    return (await client.search({ subject }, { uid: true })) || [];
  });

/** The newest letter of this subject, its lines put together again: which of two versions of a draft is removed just now is not known here. */
export const sourceOf = (running: RunningFile, login: Login, folder: string, subject: string): Promise<string> =>
  eventually(`the text of "${subject}" in ${folder}`, () =>
    withMailbox(running, login, async (client) => {
      await client.mailboxOpen(folder, { readOnly: true });
      const uid = ((await client.search({ subject }, { uid: true })) || []).at(-1);
      const message = uid === undefined ? false : await client.fetchOne(String(uid), { source: true }, { uid: true });
      const source = message === false ? undefined : message.source?.toString('utf8');
      return source?.replace(/=\r?\n/g, '').replaceAll('=3D', '=');
    }),
  );

/** What axe finds on the page (WCAG 2.2 A and AA, best practice): "rule: selectors". */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    interface Axe {
      run(context: unknown, options: unknown): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const found = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      iframes: false,
    });
    return found.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(' | ')}`);
  });
}

/** On a phone: what is pressed and is not as high as a finger (44 px, 40 within a border). Links within a sentence keep the height of their line. */
export const lowControls = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const heightOf = (control: Element): number => {
      const around = getComputedStyle(control, '::after');
      const drawn = around.content !== 'none' && around.position === 'absolute' ? Number.parseFloat(around.height) : 0;
      const label = control.matches('[type="checkbox"], [type="radio"]') ? control.closest('label') : null;
      return Math.max(drawn, (label ?? control).getBoundingClientRect().height);
    };
    return [...document.querySelectorAll<HTMLElement>('a[href], button, input:not([type="hidden"]), select, textarea, summary')]
      .filter((control) => control.checkVisibility({ checkOpacity: true, visibilityProperty: true }))
      .filter((control) => !control.matches('.skip, .vh, :disabled') && control.getBoundingClientRect().height > 1)
      .filter(
        (control) =>
          heightOf(control) < 40 &&
          !(control.matches('a') && getComputedStyle(control).display === 'inline' && control.closest('p, td, dd, li, .hint')),
      )
      .map(
        (control) =>
          `${control.tagName} "${(control.getAttribute('aria-label') ?? control.textContent ?? '').trim().slice(0, 40)}" ${heightOf(control)}`,
      );
  });

/**
 * How long what a mailbox sends can be taken back, in seconds; a page that is open goes by what was set when it was loaded. 0 where a test
 * waits for the letter and not for this, 30 where it takes it back: in the usual 10 a busy machine may not come to it.
 */
export async function setUndo(context: BrowserContext, running: RunningFile, login: Login, undoSeconds: number): Promise<void> {
  const headers = { origin: running.web, 'x-postamt-mailbox': encodeURIComponent(login.address) };
  const answer = await context.request.patch(`${running.web}/api/mail/settings`, { data: { undoSeconds }, headers });
  if (!answer.ok()) throw new Error(`the settings were not changed: ${answer.status()}`);
}
export const usualUndo = 10;

/** Takes back what the message with these words tells; others may stand beside it. */
export const takeBack = (page: Page, words: string): Promise<void> =>
  page.locator('.toast', { hasText: words }).getByRole('button', { name: 'Rückgängig' }).click();
