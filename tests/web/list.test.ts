import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sharedInstallation } from '#tests/support/installation.ts';
import {
  deliver,
  demoLogins,
  launchBrowser,
  openInbox,
  painted,
  rowOf,
  rows,
  signInToWebmail,
  uidsOf,
  unique,
  withLook,
  withMailbox,
  takeBack,
} from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let max: RunningFile['demo'][number];
const errors: string[] = [];

const uids = (folder: string, subject: string) => uidsOf(running, max, folder, subject);
const lies = (folder: string, subject: string, count: number) =>
  eventually(`${count} letters "${subject}" in ${folder}`, async () => (await uids(folder, subject)).length === count);
const open = async (path = '/mail/INBOX'): Promise<Page> => {
  if (page && !page.isClosed()) await page.close();
  page = await openInbox(context, running, path);
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
};
const api = (route: string, data: object, method = 'POST') =>
  context.request.fetch(`${running.web}/api/mail/${route}`, {
    method,
    data,
    headers: { origin: running.web, 'x-postamt-mailbox': encodeURIComponent(max.address) },
  });

beforeAll(async () => {
  running = sharedInstallation();
  [max] = demoLogins(running);
  browser = await launchBrowser();
  context = await signInToWebmail(browser, running, max);
});
afterAll(() => browser?.close());
/** What a failed test left behind stands in the way of nobody. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await context.setOffline(false);
  await context.unrouteAll();
});
afterEach(() => {
  expect(errors.splice(0)).toEqual([]);
});

describe('the list', () => {
  it('of unread letters keeps a row that is read until it is left', async () => {
    const subject = unique('Ungelesen');
    await deliver(running, max.address, { subject });
    await open();
    await page.getByRole('button', { name: 'Ungelesen' }).click();
    await rowOf(page, subject).locator('a.go').click();
    await eventually('the letter being read', async () => !(await rowOf(page, subject).getAttribute('class'))?.includes('unread'));
    await deliver(running, max.address, { subject: unique('Danach') });
    await rowOf(page, 'Danach').first().waitFor();
    expect(await rowOf(page, subject).count()).toBe(1);
    await page.getByRole('button', { name: 'Alle', exact: true }).click();
    await page.getByRole('button', { name: 'Ungelesen' }).click();
    await rowOf(page, 'Danach').first().waitFor();
    await eventually('the read letter being gone', async () => (await rowOf(page, subject).count()) === 0);
  });

  it('puts back what was undone where it stood, and heads each day once', async () => {
    const subject = unique('Zurueck');
    for (const at of [1, 2, 3]) await deliver(running, max.address, { subject: `${subject} ${at}` });
    await open();
    await rowOf(page, `${subject} 3`).waitFor();
    const order = async () => (await rows(page).allInnerTexts()).flatMap((text) => new RegExp(`${subject} (\\d)`).exec(text)?.[1] ?? []);
    expect(await order()).toEqual(['3', '2', '1']);
    await rowOf(page, `${subject} 2`).locator('a.go').click();
    await page.locator('.msg.open').waitFor();
    await page.keyboard.press('e');
    await takeBack(page, 'Archiviert');
    await lies('INBOX', `${subject} 2`, 1);
    await eventually('the old order', async () => (await order()).join() === '3,2,1');
    const headings = await page.locator('h2.day').allInnerTexts();
    expect(new Set(headings).size).toBe(headings.length);
  });

  it('acts on a letter that was opened by its address, far down', async () => {
    const subject = unique('Tief unten');
    await withMailbox(running, max, async (client) => {
      await client.append('INBOX', `From: a@extern.example\r\nSubject: ${subject}\r\n\r\nText\r\n`, [], new Date('2019-03-04T09:00:00Z'));
    });
    const [uid] = await uids('INBOX', subject);
    await open(`/mail/INBOX?m=${uid}`);
    await page.locator('.tools').getByRole('button', { name: 'Archivieren' }).click();
    await lies('INBOX', subject, 0);
    await lies('Archive', subject, 1);
  });

  it('destroys nothing of a mixed selection that was not in the trash', async () => {
    const subject = unique('Gemischt');
    for (const at of [1, 2]) await deliver(running, max.address, { subject: `${subject} ${at}` });
    await lies('INBOX', subject, 2);
    const [first] = await uids('INBOX', `${subject} 1`);
    await api('move', { folder: 'INBOX', uids: [first], to: { use: 'trash' } });
    await open(`/mail/Trash?q=${encodeURIComponent(subject)}`);
    await eventually('both hits', async () => (await rows(page).count()) === 2);
    for (const at of [0, 1]) await rows(page).nth(at).locator('.pick').check({ force: true });
    await page
      .getByRole('toolbar', { name: /ausgewählt/ })
      .getByRole('button', { name: /ndgültig löschen|Löschen/ })
      .click();
    await page.getByRole('button', { name: 'Endgültig löschen' }).last().click();
    await lies('Trash', `${subject} 1`, 0);
    await lies('Trash', `${subject} 2`, 1);
  });

  it('gives several letters at once back from spam, and says nothing of reporting them there', async () => {
    const subject = unique('Verirrt');
    for (const at of [1, 2]) await deliver(running, max.address, { subject: `${subject} ${at}` });
    await lies('INBOX', subject, 2);
    await api('move', { folder: 'INBOX', uids: await uids('INBOX', subject), to: { use: 'junk' } });
    await open('/mail/Junk');
    for (const at of [1, 2]) await rowOf(page, `${subject} ${at}`).locator('.pick').check({ force: true });
    const tools = page.getByRole('toolbar', { name: /ausgewählt/ });
    expect(await tools.getByRole('button', { name: 'Als Spam melden' }).count()).toBe(0);
    await tools.getByRole('button', { name: 'Kein Spam' }).click();
    await lies('INBOX', subject, 2);
  });

  it('has menus that the Tab key leaves and the first sign of a word walks through', async () => {
    await open();
    await rows(page).first().locator('a.go').click();
    const shown = page.locator('[popover]:popover-open');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.locator('.tools').getByRole('button', { name: 'Verschieben' }).press('Enter');
    await eventually('the first folder', async () => (await focused()) === 'Archiv');
    await page.keyboard.press('p');
    await expect.poll(focused).toBe('Papierkorb');
    await page.keyboard.press('Tab');
    await shown.waitFor({ state: 'detached' });
    // past the toolbar, which is one stop
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Nachrichten der Unterhaltung');
  });

  it('ticks nothing more once the selection was let go, however late its rows come', async () => {
    const folder = unique('Menge');
    await withMailbox(running, max, async (client) => {
      await client.mailboxCreate(folder);
      for (let at = 0; at < 60; at++) await client.append(folder, `From: a@extern.example\r\nSubject: ${at}\r\n\r\nText\r\n`, ['\\Seen']);
    });
    await open(`/mail/${encodeURIComponent(folder)}`);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/api/mail/messages*', async (route) => {
      await released;
      await route.continue();
    });
    await rows(page).first().locator('.pick').check({ force: true });
    const asked = page.waitForRequest(/messages.*count=200/);
    await page.getByRole('button', { name: 'Alle auswählen' }).click();
    const answered = (await asked).response();
    await page.getByRole('button', { name: 'Auswahl aufheben' }).click();
    release();
    await answered;
    await painted(page);
    expect(await page.locator('.row.checked').count()).toBe(0);
    await withMailbox(running, max, (client) => client.mailboxDelete(folder));
  });

  it('has read in the archive what was read and archived at once, on a slow way', async () => {
    const subject = unique('Gelesen');
    await deliver(running, max.address, { subject });
    await open();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route('**/api/mail/flags*', async (route) => {
      await released;
      await route.continue();
    });
    const marked = page.waitForRequest(/flags/);
    await rowOf(page, subject).locator('a.go').click();
    await marked;
    await page.keyboard.press('e');
    await eventually('the row being gone', async () => (await rowOf(page, subject).count()) === 0);
    release();
    await lies('Archive', subject, 1);
    const seen = await withMailbox(running, max, async (client) => {
      await client.mailboxOpen('Archive', { readOnly: true });
      return client.search({ subject, seen: true }, { uid: true });
    });
    expect(seen).toHaveLength(1);
  });

  it('shows a letter that was left before it came, and returned to after another one had arrived', async () => {
    const [slow, other, late] = [unique('Langsam'), unique('Daneben'), unique('Spät')];
    for (const subject of [slow, other]) await deliver(running, max.address, { subject });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    // open() makes another page
    await context.route('**/api/mail/conversation*', async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      if (body.includes(slow)) await released;
      await route.fulfill({ response, body });
    });
    await open();
    const heading = (subject: string) => page.locator('.read .subject', { hasText: subject });
    await rowOf(page, slow).locator('a.go').click();
    await rowOf(page, other).locator('a.go').click();
    await heading(other).waitFor();
    await deliver(running, max.address, { subject: late });
    await rowOf(page, late).waitFor();
    await rowOf(page, slow).locator('a.go').click();
    release();
    await heading(slow).waitFor({ timeout: 20_000 });
    await context.unroute('**/api/mail/conversation*');
  });

  it('shows the letter that was clicked although others arrive faster than the server answers, and asks for the list once at a time', async () => {
    const wanted = unique('Gewollt');
    await deliver(running, max.address, { subject: wanted });
    let [asking, most] = [0, 0];
    // from the first: what stands on top is fetched ahead
    await context.route(/\/api\/mail\/(conversation|messages)\?/, async (route) => {
      const isList = route.request().url().includes('/messages?');
      if (isList) most = Math.max(most, ++asking);
      const response = await route.fetch();
      // a server that has much to do
      await setTimeout(1500);
      if (isList) asking -= 1;
      await route.fulfill({ response });
    });
    await open();
    await rowOf(page, wanted).locator('a.go').click();
    let isShown = false;
    const shown = page
      .locator('.msg.open')
      .waitFor()
      .then(
        () => {
          isShown = true;
        },
        () => undefined,
      );
    for (const end = Date.now() + 30_000; !isShown && Date.now() < end; )
      await deliver(running, max.address, { subject: unique('Dazwischen') });
    expect(isShown, 'shown while letters came').toBe(true);
    await shown;
    // what the page asked for as it opened, and one for all that came
    expect(most).toBeLessThanOrEqual(4);
    await context.unrouteAll();
  });

  it('keeps a step that was taken without a connection, and takes it when there is one', async () => {
    const subject = unique('Offline');
    await deliver(running, max.address, { subject });
    await open();
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.msg.open').waitFor();
    await context.setOffline(true);
    await page.keyboard.press('e');
    await page.getByText('wartet auf die Verbindung').waitFor();
    await rowOf(page, subject).waitFor({ state: 'detached' });
    await context.setOffline(false);
    await lies('Archive', subject, 1);
  });

  it('hears of new letters again after its stream of news was refused', async () => {
    const subject = unique('Nach der Störung');
    await context.route('**/api/mail/events*', (route) => route.fulfill({ status: 503 }));
    await page.close();
    page = await context.newPage();
    await page.goto(`${running.web}/mail/INBOX`);
    await rows(page).first().waitFor();
    const again = page.waitForRequest((request) => request.url().includes('/api/mail/events'), { timeout: 20_000 });
    await context.unroute('**/api/mail/events*');
    await again;
    await deliver(running, max.address, { subject });
    await rowOf(page, subject).waitFor({ timeout: 20_000 });
  });

  it('is there while nothing is searched for', async () => {
    await open('/mail/INBOX#q=');
    await rows(page).first().waitFor();
    expect(await page.locator('.row-skeleton').count()).toBe(0);
  });

  it('begins what is written from the right at the right, so that a long line shows its beginning', async () => {
    const [subject, words] = [unique('שלום'), 'הפגישה ביום שלישי '.repeat(20)];
    const raw = `From: a@extern.example\r\nTo: ${max.address}\r\nSubject: ${subject} ${words}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${words}\r\n`;
    await deliver(running, max.address, { subject: '', raw });
    await open('/mail/INBOX');
    const row = rowOf(page, subject);
    await row.waitFor({ timeout: 20_000 });
    const directions = (selector: string) =>
      row.locator(selector).evaluateAll((list) => list.map((element) => getComputedStyle(element).direction));
    expect(await directions('.from, a.go, .l3')).toEqual(['ltr', 'rtl', 'rtl']);
    await row.locator('a.go').click();
    const heading = page.locator('.subject h2');
    await heading.getByText(subject).waitFor();
    expect(await heading.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
  });

  it('shows two letters of one Message-ID, each by itself', async () => {
    const subject = unique('Doppelt');
    const raw = (text: string) =>
      `From: a@extern.example\r\nTo: ${max.address}\r\nSubject: ${subject} ${text}\r\nMessage-ID: <gleich-${subject.replace(/\s/g, '-')}@extern.example>\r\n\r\nText ${text}\r\n`;
    for (const text of ['eins', 'zwei']) await deliver(running, max.address, { subject: '', raw: raw(text) });
    await lies('INBOX', subject, 2);
    for (const text of ['eins', 'zwei']) {
      const [uid] = await uids('INBOX', `${subject} ${text}`);
      await open(`/mail/INBOX?m=${uid}`);
      await page.locator('.msg.open').getByText(`Text ${text}`).first().waitFor();
      await expect.poll(() => page.locator('.msg').count()).toBe(2);
    }
  });
});

