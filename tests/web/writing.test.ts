import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sharedDatabase, sharedInstallation } from '#tests/support/installation.ts';
import { sql } from '#tests/support/passwords.ts';
import {
  axeFindings,
  deliver,
  demoLogins,
  launchBrowser,
  moveCaret,
  openInbox,
  rowOf,
  setUndo,
  signInToWebmail,
  sourceOf as textOf,
  uidsOf,
  unique,
  usualUndo,
  withMailbox,
  takeBack,
  withLook,
} from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let max: RunningFile['demo'][number];
let erika: RunningFile['demo'][number];
const errors: string[] = [];

const lies = (login: typeof max, folder: string, subject: string, count: number) =>
  eventually(`${count} letters "${subject}" in ${folder}`, async () => (await uidsOf(running, login, folder, subject)).length === count);
const sourceOf = (login: typeof max, folder: string, subject: string) => textOf(running, login, folder, subject);
const open = async (path = '/mail/INBOX'): Promise<Page> => {
  if (page && !page.isClosed()) await page.close();
  page = await openInbox(context, running, path);
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
};
const openNew = async (letter: { subject: string; text?: string; html?: string; raw?: string; from?: string }): Promise<void> => {
  await deliver(running, max.address, letter);
  const shown = page && !page.isClosed() ? page : await open();
  await rowOf(shown, letter.subject).locator('a.go').click();
  await shown.locator('.msg.open').waitFor();
};
const writeNew = async (subject: string, to = `${erika.address},`): Promise<void> => {
  await page.keyboard.press('c');
  await page.getByLabel('An', { exact: true }).fill(to);
  await page.getByLabel('Betreff', { exact: true }).fill(subject);
  await page.locator('.body-text').click();
};
const discard = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
  await page.getByRole('button', { name: 'Verwerfen', exact: true }).click();
  await page.locator('.composer').waitFor({ state: 'detached' });
};
const close = () => page.getByRole('button', { name: /^Schließen/ }).click();
/** What is sent meanwhile leaves after so many seconds. */
const leavingAfter = async (seconds: number, work: () => Promise<unknown>): Promise<void> => {
  await setUndo(context, running, max, seconds);
  try {
    await work();
  } finally {
    await setUndo(context, running, max, usualUndo);
  }
};

