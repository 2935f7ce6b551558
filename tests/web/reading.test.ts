import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import de from '#lib/i18n/messages/de/mail.json' with { type: 'json' };
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sharedInstallation, switchSpamFilterOff } from '#tests/support/installation.ts';
import {
  axeFindings,
  deliver,
  demoLogins,
  launchBrowser,
  openInbox,
  rowOf,
  rows,
  signInToWebmail,
  uidsOf,
  unique,
  withLook,
  withMailbox,
} from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let max: RunningFile['demo'][number];
const errors: string[] = [];

const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');
const raw = (subject: string, rest: string): Promise<void> =>
  deliver(running, max.address, {
    subject,
    raw: crlf(`From: Petra <petra@extern.example>\nTo: ${max.address}\nSubject: ${subject}\n${rest}`),
  });
const uidOf = async (subject: string, folder = 'INBOX'): Promise<number> => (await uidsOf(running, max, folder, subject))[0] ?? 0;
const openLetter = async (subject: string, on = page): Promise<void> => {
  await on.goto(`${running.web}/mail/INBOX?m=${await uidOf(subject)}`);
  await on.locator('.msg.open').first().waitFor();
};
const begin = async (): Promise<void> => {
  page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
};
const frame = (on = page) => on.frameLocator('.msg.open iframe.mail-frame');

