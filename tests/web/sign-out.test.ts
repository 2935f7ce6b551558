import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually, patienceMs } from '#tests/support/eventually.ts';
import { sharedDatabase, sharedInstallation } from '#tests/support/installation.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { launchBrowser } from '#tests/support/webmail.ts';

// What the next person at the same browser finds, and what is still open after a sign-in has ended elsewhere.

const running = sharedInstallation();
const databaseUrl = sharedDatabase();
const password = 'Lärchenladen im Tal 9';
const unique = Date.now().toString(36);
const anna = `anna${unique}@muster.at`;
const bert = `bert${unique}@muster.at`;
const ids = new Map<string, number>();

let browser: Browser;
const contexts: BrowserContext[] = [];
beforeAll(async () => {
  browser = await launchBrowser();
  for (const address of [anna, bert]) {
    const id = await createAccount(databaseUrl, address);
    ids.set(address, id);
    await setPassword(databaseUrl, id, password);
    await sql(databaseUrl, `select create_folder($1, $2, null)`, [id, `Ordner von ${address.slice(0, 4)}`]);
  }
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(() => browser.close());

async function open(): Promise<Page> {
  const context = await browser.newContext({ locale: 'de-AT', viewport: { width: 1300, height: 900 } });
  contexts.push(context);
  await context.addCookies([{ name: 'locale', value: 'de', url: running.web }]);
  return context.newPage();
}

async function signIn(page: Page, address: string): Promise<void> {
  await page.fill('input[name=address]', address);
  await page.fill('input[name=password]', password);
  await page.click('form button.primary');
  await page.waitForURL(/\/mail/);
  await page
    .getByText(`Ordner von ${address.slice(0, 4)}`)
    .first()
    .waitFor();
}

const signOut = async (page: Page): Promise<void> => {
  await page.locator('button.who-am-i').click();
  await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  await page.waitForURL('**/sign-in');
};

it('signing out leaves the document with all it held, and going back shows nothing', async () => {
  const page = await open();
  await page.goto(`${running.web}/sign-in`);
  await signIn(page, anna);
  await page.evaluate(() => {
    (window as unknown as { held: string }).held = 'letters';
  });
  await signOut(page);
  expect(await page.evaluate(() => 'held' in window)).toBe(false);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('postamt:')))).toEqual([]);
  await page.goBack();
  await page.waitForURL(/\/sign-in/);
  // the way back leads over a page that goes on by itself
  expect(await page.locator('body').textContent()).not.toContain('Ordner von anna');
});

it('a text that only this browser has is asked about, and goes or stays as its person says, and nobody else', async () => {
  const page = await open();
  await page.goto(`${running.web}/sign-in`);
  await signIn(page, anna);
  const [own, kept] = [`postamt:quick:${anna}:1`, `postamt:quick:${bert}:1`];
  const stored = () => page.evaluate((keys) => keys.map((key) => localStorage.getItem(key)), [own, kept]);
  await page.evaluate(
    ([mine = '', others = '']) => {
      localStorage.setItem(mine, 'halbe Antwort');
      localStorage.setItem(others, 'was Bert behalten wollte');
    },
    [own, kept],
  );
  await page.locator('button.who-am-i').click();
  await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  await page.getByRole('heading', { name: 'Ein Text' }).waitFor();
  await page.getByRole('button', { name: 'Angemeldet bleiben' }).click();
  expect(await stored()).toEqual(['halbe Antwort', 'was Bert behalten wollte']);
  await page.locator('button.who-am-i').click();
  await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  await page.getByRole('button', { name: 'Löschen und abmelden' }).click();
  await page.waitForURL('**/sign-in');
  expect(await stored()).toEqual([null, 'was Bert behalten wollte']);
  // of what another person keeps here, nobody is asked
  await signIn(page, anna);
  await signOut(page);
  expect(await stored()).toEqual([null, 'was Bert behalten wollte']);
});

it('signing out in one window empties the others too, and what was written there is a draft', async () => {
  const page = await open();
  await page.goto(`${running.web}/sign-in`);
  await signIn(page, anna);
  const other = await page.context().newPage();
  await other.goto(`${running.web}/mail`);
  await other.getByText('Ordner von anna').first().waitFor();
  await other
    .getByRole('button', { name: /^Neue E-/ })
    .first()
    .click();
  await other.locator('[contenteditable=true]').first().click();
  await other.keyboard.type('Geheimnis im anderen Fenster');
  // half an address, which its field writes down when it is left
  await other.getByRole('combobox', { name: 'An' }).click();
  await other.keyboard.type('halb');
  // a file on its way has the browser ask whether to stay
  other.on('dialog', (dialog) => void dialog.dismiss());
  await other.route('**/api/mail/uploads**', () => undefined);
  const asked = other.waitForRequest('**/api/mail/uploads**');
  await other.getByTestId('attach').setInputFiles({ name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n') });
  await asked;
  await signOut(page);
  await other.waitForURL('**/sign-in');
  expect(await other.locator('body').textContent()).not.toContain('Ordner von anna');
  expect(await other.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('postamt:')))).toEqual([]);
  await signIn(page, anna);
  await page.goto(`${running.web}/mail/Drafts`);
  await page.getByText('Geheimnis im anderen Fenster').first().waitFor();
  // a window that slept hears of it when the same person has come again and written
  const gone = page.waitForURL((url) => !url.pathname.endsWith('/Drafts'));
  await page.evaluate((address) => {
    localStorage.setItem(`postamt:quick:${address}:1`, 'neue Antwort');
    // until it listens: its letters are drawn before any script has come
    const channel = new BroadcastChannel('postamt.left');
    setInterval(() => channel.postMessage({ address, keep: false, at: Date.now() - 60_000 }), 100);
  }, anna);
  await gone;
  expect(await page.evaluate((key) => localStorage.getItem(key), `postamt:quick:${anna}:1`)).toBe('neue Antwort');
});