/** What a failed test left open stands in the way of nobody. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await context.setOffline(false);
  if (page && !page.isClosed()) await page.close();
});

/** A red dot, so that a picture travels. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const order = (subject: string): string =>
  [
    'From: Holz GmbH <holz@extern.example>',
    `To: ${max.address}`,
    `Subject: ${subject}`,
    `Message-ID: <${randomUUID()}@extern.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/related; boundary=q',
    '',
    '--q',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<style>.rot{color:#c00}</style><p>Ihre <b class="rot">Bestellung</b>:</p><table bgcolor="#eeeeee"><tr><td>Stuhl</td><td></td><td style="color:#cc0000">320,00</td></tr></table><p><img src="cid:plan@x" width="40"></p>',
    '--q',
    'Content-Type: image/png; name=plan.png',
    'Content-ID: <plan@x>',
    'Content-Disposition: inline; filename=plan.png',
    'Content-Transfer-Encoding: base64',
    '',
    picture,
    '--q--',
    '',
  ].join('\r\n');

beforeAll(async () => {
  running = sharedInstallation();
  [max, erika] = demoLogins(running);
  browser = await launchBrowser();
  context = await signInToWebmail(browser, running, max);
});
afterAll(() => browser?.close());
afterEach(() => {
  expect(errors.splice(0)).toEqual([]);
});

describe('an answer', () => {
  it('carries table, colour and picture of the original, as parts of the new letter', async () => {
    const subject = unique('Bestellung');
    await openNew({ subject, raw: order(subject) });
    await page.keyboard.press('f');
    await page.locator('.body-text .carried td').getByText('320,00').waitFor();
    expect(await page.locator('.carried b').evaluate((word) => getComputedStyle(word).color)).toBe('rgb(204, 0, 0)');
    await page.getByLabel('An', { exact: true }).fill(`${erika.address},`);
    await page.keyboard.press('Control+Enter');
    await lies(max, 'Sent', subject, 1);
    const source = await sourceOf(max, 'Sent', subject);
    expect(source).toMatch(/<table[^>]*#eeeeee/);
    expect(source.match(/<td/g)).toHaveLength(3);
    expect(source).toMatch(/color:\s*#cc0000/);
    expect(source).toMatch(/<style>[^<]*rot[^<]*<\/style><\/head>/);
    const contentId = /src="cid:([^"]+)"/.exec(source)?.[1];
    expect(contentId).toBeTruthy();
    expect(source).toContain(`Content-ID: <${contentId}>`);
    expect(source).toMatch(/Stuhl {5,}320,00/);
  });

  it('that is a forward takes along what has no part of its own: a file within the text, an invitation', async () => {
    const subject = unique('Termin und Notiz');
    const note = ['begin 644 notiz.txt', '%2&%L;&\\`', '`', 'end'].join('\r\n');
    const event = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:${randomUUID()}\r\nSUMMARY:Treffen\r\nDTSTART:20261203T130000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
    const parts = [`text/plain\r\n\r\nAnbei:\r\n\r\n${note}\r\n`, `text/calendar; method=REQUEST\r\n\r\n${event}`];
    await openNew({
      subject,
      raw: `From: Petra <petra@extern.example>\r\nTo: ${max.address}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=q\r\n\r\n${parts.map((part) => `--q\r\nContent-Type: ${part}\r\n`).join('')}--q--\r\n`,
    });
    await page.locator('.calendar-card').waitFor();
    await page.keyboard.press('f');
    await page.locator('.up', { hasText: 'notiz.txt' }).waitFor();
    await page.locator('.up', { hasText: 'invite.ics' }).waitFor();
    // nobody wrote anything, so nothing is asked
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.locator('.composer').waitFor({ state: 'detached' });
  });

  it('that is a forward of more files than a letter may have takes the letter along whole, and none of them is missing', async () => {
    const subject = unique('Viele Dateien');
    const files = Array.from(
      { length: 250 },
      (_, at) => `--q\r\nContent-Type: text/csv; name=${at}.csv\r\nContent-Disposition: attachment\r\n\r\n${at}\r\n`,
    );
    await openNew({
      subject,
      raw: `From: Petra <petra@extern.example>\r\nTo: ${max.address}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nAnbei.\r\n${files.join('')}--q--\r\n`,
    });
    await page.keyboard.press('f');
    await page.locator('.up', { hasText: `${subject}.eml` }).waitFor();
    await expect.poll(() => page.locator('.up').count()).toBe(1);
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.locator('.composer').waitFor({ state: 'detached' });
  });

  it('that was closed is opened again as it was left: its own text is text, and the original has its colours', async () => {
    const subject = unique('Noch einmal');
    await openNew({ subject, raw: order(subject) });
    await page.keyboard.press('r');
    await page.locator('.body-text .carried td').getByText('320,00').waitFor();
    await page.keyboard.type('Danke sehr');
    await page.getByText(/Entwurf gespeichert um/).waitFor();
    await close();
    await page.locator('.composer').waitFor({ state: 'detached' });
    const quoteIn = async () =>
      /<blockquote[^>]*>.*<\/blockquote>/s.exec(await sourceOf(max, 'Drafts', subject))?.[0]?.replace(/cid:[^"]+/, '');
    let quote: string | undefined;
    for (let opened = 0; opened < 2; opened++) {
      await open('/mail/Drafts');
      await rowOf(page, subject).locator('a.go').click();
      await page.locator('.body-text > blockquote > .carried td').getByText('320,00').waitFor();
      await page.locator('.body-text > p').filter({ hasText: 'Danke sehr' }).waitFor();
      expect(await page.locator('.carried b').evaluate((word) => getComputedStyle(word).color)).toBe('rgb(204, 0, 0)');
      await page.keyboard.type('x');
      await page.getByText(/Entwurf gespeichert um/).waitFor();
      await close();
      await page.locator('.composer').waitFor({ state: 'detached' });
      quote ??= await quoteIn();
      expect(await quoteIn()).toBe(quote);
    }
    await open();
  });

  it('can stand between what is quoted, once the quote is unlocked', async () => {
    const subject = unique('Dazwischen');
    const sheet = '<style>p.q{color:green} .q{color:red !important} p{color:blue} .rand{border-left:3px solid #00f}</style>';
    await openNew({ subject, html: `${sheet}<p class="q">Erste Frage?</p><p class="rand">Zweite Frage?</p>` });
    await page.keyboard.press('r');
    await page.locator('.carried').getByRole('button', { name: 'Bearbeiten und dazwischen antworten' }).click();
    // The caret stands where the quote begins.
    await page.locator('.body-text:focus blockquote > p').first().waitFor();
    await page.waitForFunction(() => document.getSelection()?.anchorNode?.parentElement?.closest('blockquote'));
    await moveCaret(page, 'End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Antwort eins.');
    expect(await page.locator('.body-text blockquote').innerText()).toMatch(/Erste Frage\?\s+Antwort eins\.\s+Zweite Frage\?/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Dazwischen.');
    await page.locator('.body-text > blockquote + p + blockquote').waitFor();
    expect(await page.locator('.body-text > blockquote + p').first().innerText()).toBe('Dazwischen.');
    const styleOf = (text: string) =>
      page.locator('blockquote > p', { hasText: text }).evaluate(({ style }) => [style.color, style.borderLeftWidth]);
    expect([await styleOf('Erste'), await styleOf('Zweite')]).toEqual([
      ['rgb(255, 0, 0)', ''],
      ['rgb(0, 0, 255)', '3px'],
    ]);
    await discard();
  });

  it('in one line says what was typed: 50 US$', async () => {
    const subject = unique('Preis');
    await openNew({ subject, text: 'Was kostet es?', from: erika.address });
    await page.locator('.reply textarea').fill("50 US$ und $& und $' und $1.");
    await page.locator('.reply').getByRole('button', { name: 'Im großen Fenster schreiben' }).click();
    await page.locator('.body-text').getByText("50 US$ und $& und $' und $1.").waitFor();
    expect((await page.locator('.body-text').innerText()).split('Was kostet es?')).toHaveLength(2);
    await discard();
  });

  it('that breaks off while it comes from the server is no endless wait: it is said, and asked for again', async () => {
    const subject = unique('Abgerissen');
    await openNew({ subject, text: 'Was kostet es?', from: erika.address });
    const half = { status: 200, contentType: 'application/json', body: '{"id":"' };
    await page.route('**/api/mail/compose?**', (route) => route.fulfill(half), { times: 1 });
    await page.keyboard.press('r');
    await page.locator('.composer').getByText('Keine Verbindung.').waitFor();
    await page.locator('.composer').getByRole('button', { name: 'Erneut versuchen' }).click();
    await page.locator('.body-text').waitFor();
    await close();
    await page.locator('.composer').waitFor({ state: 'detached' });
  });

  it('that nobody typed in leaves no draft, also when a key was taken back', async () => {
    const subject = unique('Nichts');
    await openNew({ subject, text: 'Guten Tag' });
    await page.keyboard.press('r');
    await page.locator('.body-text').waitFor();
    await close();
    await page.keyboard.press('r');
    await page.locator('.body-text').waitFor();
    await page.keyboard.type('x');
    await page.getByText(/Entwurf gespeichert um/).waitFor();
    await page.keyboard.press('Backspace');
    await close();
    await lies(max, 'Drafts', subject, 0);
  });

  it('puts the signature of its address above the quote', async () => {
    const settings = await context.newPage();
    await settings.goto(`${running.web}/mail-settings`);
    const form = settings.getByRole('form', { name: `Absender ${max.address}` });
    const signature = 'Max Muster\nTischlerei & Söhne';
    await form.getByLabel('Signatur').fill(signature);
    // what is refused stays as it was typed, what is saved as it was saved
    await form.getByLabel('Antworten an').fill('kaputt@');
    await form.getByRole('button', { name: 'Speichern' }).click();
    await form.getByText('keine gültige').waitFor();
    expect(await form.getByLabel('Signatur').inputValue()).toBe(signature);
    await form.getByLabel('Antworten an').fill('');
    await form.getByRole('button', { name: 'Speichern' }).click();
    await form.getByText('Gespeichert').waitFor();
    expect(await form.getByLabel('Signatur').inputValue()).toBe(signature);
    const subject = unique('Unterschrift');
    await open();
    await openNew({ subject, text: 'Guten Tag' });
    await page.keyboard.press('r');
    await page.locator('.body-text .signature').waitFor();
    expect(await page.locator('.body-text').innerText()).toMatch(/Max Muster\s+Tischlerei & Söhne[\s\S]+schrieb[\s\S]+Guten Tag/);
    await close();
    await settings.reload();
    await form.getByLabel('Signatur').fill('');
    await form.getByRole('button', { name: 'Speichern' }).click();
    await form.getByText('Gespeichert').waitFor();
    await settings.close();
    await open();
  });
});

