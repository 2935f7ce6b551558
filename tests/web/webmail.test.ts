import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailMessage } from '#lib/webmail/reading/mail-message.ts';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { corpusLetters } from '#tests/support/corpus.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sharedInstallation, switchSpamFilterOff } from '#tests/support/installation.ts';
import {
  axeFindings,
  deliver,
  demoLogins,
  launchBrowser,
  lowControls,
  openInbox,
  rowOf,
  setUndo,
  signInToWebmail,
  uidsOf,
  unique,
  usualUndo,
  withLook,
  withMailbox,
  takeBack,
} from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let max: RunningFile['demo'][number];
let erika: RunningFile['demo'][number];
const errors: string[] = [];

const uids = (folder: string, subject: string) => uidsOf(running, max, folder, subject);
const lies = (folder: string, subject: string, count: number) =>
  eventually(`${count} letters "${subject}" in ${folder}`, async () => (await uids(folder, subject)).length === count);
/** How many letters of this subject in the inbox have this flag. */
const flagged = (subject: string, flag: 'seen' | 'flagged') =>
  eventually(`"${subject}" being ${flag}`, () =>
    withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX', { readOnly: true });
      const found = await client.search({ subject, [flag]: true }, { uid: true });
      return Array.isArray(found) && found.length === 1;
    }),
  );
const open = async (): Promise<Page> => {
  // one page at a time: a browser has six connections to a host, and each page listens on one
  if (page && !page.isClosed()) await page.close();
  page = await openInbox(context, running);
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
};
/** A letter that has just come in, open in the webmail. */
const openNew = async (letter: { subject: string; text?: string; html?: string; from?: string }): Promise<Page> => {
  await deliver(running, max.address, letter);
  const shown = page && !page.isClosed() ? page : await open();
  await rowOf(shown, letter.subject).locator('a.go').click();
  await shown.locator('.msg.open').waitFor();
  return shown;
};

beforeAll(async () => {
  running = sharedInstallation();
  [max, erika] = demoLogins(running);
  await switchSpamFilterOff();
  browser = await launchBrowser();
  context = await signInToWebmail(browser, running, max);
});
afterAll(() => browser?.close());
/** What a failed test left open stands in the way of nobody. */
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail' && page && !page.isClosed()) await page.close();
});
afterEach(() => {
  expect(errors.splice(0)).toEqual([]);
});

