import type { Browser, BrowserContext, Locator, Page, Request, Route } from 'playwright-core';
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
  setUndo,
  signInToWebmail,
  sourceOf as textOf,
  uidsOf,
  unique,
  usualUndo,
  withLook,
  takeBack,
} from '#tests/support/webmail.ts';

// What people complain of in webmails: saves and files that are slow, letters that are very long, copies of other programs, other scripts.

let running: RunningFile;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let max: RunningFile['demo'][number];
let erika: RunningFile['demo'][number];

const lies = (folder: string, subject: string, count: number) =>
  eventually(`${count} letters "${subject}" in ${folder}`, async () => (await uidsOf(running, max, folder, subject)).length === count);
const sourceOf = (folder: string, subject: string) => textOf(running, max, folder, subject);
const write = async (subject: string, text: string): Promise<void> => {
  await page.keyboard.press('c');
  await page.getByLabel('An', { exact: true }).fill(`${erika.address},`);
  await page.getByLabel('Betreff', { exact: true }).fill(subject);
  await page.locator('.body-text').click();
  await page.keyboard.type(text);
};
const discard = async (shown = page): Promise<void> => {
  await shown.getByRole('button', { name: 'Entwurf verwerfen' }).click();
  await shown.getByRole('button', { name: 'Verwerfen', exact: true }).click();
  await shown.locator('.composer').waitFor({ state: 'detached' });
};
const close = () => page.getByRole('button', { name: /^Schließen/ }).click();
const paste = (html: string, text = 'x') =>
  page.evaluate(
    ([given, plain]) => {
      const clipboardData = new DataTransfer();
      if (given) clipboardData.setData('text/html', given);
      clipboardData.setData('text/plain', plain);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.body-text')?.dispatchEvent(event);
    },
    [html, text] as const,
  );

/** Requests that are kept on their way until they are let go. */
async function holdBack(
  address: string,
  which: (request: Request) => boolean,
): Promise<{ came: Promise<void>; letGo: () => Promise<void> }> {
  const held: Route[] = [];
  let come: () => void = () => undefined;
  const came = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route(address, async (route) => {
    if (!which(route.request())) return route.continue();
    held.push(route);
    come();
  });
  const letGo = async () => {
    await page.unroute(address);
    const answered = held.map((route) => route.request().response());
    for (const route of held) await route.continue().catch(() => undefined);
    await Promise.all(answered);
  };
  return { came, letGo };
}
const isSave = (request: Request): boolean => request.method() === 'POST';

beforeAll(async () => {
  running = sharedInstallation();
  [max, erika] = demoLogins(running);
  browser = await launchBrowser();
  context = await signInToWebmail(browser, running, max);
  await setUndo(context, running, max, 30);
  page = await openInbox(context, running);
});
afterAll(async () => {
  if (context) await setUndo(context, running, max, usualUndo);
  await browser?.close();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await page.close();
  page = await openInbox(context, running);
});

describe('a save that comes late', () => {
  it('makes no second draft of a letter that was sent and taken back, and takes nothing from it', async () => {
    const subject = unique('Spät gesichert');
    const save = await holdBack('**/api/mail/drafts', isSave);
    await write(subject, 'alt');
    await save.came;
    await page.keyboard.type(' und neu');
    await page.keyboard.press('Control+Enter');
    await lies('Sent', subject, 1);
    await takeBack(page, subject);
    await page.locator('.body-text').getByText('alt und neu').waitFor();
    await lies('Drafts', subject, 1);
    await save.letGo();
    await close();
    await page.locator('.composer').waitFor({ state: 'detached' });
    await eventually('everything is home', () =>
      page.evaluate(() => !Object.keys(localStorage).some((key) => key.startsWith('postamt:letter:'))),
    );
    await lies('Drafts', subject, 1);
    expect(await sourceOf('Drafts', subject)).toContain('alt und neu');
  });

  it('takes no Send back: a page that ends while it is waited for has sent its letter', async () => {
    const subject = unique('Gesagt ist gesagt');
    const save = await holdBack('**/api/mail/drafts', isSave);
    await write(subject, 'und fort');
    await save.came;
    await page.keyboard.press('Control+Enter');
    await page.close();
    page = await openInbox(context, running);
    await lies('Sent', subject, 1);
    await lies('Drafts', subject, 0);
  });

  it('does not bring back what was thrown away', async () => {
    const subject = unique('Doch nicht');
    const save = await holdBack('**/api/mail/drafts', isSave);
    await write(subject, 'weg damit');
    await save.came;
    const thrown = page.waitForResponse(
      (response) => response.url().endsWith('/api/mail/drafts') && response.request().method() === 'DELETE',
    );
    await discard();
    await save.letGo();
    await thrown;
    await lies('Drafts', subject, 0);
  });
});