it('whoever signs in in the same tab after another’s sign-in was ended sees nothing of theirs', async () => {
  const page = await open();
  await page.goto(`${running.web}/sign-in`);
  await signIn(page, anna);
  await sql(databaseUrl, 'delete from web_session where mailbox_id = $1', [ids.get(anna)]);
  // a soft way to the door and back in: no document is loaded by the links themselves
  const follow = (href: string) => page.evaluate((to) => document.querySelector<HTMLElement>(`a[href="${to}"]`)?.click(), href);
  await follow('/account');
  await page.waitForURL(/\/sign-in/);
  await page.locator('input[name=address]').waitFor();
  await page.waitForLoadState('networkidle');
  await page.fill('input[name=address]', bert);
  await page.fill('input[name=password]', password);
  await page.click('form button.primary');
  await page.waitForURL('**/account');
  await follow('/mail');
  await page.getByText('Ordner von bert').first().waitFor();
  // the way back leads over a page that goes on by itself
  expect(await page.locator('body').textContent()).not.toContain('Ordner von anna');
});

it('an event stream ends with its sign-in, wherever that was ended', async () => {
  const page = await open();
  await page.goto(`${running.web}/sign-in`);
  await signIn(page, anna);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const stream = await fetch(`${running.web}/api/mail/events?folder=INBOX`, { headers: { cookie } });
  expect(stream.status).toBe(200);
  const ended = (async () => {
    for await (const _ of stream.body ?? []);
    return 'ended';
  })();
  await setPassword(databaseUrl, ids.get(anna) as never, password);
  expect(await Promise.race([ended, new Promise((resolve) => setTimeout(() => resolve('still open'), patienceMs))])).toBe('ended');
  expect((await fetch(`${running.web}/api/mail/folders`, { headers: { cookie } })).status).toBe(401);
});

it('windows beyond the limit of a mailbox are told so, and another mailbox is not touched', async () => {
  const [one, other] = [await open(), await open()];
  for (const [page, address] of [
    [one, anna],
    [other, bert],
  ] as const) {
    await page.goto(`${running.web}/sign-in`);
    await signIn(page, address);
  }
  const cookie = (await one.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const stop = new AbortController();
  // the answers are kept: one that nobody holds is cut off by this process, and its place is free
  const streams = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      fetch(`${running.web}/api/mail/events?folder=F${at}`, { headers: { cookie }, signal: stop.signal }),
    ),
  );
  expect(streams.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(20);
  expect(streams.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(40);
  const status = await other.evaluate(async () => (await fetch('/api/mail/folders')).status);
  expect(status).toBe(200);
  stop.abort();
  await expect
    .poll(async () => {
      const again = new AbortController();
      const { status: code } = await fetch(`${running.web}/api/mail/events?folder=INBOX`, { headers: { cookie }, signal: again.signal });
      again.abort();
      return code;
    })
    .toBe(200);
});

it('whoever signs in while the database cannot answer is told so, and keeps the address that was typed', async () => {
  const page = await open();
  await page.goto(`${running.web}/sign-in`);
  await page.fill('input[name=address]', anna);
  await page.fill('input[name=password]', password);
  await sql(databaseUrl, 'alter table app_user rename to app_user_away');
  try {
    await page.click('form button.primary');
    await page.getByText('Anmelden ist gerade nicht möglich.').waitFor();
  } finally {
    await sql(databaseUrl, 'alter table app_user_away rename to app_user');
  }
  expect(await page.inputValue('input[name=address]')).toBe(anna);
  await page.fill('input[name=password]', password);
  await page.click('form button.primary');
  await page.waitForURL(/\/mail/);
});

it('the log of the web says who signed in from where and who did not, and no password', async () => {
  const page = await open();
  for (const name of [anna, 'typed into the wrong field']) {
    await page.goto(`${running.web}/sign-in`);
    await page.fill('input[name=address]', name);
    await page.fill('input[name=password]', 'guessed by somebody');
    await page.click('form button.primary');
    await page.locator('.err').waitFor();
  }
  await page.goto(`${running.web}/sign-in`);
  await signIn(page, anna);
  const log = () => readFile(join(dirname(running.ca), '../logs/web.log'), 'utf8');
  const lines = await eventually('the sign-in in the log', async () => {
    const all = (await log()).split('\n').filter((line) => line.includes('"login') && (line.includes(anna) || line.includes('no address')));
    return all.at(-1)?.includes('"msg":"login"') && all.map((line) => JSON.parse(line));
  });
  const from = { level: 30, program: 'web', protocol: 'web', remoteAddress: expect.stringMatching(/127\.0\.0\.1|::1/) };
  expect(lines.slice(-3)).toEqual([
    expect.objectContaining({ ...from, user: anna, failure: 'InvalidCredentials', msg: 'login failed' }),
    expect.objectContaining({ ...from, user: 'no address', failure: 'InvalidCredentials', msg: 'login failed' }),
    expect.objectContaining({
      ...from,
      user: anna,
      account: ids.get(anna),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      msg: 'login',
    }),
  ]);
  expect(await log()).not.toMatch(/guessed by somebody|typed into the wrong field/);
});