describe('the webmail', () => {
  it('shows a new letter by itself, opens it and marks it read', async () => {
    await open();
    const subject = unique('Neu');
    await deliver(running, max.address, { subject, text: 'Ein Brief von außen.\n\nhttps://muster.at/plan' });
    const row = rowOf(page, subject);
    // by the stream of news: without it a page looks every half minute
    await row.waitFor({ timeout: 20_000 });
    expect(await row.getAttribute('class')).toContain('unread');
    await row.locator('a.go').click();
    await page.locator('.msg.open').getByText('Ein Brief von außen.').waitFor();
    await page.locator('.msg.open a[href="https://muster.at/plan"]').waitFor();
    await page.locator('.row.here:not(.unread)').waitFor();
    await flagged(subject, 'seen');
  });

  it('runs nothing of what a hostile mail brings, and tells its sender nothing', async () => {
    const subject = unique('Böse');
    const told: string[] = [];
    await open();
    page.on('request', (request) => {
      if (request.url().includes('evil.example')) told.push(request.url());
    });
    const html = `<style>@import url(https://evil.example/a.css);p{background:url(https://evil.example/b)}</style><script>top.hurt=1;parent.hurt=1</script>
      <img src="https://evil.example/c.png" onerror="top.hurt=1"><img src=x onerror="parent.hurt=1"><svg onload="top.hurt=1"><animate onbegin="top.hurt=1" attributeName=x dur=1s></svg>
      <iframe srcdoc="<script>top.hurt=1</script>"></iframe><a href="javascript:top.hurt=1" id="link">Klick</a><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/d">
      <form action="https://evil.example/e"><input autofocus onfocus="top.hurt=1"></form><div style="position:fixed;inset:0">Überdeckt</div><p>Harmloser Text</p>`;
    await openNew({ subject, html });
    const frame = page.frameLocator('iframe.mail-frame');
    await frame.getByText('Harmloser Text').waitFor();
    await frame.getByText('Klick').click();
    expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined();
    expect(told).toEqual([]);
    expect(await frame.locator('script,iframe,form,svg,base,meta[http-equiv=refresh]').count()).toBe(0);
    expect(page.url()).toContain('/mail/');
    // the element, and the background in the style sheet
    await page.getByText('2 Bilder nicht geladen').waitFor();
  });

  it('shows plain text as text', async () => {
    await openNew({ subject: unique('<b>Kursiv</b>'), text: '<img src=x onerror="top.hurt=1"> & <script>top.hurt=1</script>' });
    await page.locator('.plain').getByText('<img src=x onerror="top.hurt=1"> & <script>top.hurt=1</script>').waitFor();
    expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined();
  });

  it('deletes, and takes it back', async () => {
    const subject = unique('Wegwerfen');
    await openNew({ subject });
    await page.keyboard.press('#');
    await rowOf(page, subject).waitFor({ state: 'detached' });
    await lies('Trash', subject, 1);
    await takeBack(page, 'In den Papierkorb');
    await rowOf(page, subject).waitFor();
    await lies('Trash', subject, 0);
    await lies('INBOX', subject, 1);
  });

  it('moves, flags and marks unread; other programs see it', async () => {
    const subject = unique('Verschieben');
    await openNew({ subject });
    await page.keyboard.press('s');
    await flagged(subject, 'flagged');
    await page.locator('.tools').getByRole('button', { name: 'Verschieben' }).click();
    await page.getByRole('menuitem', { name: 'Archiv' }).click();
    await rowOf(page, subject).waitFor({ state: 'detached' });
    await lies('Archive', subject, 1);
  });

  it('shows what another program changes', async () => {
    const subject = unique('Fremd gelöscht');
    await open();
    await deliver(running, max.address, { subject });
    await rowOf(page, subject).waitFor();
    await withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete({ subject }, { uid: true });
    });
    await rowOf(page, subject).waitFor({ state: 'detached' });
  });

  it('finds by operators in every folder and marks the words', async () => {
    const subject = unique('Suchwort');
    await openNew({ subject, from: 'zimmerei@sparren.example' });
    await page.keyboard.press('/');
    await page.keyboard.type(`von:sparren.example betreff:"${subject}"`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 Treffer' }).waitFor();
    await page.locator('.row mark').first().waitFor();
    await page.getByRole('button', { name: 'Suche beenden' }).click();
    await page.getByRole('heading', { name: 'Posteingang', exact: true }).waitFor();
  });

  it('loses no key that is pressed right behind the one for the search', async () => {
    await open();
    const focused = await page.evaluate(() => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }));
      return document.activeElement?.getAttribute('type');
    });
    expect(focused).toBe('search');
  });

  it('keeps a letter as a draft while it is written, takes it up again and sends it with its attachment', async () => {
    const subject = unique('Angebot');
    await open();
    await page.keyboard.press('c');
    await page.getByLabel('An', { exact: true }).fill(`${erika.address},`);
    await page.getByLabel('Betreff', { exact: true }).fill(subject);
    await page.locator('.body-text').click();
    await page.keyboard.type('Liebe Erika, anbei der Plan: äöüß.');
    await page.setInputFiles('[data-testid=attach]', {
      name: 'Plan größer.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Grundriss\n'.repeat(1000)),
    });
    await page.getByText('Hochgeladen').waitFor();
    await page.getByText(/Entwurf gespeichert um/).waitFor();
    await page.getByRole('button', { name: /^Schließen/ }).click();
    await lies('Drafts', subject, 1);

    await page.getByRole('link', { name: /^Entwürfe/ }).click();
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.body-text').getByText('äöüß').waitFor();
    await page.getByText('Plan größer.txt').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Geht gleich hinaus').waitFor();
    await page.getByText('Gesendet', { exact: true }).nth(1).waitFor();
    expect(await uids('Sent', subject)).toHaveLength(1);
    await lies('Drafts', subject, 0);
    // sent is what the server took over: it comes to her a moment later
    await eventually('her having it', async () => (await uidsOf(running, erika, 'INBOX', subject)).length === 1);
    const arrived = await withMailbox(running, erika, async (client) => {
      await client.mailboxOpen('INBOX', { readOnly: true });
      const found = (await client.search({ subject }, { uid: true })) || [];
      return client.fetchOne(String(found[0]), { source: true }, { uid: true });
    });
    const kept = await withMailbox(running, max, async (client) => {
      await client.mailboxOpen('Sent', { readOnly: true });
      const found = (await client.search({ subject }, { uid: true })) || [];
      return client.fetchOne(String(found[0]), { source: true }, { uid: true });
    });
    const bodyOf = (message: typeof arrived) =>
      (message === false ? '' : (message.source?.toString('latin1') ?? '')).split('\r\n\r\n').slice(1).join('\r\n\r\n');
    expect(bodyOf(arrived)).toBe(bodyOf(kept));
    expect(bodyOf(arrived)).toContain('Plan');
  });

  it('takes a letter back while it is still here', async () => {
    const subject = unique('Doch nicht');
    await setUndo(context, running, max, 30);
    try {
      await open();
      await page.keyboard.press('c');
      await page.getByLabel('An', { exact: true }).fill(`${erika.address},`);
      await page.getByLabel('Betreff', { exact: true }).fill(subject);
      await page.locator('.composer').getByRole('button', { name: 'Senden' }).click();
      await takeBack(page, subject);
    } finally {
      await setUndo(context, running, max, usualUndo);
    }
    await page.locator('.composer').waitFor();
    expect(await page.getByLabel('Betreff', { exact: true }).inputValue()).toBe(subject);
    await lies('Sent', subject, 0);
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
    await lies('Drafts', subject, 0);
  });

  it.each(['in the middle of a word', 'once it is saved'])(
    'loses no text when the page is closed, and offers it again: %s',
    async (when) => {
      const subject = unique('Abgebrochen');
      await open();
      await page.keyboard.press('c');
      await page.getByLabel('Betreff', { exact: true }).fill(subject);
      if (when === 'once it is saved') await page.locator('.save-note', { hasText: 'Gespeichert' }).waitFor();
      await page.close({ runBeforeUnload: false });
      await open();
      await page.getByText(`Noch nicht fertig: ${subject}`).waitFor();
      await page
        .getByRole('button', { name: 'Rückgängig' })
        .or(page.getByRole('button', { name: 'Öffnen' }))
        .click();
      expect(await page.getByLabel('Betreff', { exact: true }).inputValue()).toBe(subject);
      await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
      await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
    },
  );

  it('does nothing in another mailbox that was signed in to meanwhile', async () => {
    const subject = unique('Nicht hier');
    const elsewhere = await signInToWebmail(browser, running, erika);
    const other = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'de-AT' });
    await other.addCookies(await context.cookies());
    const shown = await openInbox(other, running);
    await shown.keyboard.press('c');
    await shown.getByLabel('Betreff', { exact: true }).waitFor();
    await other.addCookies(await elsewhere.cookies());
    await shown.getByLabel('Betreff', { exact: true }).fill(subject);
    await shown.getByRole('heading', { name: 'In diesem Browser ist jetzt ein anderes Postfach angemeldet.' }).waitFor();
    expect(await uidsOf(running, erika, 'Drafts', subject)).toHaveLength(0);

    await other.addCookies(await context.cookies());
    // The page may notice by itself.
    const goOn = shown.getByRole('button', { name: 'Weitermachen' });
    void goOn.click().catch(() => undefined);
    await goOn.waitFor({ state: 'detached' });
    await lies('Drafts', subject, 1);
    await shown.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await shown.getByRole('button', { name: 'Verwerfen', exact: true }).click();
    await lies('Drafts', subject, 0);
    await Promise.all([other.close(), elsewhere.close()]);
  });

  it('loses no key that is typed right behind the one that opens a letter', async () => {
    await openNew({ subject: unique('Schnell'), text: 'Frage?' });
    await page.keyboard.type('rSofort geantwortet');
    await page.locator('.body-text').getByText('Sofort geantwortet').waitFor();
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
    await page.keyboard.type(`c${erika.address},`);
    await page.locator('.rcpt').getByText(erika.address).waitFor();
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
  });

  it('sends what waits when its page is closed, and offers it to nobody again', async () => {
    const subject = unique('Zugemacht');
    await open();
    await page.keyboard.type(`c${erika.address},`);
    await page.getByLabel('Betreff', { exact: true }).fill(subject);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Geht gleich hinaus').waitFor();
    await page.close({ runBeforeUnload: true });
    await lies('Sent', subject, 1);
    await lies('Drafts', subject, 0);
    await open();
    await eventually('an empty journal', () => page.evaluate(() => Object.keys(localStorage).every((key) => !key.includes(':letter:'))));
    expect(await page.getByText(`Noch nicht fertig: ${subject}`).count()).toBe(0);
  });

  it('pastes the text of an office program, not its picture', async () => {
    await open();
    await page.keyboard.press('c');
    await page.locator('.body-text').click();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/html', '<table><tr><td>Posten</td><td>12,00</td></tr><tr><td>Summe</td><td>14,40</td></tr></table>');
      clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.body-text')?.dispatchEvent(paste);
    });
    await page.locator('.body-text td').getByText('Summe', { exact: true }).waitFor();
    expect(await page.locator('.body-text td').allInnerTexts()).toEqual(['Posten', '12,00', 'Summe', '14,40']);
    expect(await page.locator('.up').count()).toBe(0);
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
  });

  it('attaches a pasted text that no editor could hold', async () => {
    await open();
    await page.keyboard.press('c');
    await page.locator('.body-text').click();
    await page.keyboard.type('Davor.');
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'Eine Zeile von sehr vielen.\n'.repeat(700_000));
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.body-text')?.dispatchEvent(paste);
    });
    await page.locator('.up', { hasText: 'text.txt' }).getByText('Hochgeladen').waitFor();
    expect(await page.locator('.body-text').innerText()).toContain('Davor.');
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
  });

  it('renames a folder, and deletes it without losing what lies in it', async () => {
    const [name, later, subject] = [unique('Ordner'), unique('Umbenannt'), unique('Liegt darin')];
    await withMailbox(running, max, async (client) => {
      await client.mailboxCreate(`${name}/Darunter`);
      await client.append(`${name}/Darunter`, `Subject: ${subject}\r\n\r\nText`);
    });
    await open();
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('button', { name: 'Aktionen für diesen Ordner' }).click();
    await page.getByRole('menuitem', { name: 'Ordner umbenennen' }).click();
    const field = page.getByLabel('Name des Ordners');
    for (const empty of ['', '  ']) {
      await field.fill(empty);
      await page.getByRole('button', { name: 'Umbenennen' }).click();
      await page.getByText('Der Ordner braucht einen Namen.').waitFor();
      await expect.poll(() => field.evaluate((element) => document.activeElement === element)).toBe(true);
    }
    await field.fill(later);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: later }).waitFor();
    expect(await uids(`${later}/Darunter`, subject)).toHaveLength(1);
    await page.getByRole('button', { name: 'Aktionen für diesen Ordner' }).click();
    await page.getByRole('menuitem', { name: 'Ordner löschen' }).click();
    await page.getByRole('button', { name: 'Ordner löschen' }).click();
    await page.getByRole('heading', { name: 'Posteingang', exact: true }).waitFor();
    await lies('Trash', subject, 1);
    const paths = await withMailbox(running, max, async (client) => (await client.list()).map((folder) => folder.path));
    expect(paths.filter((path) => path.startsWith(later) || path.startsWith(name))).toEqual([]);
  });

  it('selects also what was never in view, and moves it there and back', async () => {
    const folder = unique('Viele');
    await withMailbox(running, max, async (client) => {
      await client.mailboxCreate(folder);
      for (let at = 0; at < 130; at++)
        await client.append(folder, `Subject: Brief ${at}\r\nMessage-ID: <${randomUUID()}@viele>\r\n\r\nText`);
    });
    await page.close();
    page = await openInbox(context, running, `/mail/${encodeURIComponent(folder)}`);
    await page.locator('.row .pick').first().check();
    await page.getByRole('button', { name: 'Alle auswählen' }).click();
    // on the bar, and said
    await page.getByRole('toolbar', { name: '130 Unterhaltungen ausgewählt' }).waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Archivieren' }).first().click();
    await page.getByText('In diesem Ordner liegt nichts.').waitFor();
    await takeBack(page, '130 Unterhaltungen archiviert');
    await lies(folder, 'Brief', 130);
    await page.close();
    await withMailbox(running, max, (client) => client.mailboxDelete(folder));
  });

  it('says where a link leads that says something else', async () => {
    await openNew({ subject: unique('Bank'), html: '<p><a href="https://evil.example/x">https://www.bank.example/login</a></p>' });
    await page.frameLocator('iframe.mail-frame').getByText('führt zu evil.example').waitFor();
  });

  it('forwards a letter as it came, to the byte', async () => {
    const subject = unique('Im Ganzen');
    await openNew({ subject, html: '<table><tr><td>Bunt</td></tr></table>' });
    await page.locator('.msg.open').getByRole('button', { name: 'Aktionen für diese Nachricht' }).click();
    await page.getByRole('menuitem', { name: 'Als Anhang weiterleiten' }).click();
    await page.getByText(`${subject}.eml`).waitFor();
    await page.getByLabel('Betreff', { exact: true }).fill(`Weiter: ${subject}`);
    await lies('Drafts', `Weiter: ${subject}`, 1);
    const [came, goes] = await withMailbox(running, max, async (client) => {
      const read = async (folder: string, part?: string) => {
        await client.mailboxOpen(folder, { readOnly: true });
        const found = (await client.search({ subject }, { uid: true })) || [];
        const { content } = await client.download(String(found[0]), part, { uid: true });
        return content ? Buffer.concat(await content.toArray()).toString('latin1') : '';
      };
      return [await read('INBOX'), await read('Drafts', '2')];
    });
    expect(goes).toBe(came);
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
  });

  it('answers in one line, quotes, and marks the letter answered', async () => {
    const subject = unique('Frage');
    await openNew({ subject, text: 'Passt Montag?', from: erika.address === max.address ? 'a@extern.example' : 'fremd@extern.example' });
    await page.locator('.reply textarea').fill('Ja, Montag passt.');
    await page.locator('.reply').getByRole('button', { name: 'Im großen Fenster schreiben' }).click();
    await page.locator('.body-text').getByText('Ja, Montag passt.').waitFor();
    await page.locator('.body-text blockquote').getByText('Passt Montag?').waitFor();
    expect(await page.getByLabel('Betreff', { exact: true }).inputValue()).toBe(`Re: ${subject}`);
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
  });

  it('is signed in whatever cookies other hosts below its domain gave the browser', async () => {
    const tossed = await browser.newContext({ storageState: await context.storageState() });
    await tossed.addCookies(['authjs.session-token.9', 'authjs.session-tokens'].map((name) => ({ name, value: 'x', url: running.web })));
    expect((await tossed.request.get(`${running.web}/api/mail/folders`)).status()).toBe(200);
    await tossed.close();
  });

  it('answers nobody who has not signed in, and no request from elsewhere', async () => {
    const anonymous = await browser.newContext();
    const reading = await anonymous.request.get(`${running.web}/api/mail/folders`);
    expect(reading.status()).toBe(401);
    expect(reading.headers()['content-type']).toContain('application/problem+json');
    expect(await reading.json()).toMatchObject({ code: 'SessionEnded', status: 401 });
    await anonymous.close();
    const foreign = await context.request.post(`${running.web}/api/mail/delete`, {
      data: { folder: 'INBOX', uids: 'all' },
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status()).toBe(403);
    // another host below our domain has the cookie sent along: how long a search takes is none of its business
    const search = `${running.web}/api/mail/search?folder=INBOX&q=Rechnung`;
    const fromSibling = (more: Record<string, string>) =>
      context.request.get(search, { headers: { 'sec-fetch-site': 'same-site', ...more } });
    expect((await fromSibling({ 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' })).status()).toBe(400);
    expect((await fromSibling({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' })).status()).toBe(400);
    expect((await fromSibling({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' })).status()).toBe(200);
    const gone = await context.request.get(`${running.web}/api/mail/conversation?folder=INBOX&uid=4294967295`);
    expect(gone.status()).toBe(404);
    const injected = await context.request.get(
      `${running.web}/api/mail/search?folder=INBOX&q=${encodeURIComponent('"x\r\nA1 DELETE INBOX\r\n{5}"')}`,
    );
    expect(injected.status()).toBe(200);
  });
});

describe('odd letters', () => {
  it('of the corpus all open and show something', async () => {
    const letters = corpusLetters();
    const folder = unique('Korpus');
    await withMailbox(running, max, async (client) => {
      await client.mailboxCreate(folder);
      for (const { raw } of letters) await client.append(folder, raw);
    });
    const silent: string[] = [];
    for (const [at, { name, raw }] of letters.entries()) {
      const answer = await context.request.get(`${running.web}/api/mail/message?folder=${encodeURIComponent(folder)}&uid=${at + 1}`);
      expect(`${name} ${answer.status()}`).toBe(`${name} 200`);
      const message = (await answer.json()) as MailMessage;
      const shows =
        message.body.html !== '' || message.body.blocks.length > 0 || message.body.notes.length > 0 || message.attachments.length > 0;
      // nothing is right where nothing stands behind the header
      if (!shows && /\r?\n\r?\n\s*\S/.test(raw.toString('latin1'))) silent.push(name);
    }
    await withMailbox(running, max, (client) => client.mailboxDelete(folder));
    expect(silent).toEqual([]);
  });
});

describe('accessibility of the webmail', () => {
  const looks = [
    { width: 1440, theme: 'light', locale: 'de' },
    { width: 1440, theme: 'dark', locale: 'en' },
    { width: 1024, theme: 'light', locale: 'en' },
    { width: 390, theme: 'light', locale: 'de' },
    { width: 390, theme: 'dark', locale: 'en' },
  ] as const;
  it.each(looks)('axe finds nothing at $width px, $theme, $locale', async (look) => {
    const other = await withLook(browser, context, running, look);
    const view = await openInbox(other, running);
    expect(await axeFindings(view)).toEqual([]);
    if (look.width < 720) expect(await lowControls(view)).toEqual([]);
    await view.locator('.virtual .row a.go').first().click();
    await view.locator('.msg.open').waitFor();
    expect(await axeFindings(view)).toEqual([]);
    await view.goto(`${running.web}/mail/INBOX?view=folders`);
    await view
      .getByRole('button', { name: /Neue E-\u2060?Mail|New email/ })
      .locator('visible=true')
      .first()
      .click();
    await view.locator('.body-text').waitFor();
    expect(await axeFindings(view)).toEqual([]);
    if (look.width < 720) expect(await lowControls(view)).toEqual([]);
    await other.close();
  });
});

describe('a screen that is turned, held or enlarged', () => {
  const low = async (width: number, height: number, isMobile: boolean): Promise<[BrowserContext, Page]> => {
    const other = await browser.newContext({
      viewport: { width, height },
      locale: 'de-AT',
      isMobile,
      hasTouch: isMobile,
      storageState: await context.storageState(),
    });
    return [other, await openInbox(other, running)];
  };

  it('opens the letter that a finger touches, wherever in its row', async () => {
    const subject = unique('Finger');
    await deliver(running, max.address, { subject });
    const [other, view] = await low(740, 360, true);
    await rowOf(view, subject).tap();
    await view.getByRole('heading', { name: subject }).waitFor();
    await lies('INBOX', subject, 1);
    await other.close();
  });

  it('has room for long names: of people in a conversation, and of files up to their ending', async () => {
    const subject = unique('Langer Name');
    const letter = (id: string, more: string) =>
      `From: "${'Name'.repeat(50)}" <lang@extern.example>\r\nTo: ${max.address}\r\nSubject: ${subject}\r\nMessage-ID: <${id}${subject.slice(-8)}@extern.example>\r\n${more}`;
    const file = `--b\r\nContent-Type: application/pdf; name="${'Datei'.repeat(20)}.pdf"\r\nContent-Disposition: attachment\r\n\r\nx\r\n`;
    const answer = `In-Reply-To: <a${subject.slice(-8)}@extern.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nZwei\r\n${file}--b--\r\n`;
    await withMailbox(running, max, async (client) => {
      await client.append('INBOX', letter('a', '\r\nEins\r\n'), ['\\Seen']);
      await client.append('INBOX', letter('b', answer));
    });
    await lies('INBOX', subject, 2);
    const [other, view] = await low(390, 844, true);
    await rowOf(view, subject).first().tap();
    await view.locator('.msg.folded').waitFor();
    const box = async (selector: string) => (await view.locator(selector).first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(await view.locator('.read-scroll').evaluate((pane) => pane.scrollWidth - pane.clientWidth)).toBe(0);
    const [name, button] = [await box('.att .att-open'), await box('.att .ib')];
    expect(name.x + name.width).toBeLessThanOrEqual(button.x);
    await other.close();
  });

  it('has "Senden" in reach, and room for several recipients', async () => {
    for (const [width, height] of [
      [320, 256],
      [740, 360],
    ] as const) {
      const [other, view] = await low(width, height, false);
      await view
        .getByRole('button', { name: /Neue E-\u2060?Mail/ })
        .locator('visible=true')
        .first()
        .click();
      const { y = height, height: high = 0 } = (await view.getByRole('button', { name: 'Senden', exact: true }).boundingBox()) ?? {};
      expect(y + high).toBeLessThanOrEqual(height);
      await view.locator('.body-text').waitFor();
      await view.getByRole('combobox', { name: 'An' }).pressSequentially('anna@extern.example,bernd@extern.example,clara@extern.example,');
      await eventually('three recipients', async () => (await view.locator('.rcpt').count()) === 3);
      const last = (await view.locator('.rcpt').last().boundingBox()) ?? { y: height, height: 0 };
      expect(last.y + last.height).toBeLessThanOrEqual((await view.locator('.subject-input').boundingBox())?.y ?? 0);
      await other.close();
    }
  });
});