beforeAll(async () => {
  running = sharedInstallation();
  [max] = demoLogins(running);
  await switchSpamFilterOff();
  browser = await launchBrowser();
  context = await signInToWebmail(browser, running, max);
  await begin();
});
afterAll(() => browser?.close());
/** What a failed test left open or held up stands in the way of nobody. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await page.close();
  await begin();
});
afterEach(() => {
  expect(errors.splice(0)).toEqual([]);
});

describe('a search', () => {
  it('sends its words in no address, and is there again after a reload, and back and forward', async () => {
    const subject = unique('Geheimwort');
    await deliver(running, max.address, { subject });
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url(), request.headers()['referer'] ?? ''));
    await page.goto(`${running.web}/mail/INBOX`);
    await rowOf(page, subject).waitFor();
    await page.getByRole('searchbox').fill(`betreff:"${subject}"`);
    await page.keyboard.press('Enter');
    const hits = page.getByRole('heading', { name: '1 Treffer' });
    await hits.waitFor();
    await rowOf(page, subject).locator('a.go').click();
    await page.locator('.msg.open').waitFor();
    await page.reload();
    await hits.waitFor();
    await page.locator('.msg.open').waitFor();
    await page.goBack();
    await hits.waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Posteingang' }).waitFor();
    await page.goForward();
    await hits.waitFor();
    expect(addresses.filter((address) => address.includes('Geheimwort'))).toEqual([]);
  });

  it('names the words that it understands, until something is typed, and takes them from there', async () => {
    await page.goto(`${running.web}/mail/INBOX`);
    await rows(page).first().waitFor();
    const field = page.getByRole('searchbox');
    const word = (begin: string) => page.getByRole('list', { name: 'Wörter der Suche' }).getByRole('button', { name: begin });
    await field.click();
    await word('von:').click();
    expect(await field.inputValue()).toBe('von:');
    expect(await word('von:').isVisible()).toBe(false);
    await page.keyboard.type('niemand');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '0 Treffer' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Posteingang' }).waitFor();
    await field.click();
    await word('hat:anhang').click();
    await page.waitForURL((url) => url.hash === '#q=hat%3Aanhang');
    await page.getByRole('heading', { name: /Treffer/ }).waitFor();
  });

  it('of a bookmark that names its words to the server goes on without naming them', async () => {
    await page.goto(`${running.web}/mail/INBOX?q=Nirgendwo`);
    await page.waitForURL((url) => url.search === '' && url.hash === '#q=Nirgendwo');
    await page.getByRole('heading', { name: '0 Treffer' }).waitFor();
  });

  it('goes on when its reader jumps to the list', async () => {
    await page.goto(`${running.web}/mail/INBOX#q=Nirgendwo`);
    const none = page.getByRole('heading', { name: '0 Treffer' });
    await none.waitFor();
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('liste');
    await expect.poll(() => none.count()).toBe(1);
  });
});

describe('a conversation', () => {
  it('counts its letters in all folders, has a paper clip for each of them, and lies in more folders than one looks through', async () => {
    const subject = unique('Verteilt');
    const id = `<${randomUUID()}@extern.example>`;
    const folders = Array.from({ length: 45 }, (_, at) => `${subject} Büro ${String(at).padStart(2, '0')}`);
    await withMailbox(running, max, async (client) => {
      for (const folder of folders) await client.mailboxCreate(folder);
    });
    await raw(
      subject,
      `Message-ID: ${id}\nContent-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\nsiehe\n--q\nContent-Type: application/zip; name=a.zip\nContent-Disposition: attachment; filename=a.zip\n\nx\n--q--\n`,
    );
    for (const at of [1, 2])
      await raw(subject, `Message-ID: <${randomUUID()}@extern.example>\nIn-Reply-To: ${id}\nReferences: ${id}\n\nAntwort ${at}\n`);
    await eventually('three letters', async () => (await uidsOf(running, max, 'INBOX', subject)).length === 3);
    const [first, second] = await uidsOf(running, max, 'INBOX', subject);
    await withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageMove(String(second), folders.at(-1) ?? '', { uid: true });
    });
    await page.goto(`${running.web}/mail/INBOX`);
    const row = rowOf(page, subject);
    await row.waitFor();
    await expect.poll(() => row.locator('.n [aria-hidden]').innerText()).toBe('3');
    await expect.poll(() => row.getByText(de.list.hasAttachment).count()).toBe(1);
    await row.locator('a.go').click();
    // who opens it has read all three from now on
    await eventually('each unread letter to be shown', async () => (await page.locator('.msg.open .mail-body').count()) === 3);
    await withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageMove(String(first), 'Trash', { uid: true });
      for (const folder of folders.slice(0, -1)) await client.mailboxDelete(folder);
    });
    await page.goto(`${running.web}/mail/INBOX`);
    await expect.poll(() => rowOf(page, subject).locator('.n [aria-hidden]').innerText()).toBe('2');
  });

  it('that is very long says how many older letters there are, and loads them', async () => {
    const subject = unique('Lang');
    const id = `<${randomUUID()}@extern.example>`;
    await withMailbox(running, max, async (client) => {
      for (let at = 0; at < 205; at++) {
        const references = at === 0 ? `Message-ID: ${id}` : `Message-ID: <${at}-${id.slice(1)}\r\nReferences: ${id}`;
        await client.append('INBOX', `From: a@extern.example\r\nSubject: ${subject}\r\n${references}\r\n\r\nNummer ${at}\r\n`, ['\\Seen']);
      }
    });
    await page.goto(`${running.web}/mail/INBOX`);
    await rowOf(page, subject).locator('a.go').click();
    await page.getByRole('button', { name: '5 ältere Nachrichten laden' }).click();
    await eventually('all letters', async () => (await page.locator('.msg').count()) === 205);
    await withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete({ subject }, { uid: true });
    });
  });

  it('shows the labels that people, filters and other programs gave, and finds by them', async () => {
    const subject = unique('Etikett');
    await deliver(running, max.address, { subject });
    const uid = await uidOf(subject);
    await withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageFlagsAdd(String(uid), ['$label1', 'Steuer', 'NonJunk', '$MDNSent'], { uid: true });
    });
    await openLetter(subject);
    const labels = async (where: string) => (await page.locator(`${where} .label-chip .cut`).allInnerTexts()).join();
    for (const where of ['.subject', '.row.here']) await expect.poll(() => labels(where)).toBe('Wichtig,Steuer');
    expect(await axeFindings(page)).toEqual([]);
    await page.goto(`${running.web}/mail/INBOX#q=${encodeURIComponent(`schlagwort:wichtig "${subject}"`)}`);
    await page.getByRole('heading', { name: '1 Treffer' }).waitFor();
  });
});

describe('a letter', () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

  it.each(['light', 'dark'] as const)('has a quiet place with its words for a picture that is not loaded, in the %s', async (theme) => {
    const subject = unique('Bilder');
    await raw(
      subject,
      `Content-Type: text/html; charset=utf-8\n\n<p>Text</p><img src="https://cdn.example/a.png" width="300" height="100" alt="Zwanzig Prozent"><img src="https://cdn.example/b.png">`,
    );
    const look = await withLook(browser, context, running, { theme });
    const shown = await look.newPage();
    await openLetter(subject, shown);
    const place = frame(shown).getByRole('img', { name: 'Zwanzig Prozent' });
    await place.waitFor();
    expect(await frame(shown).locator('img:not([data-missing] img)').count()).toBe(0);
    expect(await place.evaluate((element) => [(element as HTMLElement).offsetWidth, (element as HTMLElement).offsetHeight])).toEqual([
      300, 100,
    ]);
    expect(await place.innerText()).toBe('Zwanzig Prozent');
    const [text, behind] = await place.evaluate((element) => {
      const style = getComputedStyle(element);
      return [style.color, style.backgroundColor];
    });
    expect(text).not.toBe(behind);
    await look.close();
  });

  it('leads a mailto link to a letter with all that it names, and "#top" to its beginning', async () => {
    const subject = unique('Mailto');
    await raw(
      subject,
      `Content-Type: text/html; charset=utf-8\n\n<a href="mailto:%22Falk%2C%20Petra%22%20%3Cinfo@x.example%3E?cc=b@x.example,c@x.example&amp;bcc=d@x.example&amp;subject=Gr%C3%BC%C3%9Fe&amp;body=Zeile%201%0D%0AZeile%20%3Cb%3E2">Schreiben</a>${'<p>x</p>'.repeat(100)}<a href="#top">nach oben</a>`,
    );
    await openLetter(subject);
    await frame().getByText('nach oben').click();
    await eventually('the beginning', () =>
      page
        .evaluate(() => document.querySelector('iframe.mail-frame')?.getBoundingClientRect().top ?? -1)
        .then((top) => top > 0 && top < 900),
    );
    await frame().getByText('Schreiben').click();
    await page.locator('.composer .rcpt').nth(3).waitFor();
    expect(await page.locator('.composer .rcpt').evaluateAll((chips) => chips.map((chip) => (chip as HTMLElement).title))).toEqual([
      'info@x.example',
      'b@x.example',
      'c@x.example',
      'd@x.example',
    ]);
    expect(await page.locator('.body-text').innerText()).toContain('Zeile <b>2');
    await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
    await page.locator('.composer').waitFor({ state: 'detached' });
  });

  it('shows a signature below a quotation that is folded, for what its writer wrote into it', async () => {
    const [subject, id] = [unique('Signatur'), `${randomUUID()}@extern.example`];
    await raw(subject, `Message-ID: <${id}>\nContent-Type: text/plain\n\nGeht es am Montag um zehn bei Ihnen in Wien?\n`);
    await eventually('the letter', async () => (await uidsOf(running, max, 'INBOX', subject)).length === 1);
    const quote = `<div class="moz-cite-prefix">Am 23.11.2026 um 10:00 schrieb Petra:</div><blockquote type="cite"><p>Geht es am Montag um zehn bei Ihnen in Wien?</p></blockquote>`;
    const answer = `<p>Hallo.</p>${quote}<pre class="moz-signature">-- \nPetra. Nein, doch nicht!</pre>`;
    await raw(
      `Re: ${subject}`,
      `Message-ID: <${randomUUID()}@extern.example>\nIn-Reply-To: <${id}>\nReferences: <${id}>\nContent-Type: text/html\n\n${answer}\n`,
    );
    await eventually('the answer', async () => (await uidsOf(running, max, 'INBOX', `Re: ${subject}`)).length === 1);
    await openLetter(`Re: ${subject}`);
    await page.getByRole('button', { name: de.read.showQuote }).last().waitFor();
    const of = page.frameLocator('.msg.open:has(button[aria-expanded]) iframe.mail-frame').last();
    await of.getByText('Nein, doch nicht!').waitFor();
    for (const hidden of ['schrieb Petra', 'Geht es am Montag']) expect(await of.getByText(hidden).isVisible()).toBe(false);
    await page.getByRole('button', { name: de.read.showQuote }).last().click();
    await of.getByText('Geht es am Montag').waitFor();
  });

  it('is printed with its pictures', async () => {
    const subject = unique('Druck');
    await raw(
      subject,
      `Content-Type: multipart/related; boundary=q\n\n--q\nContent-Type: text/html; charset=utf-8\n\n<p>Hier:</p><img src="cid:b1" width="300" height="300">\n--q\nContent-Type: image/png\nContent-ID: <b1>\nContent-Transfer-Encoding: base64\n\n${pixel}\n--q--\n`,
    );
    await openLetter(subject);
    await eventually('the picture', () =>
      frame()
        .locator('img')
        .evaluate((image) => (image as HTMLImageElement).naturalWidth === 16),
    );
    expect((await page.pdf()).includes('/Subtype /Image')).toBe(true);
  });

  it('is printed so that it can be read though browsers leave backgrounds out', async () => {
    const subject = unique('Papier');
    const cell = '<table><tr><td style="background:#1f4b8f"><a style="color:#fff">Weiß</a></td></tr></table>';
    const html = `${cell}<div style="background:#eee"><p style="color:#ccc">Blass</p></div><table><tr><td><p>Alles</p></td></tr></table>`;
    await raw(subject, `Content-Type: text/html; charset=utf-8\n\n${html}`);
    await openLetter(subject);
    await frame().getByText('Blass').waitFor();
    const seen = await page.evaluate(() => {
      window.dispatchEvent(new Event('beforeprint'));
      const letter = document.querySelector('.print-letter')?.shadowRoot;
      const [cell, link, box, pale, row, frame] = ['td', 'a', '.mail-page > div', 'p', 'tr', 'tr:has(p)'].map((one) =>
        getComputedStyle(letter?.querySelector(one) ?? document.body),
      );
      const found = [cell?.printColorAdjust, link?.color, box?.printColorAdjust, pale?.color, row?.breakInside, frame?.breakInside];
      window.dispatchEvent(new Event('afterprint'));
      return found;
    });
    expect(seen.slice(0, 3)).toEqual(['exact', 'rgb(255, 255, 255)', 'economy']);
    // a row that the whole letter stands in begins on the first page
    expect(seen.slice(4)).toEqual(['avoid', 'auto']);
    expect(Number(/\d+/.exec(seen[3] ?? '')?.[0])).toBeLessThan(125);
  });

  it('is printed whole, whatever its style sheet hides, cuts off or makes wider than paper', async () => {
    const subject = unique('Ganz');
    const style = '<style>html,body{visibility:hidden;height:100px;overflow:hidden}</style>';
    const html = `<html><head>${style}</head><body><div style="width:2400px"><p>${'Ein langer Satz. '.repeat(40)}</p></div><p>Ende</p></body></html>`;
    await raw(subject, `Content-Type: text/html; charset=utf-8\n\n${html}`);
    await openLetter(subject);
    await frame().getByText('Ende').waitFor();
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate(() => {
      window.dispatchEvent(new Event('beforeprint'));
      const paper = document.querySelector('.print-letter');
      const letter = paper?.shadowRoot?.querySelector('.mail-page');
      const { visibility, overflow } = getComputedStyle(letter ?? document.body);
      const found = { visibility, overflow, outgrows: paper === null || paper.scrollWidth > paper.clientWidth + 1 };
      window.dispatchEvent(new Event('afterprint'));
      return found;
    });
    await page.emulateMedia({ media: null });
    expect(printed).toEqual({ visibility: 'visible', overflow: 'visible', outgrows: false });
  });

  it('is printed with a picture in pieces as one', async () => {
    const subject = unique('Mosaik');
    const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
    const row = (height: number): string => `<tr><td><img src="${dot}" width="100" height="${height}" alt=""></td></tr>`;
    const html = `<table cellpadding="0" cellspacing="0">${row(30)}${row(1)}${row(8)}</table><table><tr><td>Zeile <img src="${dot}" width="4" height="4"></td></tr></table>`;
    await raw(subject, `Content-Type: text/html; charset=utf-8\n\n${html}`);
    await openLetter(subject);
    await frame().getByText('Zeile').waitFor();
    await page.emulateMedia({ media: 'print' });
    const heights = await page.evaluate(() => {
      window.dispatchEvent(new Event('beforeprint'));
      const tables = [...(document.querySelector('.print-letter')?.shadowRoot?.querySelectorAll('table') ?? [])];
      const found = tables.map((table) => table.getBoundingClientRect().height);
      window.dispatchEvent(new Event('afterprint'));
      return found;
    });
    await page.emulateMedia({ media: null });
    expect(heights[0]).toBe(39);
    expect(heights[1]).toBeGreaterThan(12);
  });

  it('is printed dark on white from the dark page too, with its sender and date once', async () => {
    const subject = unique('Nacht');
    await raw(subject, 'Content-Type: text/plain\n\nText auf Papier');
    await openLetter(subject);
    await page.locator('.msg.open .plain').getByText('Text auf Papier').waitFor();
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate(() => {
      const { documentElement: root } = document;
      const before = root.getAttribute('data-theme');
      root.setAttribute('data-theme', 'dark');
      const lightest = Math.max(
        ...['.subject h2', '.msg.open .plain', '.msg.open .trust'].map((one) => {
          const canvas = document.createElement('canvas').getContext('2d');
          if (!canvas) throw new Error('no canvas');
          canvas.fillStyle = getComputedStyle(document.querySelector(one) ?? document.body).color;
          canvas.fillRect(0, 0, 1, 1);
          return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
        }),
      );
      if (before === null) root.removeAttribute('data-theme');
      else root.setAttribute('data-theme', before);
      const seen = [...document.querySelectorAll<HTMLElement>('.msg.open .name, .msg.open time, .msg.open .print-head')];
      return { lightest, heads: seen.filter((one) => one.offsetParent !== null).map((one) => one.className) };
    });
    await page.emulateMedia({ media: null });
    expect(printed.lightest).toBeLessThan(140);
    expect(printed.heads).toEqual(['print-head']);
  });

  it('an answer whose original is too long to be quoted says so, and a forward brings the whole of it', async () => {
    const subject = unique('Lang');
    await raw(
      subject,
      `Content-Type: text/html; charset=utf-8\n\n<p>Anfang</p>${'<p>Eine Zeile von vielen.</p>\n'.repeat(80_000)}<p>Ende</p>`,
    );
    const [uid] = await uidsOf(running, max, 'INBOX', subject);
    const prepared = async (kind: string) => {
      const answer = await page.request.get(
        `${running.web}/api/mail/compose?${new URLSearchParams({ kind, folder: 'INBOX', uid: String(uid) })}`,
      );
      return (await answer.json()) as { html: string; blocks: { html: string }[]; uploads: { name: string }[] };
    };
    const reply = await prepared('reply');
    expect(reply.blocks[0]?.html).not.toContain('Ende');
    expect(reply.html).toContain(`[${de.quote.cut}]`);
    expect((await prepared('forward')).uploads.map(({ name }) => name)).toEqual([`${subject}.eml`]);
  });

  it('changes its colours with the setting for letters in the dark', async () => {
    const subject = unique('Dunkel');
    await raw(subject, `Content-Type: text/html; charset=utf-8\n\n<body style="background:#ffffff;color:#000000"><p>Text</p></body>`);
    const dark = await withLook(browser, context, running, { theme: 'dark' });
    const shown = await dark.newPage();
    const paper = async () => {
      await openLetter(subject, shown);
      return frame(shown)
        .locator('.mail-page')
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    };
    const choose = async (on: boolean) => {
      await shown.goto(`${running.web}/mail-settings`);
      const box = shown.locator('input[name=darkLetters]');
      await box.setChecked(on);
      await shown.locator('form', { has: box }).getByRole('button', { name: 'Speichern' }).click();
      await eventually('the setting', async () => {
        const answer = await dark.request.get(`${running.web}/api/mail/settings`);
        return ((await answer.json()) as { darkLetters: boolean }).darkLetters === on;
      });
    };
    // a try that failed may have left it off
    await choose(true);
    expect(await paper()).not.toBe('rgb(255, 255, 255)');
    await choose(false);
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await choose(true);
    expect(await paper()).not.toBe('rgb(255, 255, 255)');
    await dark.close();
  });
});

describe('files', () => {
  const pdf =
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R>>endobj 4 0 obj<</Length 40>>stream\n0.2 0.4 0.8 rg 20 200 200 150 re f      \nendstream endobj\ntrailer<</Root 1 0 R>>';
  const sound = (): Buffer => {
    const wav = Buffer.alloc(44 + 32_000, 128);
    wav.write('RIFF', 0);
    wav.writeUInt32LE(36 + 32_000, 4);
    wav.write('WAVEfmt ', 8);
    for (const [at, value] of [
      [16, 16],
      [24, 8000],
      [28, 8000],
      [40, 32_000],
    ] as const)
      wav.writeUInt32LE(value, at);
    for (const [at, value] of [
      [20, 1],
      [22, 1],
      [32, 1],
      [34, 8],
    ] as const)
      wav.writeUInt16LE(value, at);
    wav.write('data', 36);
    return wav;
  };
  const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\n');
  const part = (type: string, name: string, bytes: string | Buffer): string =>
    `--q\nContent-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${base64(bytes)}\n`;
  let subject: string;
  let uid: number;

  beforeAll(async () => {
    subject = unique('Dateien');
    const parts = [
      part('application/pdf', 'Plan.pdf', pdf),
      part('audio/x-wav', 'Ton.wav', sound()),
      part('audio/mpeg', 'Leer.mp3', 'kein Ton'),
    ];
    await raw(subject, `Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n\nsiehe\n${parts.join('')}--q--\n`);
    uid = await uidOf(subject);
  });

  const ask = (headers: Record<string, string>, method = 'GET') =>
    context.request.fetch(`${running.web}/api/mail/part?folder=INBOX&uid=${uid}&part=3&open=1`, { method, headers });

  it('are given in pieces to who asks for pieces', async () => {
    const whole = await ask({});
    expect([whole.status(), whole.headers()['accept-ranges'], await whole.body()]).toEqual([200, 'bytes', sound()]);
    const etag = whole.headers()['etag'] ?? '';
    expect(etag).toMatch(/^"[\w.-]+"$/);
    for (const [range, first, last] of [
      ['bytes=0-', 0, 32_043],
      ['bytes=100-30000', 100, 30_000],
      ['bytes=-44', 32_000, 32_043],
    ] as const) {
      const piece = await ask({ range, 'if-range': etag });
      expect([range, piece.status(), piece.headers()['content-range']]).toEqual([range, 206, `bytes ${first}-${last}/32044`]);
      expect(await piece.body()).toEqual(sound().subarray(first, last + 1));
    }
    const beyond = await ask({ range: 'bytes=32044-' });
    expect([beyond.status(), beyond.headers()['content-range']]).toEqual([416, 'bytes */32044']);
    const other = await ask({ range: 'bytes=0-9', 'if-range': '"anders"' });
    expect([other.status(), (await other.body()).length]).toEqual([200, 32_044]);
    const head = await ask({}, 'HEAD');
    expect([head.status(), head.headers()['etag'], (await head.body()).length]).toEqual([200, etag, 0]);
  });

  it('are shown small, heard and wound forward, and said to be of no use where they are', async () => {
    await openLetter(subject);
    const thumbnail = page.locator('.pdf-thumbnail canvas');
    await thumbnail.waitFor();
    const blue = await thumbnail.evaluate((canvas) => {
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, 40, 40).data ?? [];
      return Array.from(pixels).some((value, at) => at % 4 === 2 && value > 150 && (pixels[at - 2] ?? 255) < 100);
    });
    expect(blue).toBe(true);
    await page.locator('.att').filter({ hasText: 'Ton.wav' }).locator('.att-open').click();
    const audio = page.locator('.viewer audio');
    await eventually('the sound', () => audio.evaluate((element) => (element as HTMLAudioElement).readyState >= 2));
    await audio.evaluate((element) => {
      (element as HTMLAudioElement).currentTime = 3;
    });
    await eventually('the place', () =>
      audio.evaluate((element) => !(element as HTMLAudioElement).seeking && (element as HTMLAudioElement).currentTime === 3),
    );
    expect(await axeFindings(page)).toEqual([]);
    // in a tab of its own the browser asks for the pieces itself, and is signed in there too
    const tab = await context.newPage();
    // its goto never ends: the browser lets go of the answer, and plays the pieces
    tab.goto(`${running.web}/api/mail/part?folder=INBOX&uid=${uid}&part=3&open=1`).catch(() => undefined);
    const plays = () => tab.evaluate(() => document.querySelector('video')?.readyState ?? 0);
    await expect.poll(plays).toBeGreaterThanOrEqual(2);
    await tab.close();
    await page.locator('.viewer').press('ArrowRight');
    await page.getByText(de.read.viewer.failed).waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('pages', () => {
  it.each([1440, 390])('have nothing below the window, %i px wide', async (width) => {
    const look = await withLook(browser, context, running, { width });
    const shown = await look.newPage();
    for (const path of [
      '/mail',
      '/account',
      '/mail-settings',
      '/mail-settings/filters',
      '/panel/domains',
      '/panel/domains/muster.at',
      '/panel/mailboxes',
      '/panel/addresses',
      '/panel/audit',
    ]) {
      await shown.goto(running.web + path);
      await shown.locator('main').first().waitFor();
      const below = await shown.evaluate(() => {
        window.scrollTo(0, 1_000_000);
        return [
          window.scrollY,
          document.documentElement.scrollHeight - window.innerHeight,
          document.documentElement.scrollWidth - window.innerWidth,
        ];
      });
      expect([path, ...below]).toEqual([path, 0, 0, 0]);
    }
    await look.close();
  });

  it('lead to the field that is wrong', async () => {
    await page.goto(`${running.web}/panel/mailboxes`);
    const name = page.getByLabel('Name des neuen Postfachs');
    await name.fill('max');
    await name.press('Enter');
    await page.locator('.err').waitFor();
    await eventually('the field', () => name.evaluate((element) => element === document.activeElement));
    await page.locator('select[name=passwordKind]').selectOption('own');
    await name.fill(`neu${randomUUID().slice(0, 6)}`);
    await page.locator('input[name=password]').fill('kurz');
    await page.locator('input[name=password]').press('Enter');
    await eventually('the password', () =>
      page.evaluate(
        () => document.activeElement?.getAttribute('name') === 'password' && document.activeElement.getAttribute('aria-invalid') === 'true',
      ),
    );
  });

  it('keep each name of the bar on the phone in one line', async () => {
    const phone = await withLook(browser, context, running, { width: 390 });
    const shown = await phone.newPage();
    await shown.goto(`${running.web}/account`);
    const heights = await shown
      .locator('.pbar.bottom > :is(a, button) > span')
      .evaluateAll((names) => names.map((name) => (name as HTMLElement).offsetHeight));
    expect(new Set(heights).size).toBe(1);
    expect(await axeFindings(shown)).toEqual([]);
    await phone.close();
  });

  it('say times as the clock of their reader does', async () => {
    const away = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Tokyo', storageState: await context.storageState() });
    await away.clearCookies({ name: 'zone' });
    await away.addCookies([{ name: 'locale', value: 'en', url: running.web }]);
    const shown = await away.newPage();
    await shown.goto(`${running.web}/panel/audit`);
    await eventually('the zone', async () => (await away.cookies()).some(({ name, value }) => name === 'zone' && value === 'Asia%2FTokyo'));
    const day = (at: number) =>
      shown.getByText(new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', dateStyle: 'medium' }).format(at));
    // midnight may have come since the latest entry
    await day(Date.now())
      .or(day(Date.now() - 3_600_000))
      .first()
      .waitFor();
    await away.close();
  });
});

it('the inbox is there for keys and for the eye as it was', async () => {
  const shown = await openInbox(context, running);
  await rows(shown).first().waitFor();
  expect(await axeFindings(shown)).toEqual([]);
  await shown.close();
});