describe('folders', () => {
  it('stand below their own parent, whatever signs their neighbours have', async () => {
    const stem = `K${randomUUID().slice(0, 6)}`;
    const names = [stem, `${stem} alt`, `${stem}-Archiv`, `${stem}/Meier`, `${stem}/Meier/2024`];
    for (const name of names) await api('folders', { name });
    await open();
    const shown = async () => (await page.locator('.side nav .fold').allInnerTexts()).map((text) => text.trim());
    await eventually('the new folders', async () => (await shown()).includes(stem));
    const at = (await shown()).indexOf(stem);
    expect((await shown()).slice(at, at + 5)).toEqual([stem, 'Meier', '2024', `${stem} alt`, `${stem}-Archiv`]);
    for (const name of names.toReversed()) await api('folders', { path: name }, 'DELETE');
  });

  it('with the name of one that is there in another language are refused', async () => {
    for (const name of ['posteingang', 'Papierkorb', 'Trash', 'Entwürfe']) expect((await api('folders', { name })).status()).toBe(409);
  });
});

describe('what is dragged', () => {
  // behind its name stands how many are unread
  const folder = (name: string) => page.locator('.side nav').getByRole('link', { name: new RegExp(`^${name}\\b`) });

  it('lands in the folder it is dropped on: a letter, all that are ticked, and from a search also where the search began', async () => {
    const [subject, name] = [unique('Gezogen'), `Z${randomUUID().slice(0, 6)}`];
    for (const at of [1, 2, 3]) await deliver(running, max.address, { subject: `${subject} ${at}` });
    await api('folders', { name });
    await open();
    await folder(name).waitFor();
    await rowOf(page, `${subject} 1`).locator('a.go').dragTo(folder(name));
    await lies(name, `${subject} 1`, 1);
    for (const at of [2, 3]) await rowOf(page, `${subject} ${at}`).locator('.pick').check({ force: true });
    await rowOf(page, `${subject} 2`).locator('a.go').dragTo(folder(name));
    await lies(name, subject, 3);
    // where letters are written from nothing can be dropped
    expect(await uids('INBOX', subject)).toEqual([]);
    await page.close();
    await open(`/mail/INBOX#q=${encodeURIComponent(subject)}`);
    await eventually('the hits', async () => (await rows(page).count()) === 3);
    await rowOf(page, `${subject} 3`).locator('a.go').dragTo(folder('Gesendet'));
    await rowOf(page, `${subject} 3`).locator('a.go').click();
    await page.locator('.tools').getByRole('button', { name: 'Verschieben' }).click();
    await page.getByRole('menuitem', { name: 'Posteingang' }).click();
    await lies('INBOX', `${subject} 3`, 1);
    expect(await uids('Sent', subject)).toEqual([]);
    await api('folders', { path: name }, 'DELETE');
  });

  it('is a folder that lands below another with all it holds, and comes back', async () => {
    const [name, other] = [`A${randomUUID().slice(0, 6)}`, `B${randomUUID().slice(0, 6)}`];
    for (const path of [name, `${name}/Darunter`, other]) await api('folders', { name: path });
    await open();
    await page.goto(`${running.web}/mail/${name}/Darunter`);
    const paths = () => withMailbox(running, max, async (client) => (await client.list()).map(({ path }) => path));
    await folder(name).dragTo(folder(other));
    await eventually('the folder below the other', async () => (await paths()).includes(`${other}/${name}/Darunter`));
    await page.waitForURL(`**/mail/${other}/${name}/Darunter`);
    await takeBack(page, 'Ordner verschoben');
    await page.waitForURL(`**/mail/${name}/Darunter`);
    await folder('Darunter').dragTo(page.locator('.side-heading'));
    await eventually('the folder below none', async () => (await paths()).includes('Darunter'));
    for (const path of ['Darunter', name, other]) await api('folders', { path }, 'DELETE');
  });

  it('from outside on a place that takes no files opens nothing', async () => {
    const subject = unique('Offen');
    await deliver(running, max.address, { subject });
    await open();
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.msg.open').waitFor();
    const cdp = await context.newCDPSession(page);
    const data = { items: [], files: [import.meta.filename], dragOperationsMask: 1 };
    for (const x of [400, 1000])
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await cdp.send('Input.dispatchDragEvent', { type, x, y: 450, data });
    await painted(page);
    expect(
      context
        .pages()
        .map((one) => one.url())
        .filter((url) => url.startsWith('file:')),
    ).toEqual([]);
    expect(page.url()).toContain('/mail/INBOX');
  });
});

describe('keys and menus', () => {
  it('of one sign can be switched off; arrows stay', async () => {
    await api('settings', { shortcuts: false }, 'PATCH');
    try {
      await open();
      await page.keyboard.press('?');
      await page.keyboard.press('c');
      await page.keyboard.press('ArrowDown');
      await page.locator('.msg.open').first().waitFor();
      expect(await page.locator('.composer').count()).toBe(0);
      expect(await page.locator('dialog[open]').count()).toBe(0);
    } finally {
      // every test after this one presses keys
      await api('settings', { shortcuts: true }, 'PATCH');
    }
  });

  it('open under "Mehr" on the phone', async () => {
    const phone = await withLook(browser, context, running, { width: 390 });
    const shown = await openInbox(phone, running);
    await shown.getByRole('button', { name: 'Mehr' }).click();
    await shown.getByRole('menuitem', { name: 'Einstellungen' }).click();
    await shown.getByRole('heading', { name: 'Ihre E' }).waitFor();
    await phone.close();
  });
});