describe('a letter', () => {
  const choose = async (item: RegExp): Promise<void> => {
    await page.locator('.msg.open').getByRole('button', { name: 'Aktionen für diese Nachricht' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const redirectTo = async (recipient: string): Promise<void> => {
    await choose(/^Umleiten/);
    await page.getByRole('dialog').getByLabel('An', { exact: true }).fill(recipient);
    await page.getByRole('button', { name: 'Umleiten', exact: true }).click();
  };

  const isForwarded = (subject: string): Promise<boolean> =>
    withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX');
      const found = await client.search({ subject, keyword: '$Forwarded' }, { uid: true });
      return Array.isArray(found) && found.length > 0;
    });

  it('is passed on to the byte, in the name of its author; not to whom it was taken back from', async () => {
    const subject = unique('Umgeleitet');
    await leavingAfter(30, async () => {
      await open();
      await openNew({ subject, raw: order(subject) });
      await redirectTo('niemand@extern.example');
      await takeBack(page, 'Wird gleich umgeleitet');
      await page.getByText('Nicht umgeleitet').waitFor();
    });
    expect(await isForwarded(subject)).toBe(false);
    await leavingAfter(0, async () => {
      await redirectTo(erika.address);
      await lies(erika, 'INBOX', subject, 1);
    });
    const read = (login: RunningFile['demo'][number]) => sourceOf(login, 'INBOX', subject);
    const [came, went] = await Promise.all([read(max), read(erika)]);
    expect(went.slice(-came.length + came.indexOf('Received:'))).toBe(came.slice(came.indexOf('Received:')));
    expect(went).toMatch(new RegExp(`^Return-Path: <${max.address}>`));
    expect(went).toMatch(
      new RegExp(`\r\nResent-From: [^\r]*<${max.address}>\r\nResent-To: ${erika.address}\r\nResent-Message-ID: <.+>\r\nResent-Date: `),
    );
    expect(went).not.toContain('niemand@');
    // it is marked once it is given to the server, which may be quicker to bring it
    await eventually('its mark', () => isForwarded(subject));
  });

  it('that is passed on by a second press, since the answer to the first was lost, goes once, when the page says', async () => {
    const subject = unique('Zweimal umgeleitet');
    let id = '';
    await leavingAfter(30, async () => {
      await open();
      await openNew({ subject, raw: order(subject) });
      const lose = async (route: Route): Promise<void> => {
        await route.fetch();
        await route.abort();
      };
      await page.route('**/api/mail/redirect', lose, { times: 1 });
      await choose(/^Umleiten/);
      const press = () => page.getByRole('button', { name: 'Umleiten', exact: true }).click();
      await press();
      await page.getByText('Es fehlt ein Empfänger').waitFor();
      // the keys go to the field that is empty
      await page.keyboard.type('niemand@extern.example');
      await press();
      await page.getByText('Keine Verbindung').waitFor();
      const answers = page.waitForResponse((response) => response.url().endsWith('/api/mail/redirect'));
      await press();
      const { held, leavesAt } = (await (await answers).json()) as { held: string; leavesAt: string };
      id = held;
      expect(await sql(sharedDatabase(), 'select release_at from queue_message where id = $1', [id])).toEqual([
        { release_at: new Date(leavesAt) },
      ]);
      await takeBack(page, 'Wird gleich umgeleitet');
      await page.getByText('Nicht umgeleitet').waitFor();
    });
    expect(await sql(sharedDatabase(), 'select 1 from queue_message where id = $1', [id])).toEqual([]);
  });

  it('says to its reader who passed it on, the last of them, as text', async () => {
    const subject = unique('Weitergereicht');
    const passed = (field: string) => `Resent-From: ${field}\r\nResent-Date: Mon, 2 Nov 2026 10:00:00 +0100\r\n`;
    await open();
    await openNew({ subject, raw: passed('"<b>Erika</b>" <erika@muster.example>') + passed('zuvor@muster.example') + order(subject) });
    const line = page.locator('.msg.open .msg-head').getByText('weitergeleitet von');
    await line.waitFor();
    expect(await line.innerText()).toBe('weitergeleitet von <b>Erika</b> <erika@muster.example>');
  });

  it('is edited as a new one: recipients, table, colours and picture are there, and nothing of the old one changes', async () => {
    const subject = unique('Vorlage');
    await openNew({ subject, raw: order(subject) });
    await choose(/^Als neue/);
    await page.locator('.body-text td', { hasText: '320,00' }).waitFor();
    expect(await page.locator('.composer .rcpt').getAttribute('title')).toBe(max.address);
    await page.getByLabel('Betreff', { exact: true }).fill(`${subject}, noch einmal`);
    await lies(max, 'Drafts', subject, 1);
    const draft = await sourceOf(max, 'Drafts', subject);
    expect(draft).not.toMatch(/^(?:In-Reply-To|References):/m);
    expect(draft).toMatch(/<td style="color: ?#cc0000">320,00<\/td>/);
    expect(draft).toContain(picture.slice(0, 60));
    await discard();
    await lies(max, 'INBOX', subject, 1);
  });
});

describe('a draft of another program', () => {
  it('loses nothing when it is opened, added to and closed: also what the editor cannot hold', async () => {
    const subject = unique('Fremder Entwurf');
    const body =
      '<p>Liebe <font color="#c00000">Erika</font></p><table border="1"><caption>Preise</caption><tr><td>Mo</td><td></td></tr></table><dl><dt>Ort</dt><dd>Wien</dd></dl>';
    await withMailbox(running, max, (client) =>
      client.append(
        'Drafts',
        `From: ${max.address}\r\nTo: ${erika.address}\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${body}\r\n`,
        ['\\Draft', '\\Seen'],
      ),
    );
    await open('/mail/Drafts');
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.body-text .carried').first().waitFor();
    await page.locator('.body-text').click();
    await moveCaret(page, 'Control+Home');
    await page.keyboard.type('X ');
    await page.getByText(/Entwurf gespeichert um/).waitFor();
    await close();
    await lies(max, 'Drafts', subject, 1);
    const source = await sourceOf(max, 'Drafts', subject);
    for (const kept of ['X ', '<caption>Preise</caption>', '<dt>Ort</dt>', '<dd>Wien</dd>']) expect(source).toContain(kept);
    expect(source).toMatch(/c00000|rgb\(192/);
    await open();
  });

  it('that Thunderbird saved goes out with all that its writer chose there', async () => {
    const subject = unique('Aus Thunderbird');
    // as Thunderbird 153 wrote it, with a table, colours, a picture, a file, Bcc, Reply-To and a priority
    const saved = readFileSync(new URL('thunderbird-draft.eml', import.meta.url), 'utf8').replace(
      /^Subject: .*$/m,
      () => `Subject: ${subject}`,
    );
    await withMailbox(running, max, (client) => client.append('Drafts', saved.replaceAll('\n', '\r\n'), ['\\Draft', '\\Seen']));
    await open('/mail/Drafts');
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.body-text').getByText('Liebe Erika').waitFor();
    await expect.poll(() => page.locator('.rcpt').count()).toBe(4);
    await page.locator('.up', { hasText: 'Übersicht.txt' }).waitFor();
    await page.locator('.body-text').click();
    await moveCaret(page, 'Control+Home');
    await page.keyboard.type('X ');
    await page.getByText(/Entwurf gespeichert um/).waitFor();
    await leavingAfter(0, async () => {
      await page.keyboard.press('Control+Enter');
      await lies(erika, 'INBOX', subject, 1);
    });
    await lies(max, 'Sent', subject, 1);
    await lies(max, 'Drafts', subject, 0);
    const sent = await sourceOf(max, 'Sent', subject);
    expect(sent).toMatch(/^Bcc: geheim@extern\.example/m);
    expect(sent).toMatch(/^Reply-To: .*<buero@muster\.at>/m);
    expect(sent).toMatch(/^X-Priority: 1 \(Highest\)/m);
    expect(sent).toMatch(/X Liebe Erika, <(b|strong)>fett<\/(b|strong)> und <(font|span)[^>]*(cc0000|204, 0, 0)/);
    expect(sent).toMatch(/<td[^>]*(#ffffcc|rgb\(255, 255, 204\))/);
    expect(sent).toMatch(/<img[^>]*src="cid:[^"]+"/);
    expect(sent).toMatch(/filename\*/);
    expect(await sourceOf(erika, 'INBOX', subject)).not.toMatch(/^Bcc:/m);
    await open();
  });

  it('in two windows is told, and both texts are kept', async () => {
    const subject = unique('Zwei Fenster');
    await open();
    await writeNew(subject);
    await page.keyboard.type('Grundtext.');
    await close();
    await lies(max, 'Drafts', subject, 1);
    const windows = [await context.newPage(), await context.newPage()];
    for (const [at, window] of windows.entries()) {
      await window.goto(`${running.web}/mail/Drafts`);
      await rowOf(window, subject).locator('a.go').click();
      await window.locator('.body-text').getByText('Grundtext.').waitFor();
      if (at === 1) await window.getByRole('alert').getByText('noch in einem anderen Fenster geöffnet').waitFor();
    }
    for (const [at, window] of windows.entries()) {
      await window.bringToFront();
      await window.locator('.body-text').click();
      await moveCaret(window, 'Control+End');
      await window.keyboard.type([' EINS', ' ZWEI'][at] ?? '');
      await window.getByText(/Entwurf gespeichert um/).waitFor();
    }
    await windows[1]?.getByRole('alert').getByText('Beide Fassungen bleiben').waitFor();
    await lies(max, 'Drafts', subject, 2);
    for (const window of windows) await window.close();
  });

  it('that another window sent is told to be one of its own, and not to be unsaved', async () => {
    const subject = unique('Dort gesendet');
    await open();
    await writeNew(subject);
    await page.keyboard.type('Grundtext.');
    await close();
    await lies(max, 'Drafts', subject, 1);
    const windows = [await context.newPage(), await context.newPage()] as const;
    for (const window of windows) {
      await window.goto(`${running.web}/mail/Drafts`);
      await rowOf(window, subject).locator('a.go').click();
      await window.locator('.body-text').getByText('Grundtext.').waitFor();
    }
    const [sender, writer] = windows;
    await leavingAfter(0, async () => {
      await sender.reload();
      await rowOf(sender, subject).locator('a.go').click();
      await sender.locator('.body-text').getByText('Grundtext.').waitFor();
      await sender.keyboard.press('Control+Enter');
      await lies(erika, 'INBOX', subject, 1);
    });
    await writer.bringToFront();
    const unsaved: string[] = [];
    await writer.exposeFunction('sayUnsaved', (words: string) => void unsaved.push(words));
    await writer.locator('.save-note').evaluate((note) => {
      const look = () =>
        note.getAttribute('role') === 'alert' &&
        (globalThis as { sayUnsaved?: (words: string) => void }).sayUnsaved?.(note.textContent ?? '');
      new MutationObserver(look).observe(note, { attributes: true, childList: true, subtree: true, characterData: true });
    });
    await writer.locator('.body-text').click();
    await moveCaret(writer, 'Control+End');
    await writer.keyboard.type(' Nachsatz.');
    await writer.getByRole('alert').getByText('aus einem anderen Fenster gesendet').waitFor();
    await writer.getByText(/Entwurf gespeichert um/).waitFor();
    expect(unsaved).toEqual([]);
    await eventually('a draft of its own', async () => (await sourceOf(max, 'Drafts', subject)).includes('Nachsatz'));
    for (const window of windows) await window.close();
  });

  it('takes a name that stands behind its address', async () => {
    await open();
    await page.keyboard.press('c');
    const field = page.getByLabel('An', { exact: true });
    await field.pressSequentially('eva@extern.example (Lang, Eva), otto@extern.example ');
    await eventually('two recipients', async () => (await page.locator('.rcpt').count()) === 2);
    expect(await page.locator('.rcpt-name').allTextContents()).toEqual(['Lang, Eva', 'otto@extern.example']);
    expect(await page.locator('.rcpt.warn').count()).toBe(0);
    await discard();
  });

  it('that is thrown away without a connection to the server says so', async () => {
    const subject = unique('Weg damit');
    await open();
    await writeNew(subject);
    await page.keyboard.type('Text');
    await page.getByText(/Entwurf gespeichert um/).waitFor();
    await page.route('**/api/mail/drafts', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
    await discard();
    await page.getByText('Der Entwurf ist noch nicht verworfen').waitFor();
    await page.unroute('**/api/mail/drafts');
    await page.getByRole('button', { name: 'Erneut versuchen' }).click();
    await lies(max, 'Drafts', subject, 0);
  });

  it('closed without a connection says so, and is saved when there is one', async () => {
    const subject = unique('Unterwegs');
    await open();
    await writeNew(subject);
    await context.setOffline(true);
    let failed = 0;
    page.on('requestfailed', () => failed++);
    await page.keyboard.type('im Zug geschrieben');
    await close();
    await page.getByText('Der Entwurf liegt in diesem Browser').waitFor();
    // nor does the page ask for ever whether there is a way
    await page.waitForTimeout(1000);
    expect(failed).toBeLessThan(20);
    await context.setOffline(false);
    await lies(max, 'Drafts', subject, 1);
    await page.getByText(`Entwurf gespeichert: ${subject}`).waitFor();
    expect(await sourceOf(max, 'Drafts', subject)).toContain('im Zug geschrieben');
  });

  it('that neither the server nor the browser has is not left without a question, nor when it is closed', async () => {
    const subject = unique('Kein Platz');
    await open();
    await writeNew(subject);
    await context.setOffline(true);
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('no room', 'QuotaExceededError');
      };
    });
    const leave = () => page.evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
    expect(await leave()).toBe(true);
    await page.keyboard.type('im Zug geschrieben');
    expect(await leave()).toBe(false);
    await close();
    await page.getByText('in diesem Browser ist kein Platz dafür').waitFor();
    expect(await leave()).toBe(false);
    await context.setOffline(false);
    await page.getByText(`Entwurf gespeichert: ${subject}`).waitFor();
    expect(await sourceOf(max, 'Drafts', subject)).toContain('im Zug geschrieben');
    expect(await leave()).toBe(true);
  });
});

describe('the text', () => {
  const paste = (html: string, richText = '') =>
    page.evaluate(
      (given) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/html', given.html);
        clipboardData.setData('text/plain', 'x');
        clipboardData.setData('text/rtf', given.richText);
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
        document.querySelector('.body-text')?.dispatchEvent(event);
      },
      { html, richText },
    );
  const begin = async () => {
    // left open by a try that failed, or in a page that crashed
    const left =
      page && !page.isClosed()
        ? await page
            .locator('.composer')
            .count()
            .catch(() => 1)
        : 1;
    if (left > 0) await open();
    await page.keyboard.press('c');
    await page.locator('.body-text').click();
  };

  it('goes on without formatting only when asked: quotes, columns, lists and links stay, and come back', async () => {
    await open();
    await begin();
    await paste(
      '<p><b>fett</b> <a href="https://x.example/a">Link</a></p><ul><li>eins</li></ul><table><tr><td>A</td><td>B</td></tr><tr><td>lang</td><td>C</td></tr></table><blockquote><p>Zitat</p></blockquote>',
    );
    await page.getByRole('button', { name: 'Formatierung' }).first().click();
    await page.getByRole('toolbar', { name: 'Formatierung' }).getByRole('button', { name: 'Nur Text' }).click();
    await page.locator('dialog[open]').getByRole('button', { name: 'Nur Text' }).click();
    const written = await page.locator('textarea.body-text').inputValue();
    expect(written).toContain('fett Link <https://x.example/a>');
    expect(written).toContain('- eins');
    expect(written).toMatch(/^A {6}B\nlang {3}C$/m);
    expect(written).toContain('> Zitat');
    await page.getByRole('button', { name: 'Mit Formatierung schreiben' }).click();
    await page.locator('.body-text blockquote').getByText('Zitat').waitFor();
    await discard();
  });

  it('takes the colours of Excel, which stand in its classes, and the depth of Word’s lists', async () => {
    await begin();
    await paste(
      '<html><head><style><!-- .xl65 {color:red; background:yellow;} --></style></head><body><table border=0><tr><td class=xl65>Rot</td><td></td></tr></table></body></html>',
    );
    const cell = page.locator('.body-text td').first();
    expect(await cell.evaluate((element) => [element.style.color, element.style.backgroundColor])).toEqual(['red', 'yellow']);
    const item = (level: number, bullet: string, text: string) =>
      `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'><span style='mso-list:Ignore'>${bullet}</span>${text}</p>`;
    await paste(`<html><body>${item(1, '1.', 'eins')}${item(2, 'a.', 'darunter')}${item(1, '2.', 'zwei')}</body></html>`);
    await page.locator('.body-text ol > li > ol > li').getByText('darunter').waitFor();
    await page.locator('.body-text > ol > li').nth(1).waitFor();
    // Further on in the document, and an item of a contract, which no list of HTML can count.
    await paste(`<p>dazwischen</p>${item(1, '3.', 'drei')}${item(2, 'ii.', 'römisch')}${item(1, '2.3.', 'Vertrag')}`);
    await page.locator('.body-text ol[start="3"] > li > ol[type="i"][start="2"] > li').getByText('römisch').waitFor();
    await page.locator('.body-text p', { hasText: '2.3.Vertrag' }).waitFor();
    await page.keyboard.press('Enter');
    await paste('<ul><li>oben</li><li><ul><li>innen</li></ul></li></ul><div style="white-space:pre">a  b\nc</div>');
    await page.locator('.body-text li > ul > li').getByText('innen').waitFor();
    expect((await page.locator('.body-text > div').last().innerText()).replaceAll('\u00a0', ' ')).toBe('a  b\nc');
    await discard();
  });

  it('takes the lists of Word on the web as deep as they were, smileys as text, and words on lines of their own', async () => {
    await begin();
    const item = (tag: string, level: number, start: number, text: string) =>
      `<div class="ListContainerWrapper"><${tag} role="list" start="${start}"><li role="listitem" data-aria-posinset="${start}" data-aria-level="${level}" style="margin:0 0 0 ${24 * level}px"><p class="Paragraph"><span class="TextRun">${text}</span><span class="EOP">&nbsp;</span></p></li></${tag}></div>`;
    await paste(
      `${item('ul', 1, 1, 'eins')}${item('ul', 2, 1, 'darunter')}${item('ul', 1, 2, 'zwei')}<p>dazwischen</p>${item('ol', 1, 4, 'vier')}${item('ol', 1, 5, 'fünf')}`,
    );
    const text = page.locator('.body-text');
    await text.locator('> ul > li > ul > li').getByText('darunter', { exact: true }).waitFor();
    expect(await text.locator('> ul > li').count()).toBe(2);
    expect(await text.locator('> ol[start="4"] > li').allInnerTexts()).toEqual(['vier', 'fünf']);
    await discard();
    // what stands beside such a list, or in one of another program, stays where it stood
    const told = (level: number, words: string) => `<li data-aria-level="${level}">${words}</li>`;
    await begin();
    await paste(
      `<div>vor<ul>${told(1, 'eins')}</ul>zwischen<ul>${told(1, 'zwei')}</ul></div><ul>${told(1, `drei<ul>${told(2, 'vier')}</ul>`)}</ul><p>nach<span class="EOP">her</span></p>`,
    );
    await text.locator('li > ul > li').getByText('vier', { exact: true }).waitFor();
    expect((await text.innerText()).match(/\p{L}+/gu)?.slice(0, 7)).toEqual(['vor', 'eins', 'zwischen', 'zwei', 'drei', 'vier', 'nachher']);
    await discard();
    await begin();
    await paste(
      '<p>Danke <img alt="👍🏽" src="https://chat.example/1f44d.png"></p><details><summary>Mehr</summary>davon</details><table><caption>Preise</caption><tr><td><mark>4,50</mark></td></tr></table>',
    );
    await text.locator('p', { hasText: 'Danke 👍🏽' }).waitFor();
    expect(await text.locator('img:not(.ProseMirror-separator)').count()).toBe(0);
    for (const line of ['Mehr', 'davon', 'Preise']) await text.getByText(line, { exact: true }).waitFor();
    expect(await text.locator('td span').evaluate((element) => element.style.backgroundColor)).toBe('yellow');
    await discard();
  });

  it('takes nothing from a program that was not seen there, and writes underlined as Outlook reads it', async () => {
    await begin();
    await paste(
      `<html><head><style><!-- .xl70 {display:none} --></style></head><body><p>sichtbar <span style='display:none;mso-hide:all'>geheim</span><span style="text-decoration-line:underline">unter</span> <a href="#_Toc1">Kapitel</a></p><table><tr><td>A</td></tr><tr class=xl70><td>versteckt</td></tr></table><v:shape><v:imagedata src="file:///C:/Temp/a.png"/></v:shape></body></html>`,
    );
    await page.getByText('Ein Bild ließ sich nicht mitkopieren').waitFor();
    const text = page.locator('.body-text');
    await text.locator('u').getByText('unter').waitFor();
    expect(await text.innerText()).not.toMatch(/geheim|versteckt/);
    expect([await text.locator('tr').count(), await text.locator('a').count()]).toEqual([1, 0]);
    await discard();
    // As Excel writes them: a hidden column is said of by its "col" alone, and cells that reach over what is hidden count it.
    await begin();
    await paste(
      `<table><col width=54><col width=0 style='display:none'><col width=90><tr><td rowspan=3>Wien</td><td>Gehalt</td><td>Huber</td></tr><tr height=0 style='display:none'><td>4711</td><td rowspan=2>Maier</td></tr><tr><td>4712</td></tr><tr><td colspan=3>Summe</td></tr></table>`,
    );
    await text.getByText('Summe').waitFor();
    const cells = await text
      .locator('tr')
      .evaluateAll((rows) =>
        (rows as HTMLTableRowElement[]).map((row) => [...row.cells].map((cell) => [cell.innerText.trim(), cell.rowSpan, cell.colSpan])),
      );
    expect(cells).toEqual([
      [
        ['Wien', 2, 1],
        ['Huber', 1, 1],
      ],
      [['Maier', 1, 1]],
      [['Summe', 1, 2]],
    ]);
    await discard();
  });

  it('makes a link of an address that ends a sentence', async () => {
    await begin();
    await page.keyboard.type('Siehe https://a.example/b. Oder (www.c.example)!');
    await page.keyboard.press('Enter');
    const links = page.locator('.body-text a');
    await eventually('two links', async () => (await links.count()) === 2);
    expect(await links.evaluateAll((all) => all.map((link) => link.textContent))).toEqual(['https://a.example/b', 'www.c.example']);
    await discard();
  });

  it('shows a picture that was pasted as data, or by Word, and sends it as a part', async () => {
    await begin();
    const shown = page.locator('.body-text img[src*="/api/mail/uploads"]');
    await paste(`<p>Bild: <img src="data:image/png;base64,${picture}"></p>`);
    await shown.waitFor();
    const digits = Buffer.from(picture, 'base64').toString('hex');
    await paste('<p><img src="file:///C:/Temp/clip_image001.png"></p>', `{\\rtf1{\\pict{\\*\\picprop}\\pngblip\n${digits}}}`);
    await eventually('both', async () => (await shown.count()) === 2);
    await paste('<p><img src="file:///C:/Temp/clip_image002.png">Ohne</p>');
    await page.getByText('Ein Bild ließ sich nicht mitkopieren').waitFor();
    await discard();
  });

  it('attaches a file that is dropped on it', async () => {
    await begin();
    await page.locator('.body-text').evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], 'Plan.pdf', { type: 'application/pdf' }));
      const { x, y } = text.getBoundingClientRect();
      for (const type of ['dragover', 'drop'])
        text.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, clientX: x + 20, clientY: y + 20 }));
    });
    await page.locator('.up', { hasText: 'Plan.pdf' }).waitFor();
    expect(await page.locator('.drop-here').count()).toBe(0);
    await discard();
  });

  it('keeps the original that is selected when one types or pastes: the words stand above it', async () => {
    const subject = unique('Gewähltes Original');
    await openNew({ subject, html: '<p>Frage?</p><table><tr><td>A</td></tr></table>' });
    await page.keyboard.press('f');
    const carried = page.locator('.body-text .carried');
    await carried.waitFor();
    await carried.click();
    await page.keyboard.type('Hallo');
    await carried.click();
    await paste('<p>Grüße</p>');
    expect(await carried.count()).toBe(1);
    expect(await page.locator('.body-text').innerText()).toMatch(/^(?:Hallo\s*Grüße|Grüße\s*Hallo)\s*-+ Weiter[\s\S]*Frage/);
    await discard();
  });

  it('keeps the original beside the caret that a key would delete: it is selected first, and goes with the next press', async () => {
    const subject = unique('Original daneben');
    await openNew({ subject, html: '<p>Frage?</p><table><tr><td>A</td></tr></table>' });
    await page.keyboard.press('f');
    const carried = page.locator('.body-text .carried');
    await carried.waitFor();
    const chosen = page.locator('.body-text .carried.ProseMirror-selectednode');
    const head = page.locator('.body-text > p', { hasText: 'Weitergeleitete' });
    const toItsEnd = async () => {
      const box = await head.boundingBox();
      await head.click({ position: { x: (box?.width ?? 0) - 4, y: (box?.height ?? 0) - 6 } });
      await moveCaret(page, 'End');
    };
    await toItsEnd();
    await page.keyboard.press('Delete');
    await chosen.waitFor();
    await page.keyboard.press('Delete');
    await eventually('it is gone by a press of its own', async () => (await carried.count()) === 0);
    await page.keyboard.press('Control+z');
    await carried.waitFor();
    await toItsEnd();
    // a key that is held down does not go on to it
    for (let times = 0; times < 3; times++) await page.keyboard.down('Delete');
    await page.keyboard.up('Delete');
    await chosen.waitFor();
    // what an input method writes, a table and a picture do not take its place either
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'かな', selectionStart: 2, selectionEnd: 2 });
    await session.send('Input.insertText', { text: '仮名' });
    expect(await carried.count()).toBe(1);
    await carried.click();
    await page.getByRole('button', { name: 'Formatierung', exact: true }).click();
    await page.getByRole('button', { name: 'Tabelle einfügen' }).click();
    await page.locator('.body-text > table, .body-text > .tableWrapper').waitFor();
    expect(await carried.count()).toBe(1);
    expect(await page.locator('.body-text').innerText()).toContain('仮名');
    await discard();
  });

  it.each(['Aufzählung', 'Nummerierung', 'Zitat'])(
    'takes a line out of what it stands in before it reaches for the original above: %s',
    async (what) => {
      const subject = unique('Darunter');
      await openNew({ subject, html: '<p>Frage?</p>' });
      await page.keyboard.press('f');
      const carried = page.locator('.body-text .carried');
      await carried.waitFor();
      await page.getByRole('button', { name: 'Formatierung', exact: true }).click();
      await page.locator('.body-text').focus();
      await moveCaret(page, 'Control+End');
      await page.keyboard.type('Punkt');
      await page.getByRole('button', { name: what, exact: true }).click();
      const inside = page.locator('.body-text :is(ul, ol, blockquote)', { hasText: 'Punkt' });
      await inside.waitFor();
      await moveCaret(page, 'Home');
      await page.keyboard.press('Backspace');
      await inside.waitFor({ state: 'detached' });
      await page.locator('.body-text > p', { hasText: 'Punkt' }).waitFor();
      expect(await page.locator('.body-text .carried.ProseMirror-selectednode').count()).toBe(0);
      await page.keyboard.press('Backspace');
      await page.locator('.body-text .carried.ProseMirror-selectednode').waitFor();
      expect(await carried.count()).toBe(1);
      await discard();
    },
  );

  it('asks before a letter is thrown away that has nothing but a file on its way here', async () => {
    let letThrough = () => {};
    const arrives = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await begin();
    await page.route('**/api/mail/uploads*', (route) => arrives.then(() => route.continue()));
    await page.getByTestId('attach').setInputFiles({ name: 'Plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
    await page.locator('.up', { hasText: 'Plan.pdf' }).waitFor();
    await discard();
    await page.unroute('**/api/mail/uploads*');
    letThrough();
  });

  it('keeps what was written into a signature when another address takes its place', async () => {
    const database = sharedDatabase();
    const alias = `rechnung-${randomUUID().slice(0, 6)}@muster.at`;
    await sql(
      database,
      `insert into address (domain_id, address, kind, mailbox_id) select domain_id, $2, 'mailbox', id from mailbox where address = $1`,
      [max.address, alias],
    );
    for (const [address, signature] of [
      [max.address, '<p>Max Muster\r\n<br>Tischlerei</p>'],
      [alias, '<p>Buchhaltung</p>'],
    ])
      await sql(
        database,
        `insert into identity (mailbox_id, address, name, reply_to, signature) select id, $2, 'Max', '', $3 from mailbox where address = $1
          on conflict (mailbox_id, address) do update set signature = excluded.signature`,
        [max.address, address, signature],
      );
    try {
      await open();
      await page.keyboard.press('c');
      await page.locator('.body-text .signature').getByText('Tischlerei').click();
      await moveCaret(page, 'End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('PS: bleibt');
      await page.getByLabel('Von', { exact: true }).selectOption(alias);
      await page.locator('.body-text .signature').getByText('Buchhaltung').waitFor();
      expect(await page.locator('.body-text').innerText()).toMatch(/Buchhaltung\s+PS: bleibt/);
      expect(await page.locator('.body-text').innerText()).not.toContain('Tischlerei');
      await page.getByRole('button', { name: 'Formatierung', exact: true }).click();
      await page.getByRole('button', { name: 'Nur Text' }).click();
      const plain = page.locator('textarea.body-text');
      await page.getByLabel('Von', { exact: true }).selectOption(max.address);
      expect(await plain.inputValue()).toBe('Max Muster\nTischlerei\n\nPS: bleibt');
      await page.getByLabel('Von', { exact: true }).selectOption(alias);
      expect(await plain.inputValue()).toBe('Buchhaltung\n\nPS: bleibt');
      await discard();
    } finally {
      await sql(database, 'delete from identity where mailbox_id = (select id from mailbox where address = $1)', [max.address]);
      await sql(database, 'delete from address where address = $1', [alias]);
      await open();
    }
  });

  it('begins as the link says that another program gave', async () => {
    await page.goto(
      `${running.web}/mail?mailto=${encodeURIComponent('mailto:eva@extern.example?cc=otto@extern.example&subject=Gr%C3%BC%C3%9Fe&body=Zeile%201%0D%0AZeile%202')}`,
    );
    await page.locator('.body-text').getByText('Zeile 2').waitFor();
    expect(await page.locator('.rcpt').evaluateAll((chips) => chips.map((chip) => chip.getAttribute('title')))).toEqual([
      'eva@extern.example',
      'otto@extern.example',
    ]);
    expect(await page.getByLabel('Betreff', { exact: true }).inputValue()).toBe('Grüße');
    expect(page.url()).not.toContain('mailto');
    await close();
    await open();
  });
});

describe('recipients', () => {
  it('typed faster than they are offered are who was meant', async () => {
    await open();
    await page.keyboard.press('c');
    await page.getByLabel('An', { exact: true }).click();
    await page.keyboard.type('erika');
    await page.keyboard.press('Enter');
    await page.locator(`.rcpt:not(.warn)[title="${erika.address}"]`).waitFor();
    await expect.poll(() => page.locator('.rcpt').count()).toBe(1);
    await discard();
  });

  it('are offered while they are typed; Enter and Tab take the first', async () => {
    await open();
    await page.keyboard.press('c');
    const to = page.getByLabel('An', { exact: true });
    await to.pressSequentially('eri');
    await page.getByRole('option').first().waitFor();
    expect(await to.getAttribute('aria-activedescendant')).toBe(await page.getByRole('option', { selected: true }).getAttribute('id'));
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('.rcpt[title="erika@muster.at"]').waitFor();
    await page.getByRole('button', { name: 'Cc, Bcc' }).click();
    await page.getByLabel('Cc', { exact: true }).pressSequentially('eri');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator('.rcpt').count()).toBe(2);
    await discard();
  });

  it('go from one field to another by key', async () => {
    await page.keyboard.press('c');
    await page.getByLabel('An', { exact: true }).fill('"Berger, Eva" <eva@muster.at>,');
    await page.locator('.rcpt-name').focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page
      .locator('.line-field', { has: page.getByLabel('Cc', { exact: true }) })
      .locator('.rcpt[title="eva@muster.at"]')
      .waitFor();
    await expect.poll(() => page.locator('.rcpt').count()).toBe(1);
    await discard();
  });

  it('that are no addresses are not sent, and are gone to', async () => {
    await writeNew(unique('Falsch'), 'Petra;');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('Petra').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain('rcpt-name');
    await discard();
  });

  it('in their thousands slow no key', async () => {
    await page.keyboard.press('c');
    await page.getByLabel('An', { exact: true }).fill(`${Array.from({ length: 5000 }, (_, at) => `n${at}@muster.at`).join(', ')};`);
    await page.getByText(/^und 4\D?700 weitere$/).waitFor();
    await page.locator('.body-text').click();
    const protocol = await context.newCDPSession(page);
    // the processor's time of the page, whatever else the machine does
    await protocol.send('Performance.enable', { timeDomain: 'threadTicks' });
    const worked = async (): Promise<number> =>
      (await protocol.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    const begun = await worked();
    await page.keyboard.type('zwanzig Tasten lang!');
    await page.locator('.body-text').getByText('zwanzig Tasten lang!').waitFor();
    expect((await worked()) - begun).toBeLessThan(5);
    await protocol.detach();
    await discard();
  });
});

describe('sending', () => {
  const ask = (method: string, route: string, data: object) =>
    context.request.fetch(`${running.web}/api/mail/${route}`, {
      method,
      data,
      headers: { origin: running.web, 'x-postamt-mailbox': encodeURIComponent(max.address) },
    });
  const give = (letter: object, at: string | null = null) => ask('POST', 'send', { letter, at });
  const withWrongClock = async (offByMs: number) => {
    const wrong = await withLook(browser, context, running, {});
    await wrong.addInitScript((off) => {
      const { Date: Right } = window;
      const now = (): number => Right.now() + off;
      window.Date = new Proxy(Right, {
        construct: (of, given) => (given.length === 0 ? new of(now()) : Reflect.construct(of, given)),
        get: (of, key) => (key === 'now' ? now : Reflect.get(of, key)),
      });
    }, offByMs);
    return wrong;
  };
  const letterOf = (subject: string) => ({
    id: randomUUID(),
    kind: 'new',
    from: null,
    to: [{ name: '', address: erika.address }],
    cc: [],
    bcc: [],
    subject,
    html: '<p>x</p>',
    text: '',
    blocks: [],
    uploads: [],
    inReplyTo: '',
    references: [],
    source: null,
    draft: null,
  });

  it('is the server’s promise: other steps and a closed page neither shorten nor stop it', async () => {
    const subject = unique('Versprochen');
    const other = unique('Archiviert');
    await leavingAfter(30, async () => {
      await open();
      await openNew({ subject: other });
      await writeNew(subject);
      await page.keyboard.press('Control+Enter');
      await page.getByText(`Geht gleich hinaus: ${subject}`).waitFor();
      await lies(max, 'Sent', subject, 1);
      await page.keyboard.press('e');
      await page.getByText('Archiviert', { exact: true }).first().waitFor();
      await page.getByText(`Geht gleich hinaus: ${subject}`).waitFor();
      await page.close();
    });
    expect(await uidsOf(running, erika, 'INBOX', subject)).toHaveLength(0);
    // its time comes
    await sql(
      sharedDatabase(),
      `select reschedule_held(mailbox_id, queue_message, now()) from outgoing_letter where letter->>'subject' = $1`,
      [subject],
    );
    await lies(erika, 'INBOX', subject, 1);
  });

  it('can be taken back until it leaves, also after another message took the eye; then it is a draft as it was', async () => {
    const subject = unique('Zurück');
    await leavingAfter(30, async () => {
      await open();
      await writeNew(subject, `${erika.address}, Petra <petra@extern.example>;`);
      await page.keyboard.type('Text, der bleibt.');
      await page.keyboard.press('Control+Enter');
      await lies(max, 'Sent', subject, 1);
      await takeBack(page, subject);
      await page.locator('.body-text').getByText('Text, der bleibt.').waitFor();
    });
    await expect.poll(() => page.locator('.rcpt').count()).toBe(2);
    await lies(max, 'Sent', subject, 0);
    await lies(max, 'Drafts', subject, 1);
    await discard();
    await lies(max, 'Drafts', subject, 0);
  });

  it('can be taken back where its page is loaded anew or another is opened, as long as it waits; what goes later is not offered', async () => {
    const [subject, later] = [unique('Neu geladen'), letterOf(unique('Erst morgen'))];
    await setUndo(context, running, max, 30);
    try {
      await open();
      await writeNew(subject);
      await page.keyboard.type('Text, der bleibt.');
      await page.keyboard.press('Control+Enter');
      await lies(max, 'Sent', subject, 1);
      expect((await give(later, new Date(Date.now() + 86_400_000).toISOString())).status()).toBe(200);
      // half a minute for each page that is loaded, however slow the machine is
      const waitAnew = () =>
        sql(
          sharedDatabase(),
          `select reschedule_held(mailbox_id, queue_message, now() + interval '30 seconds') from outgoing_letter where letter->>'subject' = $1`,
          [subject],
        );
      await waitAnew();
      await page.reload();
      const offer = page.locator('.toast', { hasText: `Geht gleich hinaus: ${subject}` });
      await offer.waitFor();
      expect(await page.getByText(later.subject).count()).toBe(0);
      const kept = async () => {
        const seconds = 'select extract(epoch from release_at - now())::float8 as seconds from outgoing_letter where letter->>$1 = $2';
        return Number((await sql(sharedDatabase(), seconds, ['subject', subject]))[0]?.['seconds']);
      };
      const before = await kept();
      const shown = Number(await offer.locator('.ring').textContent());
      expect(shown).toBeLessThan(before + 3);
      expect(shown).toBeGreaterThan((await kept()) - 3);
      await waitAnew();
      await page.close();
      page = await openInbox(context, running);
      await takeBack(page, subject);
      await page.locator('.body-text').getByText('Text, der bleibt.').waitFor();
      await lies(max, 'Sent', subject, 0);
      await lies(max, 'Drafts', subject, 1);
      await discard();
      await page.reload();
      await page.locator('.row').first().waitFor();
      expect(await page.getByText(`Geht gleich hinaus: ${subject}`).count()).toBe(0);
    } finally {
      await setUndo(context, running, max, usualUndo);
      await ask('DELETE', 'held', { id: later.id });
    }
  });

  it.each([
    ['ahead', 60_000],
    ['behind', -60_000],
  ])('can be taken back for as long as it waits where the browser’s clock is a minute %s', async (_, offByMs) => {
    const subject = unique('Uhr geht falsch');
    await leavingAfter(30, async () => {
      const wrong = await withWrongClock(offByMs);
      const shown = await openInbox(wrong, running);
      await shown.keyboard.press('c');
      await shown.getByLabel('An', { exact: true }).fill(`${erika.address},`);
      await shown.getByLabel('Betreff', { exact: true }).fill(subject);
      await shown.getByText('Entwurf gespeichert').waitFor();
      const given = shown.waitForResponse((response) => response.url().endsWith('/api/mail/send'));
      await shown.keyboard.press('Control+Enter');
      await given;
      await lies(max, 'Sent', subject, 1);
      const left = Number(await shown.locator('.toast', { hasText: subject }).locator('.ring').textContent());
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(31);
      await takeBack(shown, subject);
      await lies(max, 'Drafts', subject, 1);
      await wrong.close();
    });
    await lies(max, 'Sent', subject, 0);
  });

  it('of the same letter twice at once sends it once', async () => {
    const letter = letterOf(unique('Doppelt'));
    const answers = await Promise.all([give(letter), give(letter), give(letter)]);
    expect(answers.map((answer) => answer.status())).toEqual([200, 200, 200]);
    await lies(erika, 'INBOX', letter.subject, 1);
    expect((await give(letter)).status()).toBe(200);
    expect(await uidsOf(running, max, 'Sent', letter.subject)).toHaveLength(1);
  });

  it('later keeps the letter in a folder of its own, where its time is changed and it is taken back', async () => {
    const subject = unique('Später');
    await open();
    await writeNew(subject);
    await page.keyboard.type('Bis morgen.');
    await page.getByRole('button', { name: 'Zeitpunkt wählen' }).click();
    await page.getByRole('menuitem', { name: /Morgen früh/ }).click();
    await page.getByText('Geplant für').waitFor();
    await lies(max, 'Geplant', subject, 1);
    await page.getByRole('link', { name: 'Geplant' }).click();
    await rowOf(page, subject).getByText('An: erika').waitFor();
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.msg.open.out').waitFor();
    const banner = page.locator('.held-banner');
    await banner.getByRole('button', { name: 'Zurücknehmen und bearbeiten' }).click();
    await page.locator('.body-text').getByText('Bis morgen.').waitFor();
    await lies(max, 'Geplant', subject, 0);
    await page.getByRole('button', { name: 'Zeitpunkt wählen' }).click();
    await page.getByRole('menuitem', { name: /Morgen früh/ }).click();
    await lies(max, 'Geplant', subject, 1);
    await rowOf(page, subject).locator('a.go').click();
    await banner.getByRole('button', { name: 'Jetzt senden' }).click();
    await lies(erika, 'INBOX', subject, 1);
    await lies(max, 'Sent', subject, 1);
    await lies(max, 'Geplant', subject, 0);
  });

  it('later is later by the server’s clock, whatever the browser’s says, and now is now', async () => {
    const subject = unique('Falsche Uhr');
    const wrong = await withWrongClock(-3 * 86_400_000);
    const shown = await openInbox(wrong, running);
    await shown.keyboard.press('c');
    await shown.getByLabel('An', { exact: true }).fill(`${erika.address},`);
    await shown.getByLabel('Betreff', { exact: true }).fill(subject);
    await shown.getByText('Entwurf gespeichert').waitFor();
    await shown.getByRole('button', { name: 'Zeitpunkt wählen' }).click();
    await shown.getByRole('menuitem', { name: /Morgen früh/ }).click();
    await shown.getByText('Geplant für').waitFor();
    await lies(max, 'Geplant', subject, 1);
    expect(await uidsOf(running, erika, 'INBOX', subject)).toEqual([]);
    await shown.goto(`${running.web}/mail/Geplant`);
    await rowOf(shown, subject).locator('a.go').click();
    await shown.locator('.held-banner').getByRole('button', { name: 'Jetzt senden' }).click();
    await lies(erika, 'INBOX', subject, 1);
    await wrong.close();
  });
});