describe('a file that is still on its way', () => {
  it('is asked about before its letter is closed, and waited for before it is sent', async () => {
    const subject = unique('Mit Datei');
    const upload = await holdBack('**/api/mail/uploads*', isSave);
    await write(subject, 'siehe Datei');
    await page.getByTestId('attach').setInputFiles({ name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n') });
    await upload.came;
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('wird noch hochgeladen').waitFor();
    await close();
    await page.locator('dialog[open]').getByRole('button', { name: 'Warten' }).click();
    await upload.letGo();
    await page.getByText('Hochgeladen', { exact: true }).waitFor();
    await close();
    await lies('Drafts', subject, 1);
    expect(await sourceOf('Drafts', subject)).toContain('plan.pdf');
  });
});

describe('several letters', () => {
  const forwarded = async (shown: Page, forward: (bar: Locator) => Promise<void>): Promise<void> => {
    const subjects = [unique('Erster'), unique('Zweiter')];
    for (const subject of subjects) await deliver(running, max.address, { subject });
    // on the phone the box is there for those who do not see it
    for (const subject of subjects) await rowOf(shown, subject).locator('.pick').dispatchEvent('click');
    await forward(shown.getByRole('toolbar', { name: /ausgewählt/ }));
    for (const subject of subjects) await shown.locator('.up', { hasText: `${subject}.eml` }).waitFor();
    await expect.poll(() => shown.locator('.up').count()).toBe(2);
    await discard(shown);
  };

  it('are forwarded together, each as a file of one letter', () =>
    forwarded(page, (bar) => bar.getByRole('button', { name: 'Als Anhang weiterleiten' }).click()));

  it('are forwarded together on the phone too', async () => {
    const phone = await withLook(browser, context, running, { width: 390 });
    await forwarded(await openInbox(phone, running), async (bar) => {
      await bar.getByRole('button', { name: 'Weitere Aktionen' }).click();
      await bar.getByRole('menuitem', { name: 'Als Anhang weiterleiten' }).click();
    });
    await phone.close();
  });
});

describe('an answer to a very long letter', () => {
  it('shows its beginning, says so, and sends all of it', async () => {
    const subject = unique('Sehr lang');
    const lines = Array.from({ length: 12_000 }, (_, at) => `<p>Zeile ${at}</p>`).join('\n');
    await deliver(running, max.address, { subject, html: `${lines}<p>Schlusszeile</p>`, from: erika.address });
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.msg.open').waitFor();
    await page.keyboard.press('r');
    await page.getByText('Hier steht nur der Anfang').waitFor();
    expect(await page.locator('.carried p').count()).toBeLessThan(6000);
    await page.keyboard.press('Control+Enter');
    await lies('Sent', subject, 1);
    expect(await sourceOf('Sent', subject)).toContain('Schlusszeile');
  });
});

describe('the text', () => {
  it('copied from Google Docs is bold where it was, and from LibreOffice has its colours', async () => {
    await write(unique('Kopien'), '');
    await paste(
      '<b style="font-weight:normal;" id="docs-internal-guid-1"><p><span style="font-weight:400">dünn </span><span style="font-weight:700">dick</span></p></b>',
    );
    await paste('<p><font color="#ff0000">rot</font></p>');
    const weightOf = (text: string) =>
      page
        .locator('.body-text')
        .getByText(text, { exact: true })
        .first()
        .evaluate((element) => Number(getComputedStyle(element).fontWeight));
    expect(await weightOf('dick')).toBeGreaterThan(600);
    expect(await page.locator('.body-text strong', { hasText: 'dünn' }).count()).toBe(0);
    expect(
      await page
        .locator('.body-text')
        .getByText('rot')
        .evaluate((element) => getComputedStyle(element).color),
    ).toBe('rgb(255, 0, 0)');
    await discard();
  });

  it('arrives with its empty lines, and pasted text with its paragraphs and lines', async () => {
    const subject = unique('Leerzeilen');
    await write(subject, 'eins');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type(' zwei   drei');
    await page.keyboard.press('Enter');
    await paste('', 'Absatz\nZeile\n\nAbsatz');
    await page.keyboard.press('Enter');
    await paste('<div>oben<br></div><br><div>unten</div><table><tr><td><br></td></tr></table>');
    const shown = () => page.locator('.body-text p, .body-text div').allInnerTexts();
    const lines = ['eins', '', 'zwei   drei', 'Absatz\nZeile', 'Absatz', 'oben', '', 'unten', '', ''];
    expect((await shown()).map((line) => line.trim())).toEqual(lines);
    await page.keyboard.press('Control+Enter');
    await lies('Sent', subject, 1);
    const source = (await sourceOf('Sent', subject)).replaceAll('&nbsp;', '_');
    expect(source).toContain(
      '<p>eins</p><p><br></p><p>_zwei__ drei</p><p>Absatz<br>Zeile</p><p>Absatz</p><p>oben</p><div><br></div><div>unten</div><table',
    );
    expect(source).toContain('<td></td>');
  });

  it('of Hebrew runs from the right, here and at the reader’s', async () => {
    const subject = unique('Hebräisch');
    await write(subject, 'שלום עולם');
    await page.keyboard.press('Enter');
    await page.keyboard.type('und Deutsch');
    const gaps = await page.locator('.body-text p').evaluateAll((paragraphs) =>
      paragraphs.map((paragraph) => {
        const range = document.createRange();
        range.selectNodeContents(paragraph);
        const [text, whole] = [range.getBoundingClientRect(), paragraph.getBoundingClientRect()];
        return { left: Math.round(text.left - whole.left), right: Math.round(whole.right - text.right) };
      }),
    );
    expect(gaps[0]?.right).toBe(0);
    expect(gaps[1]?.left).toBe(0);
    await page.keyboard.press('Control+Enter');
    await lies('Sent', subject, 1);
    const source = await sourceOf('Sent', subject);
    expect(source.match(/<p dir="rtl">/g)).toHaveLength(1);
    expect(source).toContain('<p>und Deutsch</p>');
  });

  it('is left with Escape, and its letter is a draft; of a word that is being put together Escape is the keyboard’s', async () => {
    const subject = unique('Verlassen');
    await write(subject, 'bleibt');
    await page.locator('.body-text').dispatchEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true });
    await painted(page);
    expect(await page.locator('.composer').count()).toBe(1);
    // what stands before it is closed alone
    await page.getByRole('button', { name: 'Zeitpunkt wählen' }).click();
    await page.locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.composer [role=menuitem]').first().waitFor({ state: 'hidden' });
    await page.locator('.body-text').click();
    await page.keyboard.press('Escape');
    await page.locator('.composer').waitFor({ state: 'detached' });
    await lies('Drafts', subject, 1);
  });
});

describe('on the phone', () => {
  it('"Mehr" signs out like the menu does: nothing of the letters stays in the browser', async () => {
    const own = await withLook(browser, await signInToWebmail(browser, running, erika), running, { width: 390 });
    const phone = await own.newPage();
    await phone.goto(`${running.web}/mail/INBOX`);
    await phone.locator('.row').first().waitFor();
    await phone.evaluate((address) => localStorage.setItem(`postamt:quick:${address}:probe`, 'ein halber Satz'), erika.address);
    await phone.getByRole('button', { name: 'Mehr', exact: true }).click();
    await phone.getByRole('menuitem', { name: 'Abmelden' }).click();
    await phone.locator('dialog[open]').waitFor();
    await phone.locator('dialog[open] button').last().click();
    await phone.waitForURL(/sign-in/);
    expect(await phone.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('postamt:')))).toEqual([]);
    await own.close();
  });

  it('the panel has five areas at its foot, and the others behind "Mehr"', async () => {
    const own = await withLook(browser, context, running, { width: 390 });
    const phone = await own.newPage();
    await phone.goto(`${running.web}/panel/domains`);
    const bar = phone.getByRole('navigation', { name: 'Hauptbereiche' });
    await expect.poll(() => bar.locator(':scope > a, :scope > button').count()).toBe(5);
    await bar.getByRole('button', { name: 'Mehr' }).click();
    await bar.getByRole('menuitem', { name: 'Einstellungen' }).click();
    await phone.waitForURL(/mail-settings/);
    await own.close();
  });
});
