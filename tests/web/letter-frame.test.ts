import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sharedInstallation, switchSpamFilterOff } from '#tests/support/installation.ts';
import { deliver, demoLogins, launchBrowser, rowOf, signInToWebmail, uidsOf, unique, withLook } from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let signedIn: BrowserContext;
let max: RunningFile['demo'][number];

beforeAll(async () => {
  running = sharedInstallation();
  [max] = demoLogins(running);
  await switchSpamFilterOff();
  browser = await launchBrowser();
  signedIn = await signInToWebmail(browser, running, max);
});
afterAll(() => browser?.close());

describe.each([
  { locale: 'de' as const, theme: 'light' as const, width: 1440 },
  { locale: 'en' as const, theme: 'dark' as const, width: 390 },
])('HTML in its frame in $locale, $theme, $width px', (look) => {
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    context = await withLook(browser, signedIn, running, look);
    page = await context.newPage();
  });
  afterAll(() => context?.close());

  const frame = () => page.locator('.msg.open').frameLocator('iframe.mail-frame');
  const open = async (html: string): Promise<number | undefined> => {
    const subject = unique('Rahmen');
    await deliver(running, max.address, { subject, html });
    const [uid] = await uidsOf(running, max, 'INBOX', subject);
    await page.goto(`${running.web}/mail/INBOX?m=${uid}`);
    return uid;
  };
  const colourOf = (words: string) =>
    frame()
      .getByText(words, { exact: true })
      .evaluate((element) => getComputedStyle(element).color);

  it('a letter whose frame nobody answered for stands there when somebody does', async () => {
    let asked = 0;
    await page.route('**/api/mail/frame*', (route) => (asked++ < 2 ? route.abort() : route.continue()));
    await open('<p>Nach der Störung</p>');
    await frame().getByText('Nach der Störung').waitFor({ timeout: 20_000 });
    expect(asked).toBeGreaterThan(2);
    await page.unroute('**/api/mail/frame*');
  });

  it('a letter of many pieces is what it would be in one: the same elements, its hints, its colours, its end', async () => {
    const item = (at: number): string =>
      `<table width="600"><tr><td><p>Absatz ${at} &amp; mehr<td><b>fett<i>beides</b>schräg</i> <a href="https://x.example/${at}">Weiter</a>`;
    const items = Array.from({ length: 1500 }, (_, at) => item(at)).join('</table>');
    const html = `<div style="background:#fff;color:#fefefe">${items}</table><a href="https://evil.example/">www.bank.example</a><p>Ganz am Ende</p></div>`;
    const uid = await open(html);
    await frame().getByText('Ganz am Ende').waitFor();
    await frame().getByText('evil.example').waitFor();
    await eventually('all of it to be read', async () => (await colourOf('Ganz am Ende')) !== 'rgb(254, 254, 254)');
    const answer = await context.request.get(`${running.web}/api/mail/message?folder=INBOX&uid=${uid}&images=blocked`);
    expect(answer.headers()['content-encoding'], 'packed on its way').toBe('gzip');
    const { body: sent } = (await answer.json()) as { body: { html: string } };
    const [poured, whole] = await frame()
      .locator('body')
      .evaluate((body, given) => {
        const inOne = body.ownerDocument.implementation.createHTMLDocument().body;
        inOne.innerHTML = given;
        const shape = (root: Element): string =>
          [...root.querySelectorAll(':not(small)')].map((one) => `${one.tagName} in ${one.parentElement?.tagName}`).join('\n');
        return [shape(body), shape(inOne)];
      }, sent.html);
    expect(poured === whole).toBe(true);
    await expect.poll(() => frame().locator('table').count()).toBe(1500);
    await expect.poll(() => frame().getByText('schräg').count()).toBe(1500);
    const missing = async (): Promise<number> => {
      const height = await page.locator('iframe.mail-frame').evaluate((element) => element.clientHeight);
      const needed = await frame()
        .locator('body')
        .evaluate((body) => body.scrollHeight);
      return Math.abs(height - needed);
    };
    await expect.poll(missing).toBeLessThan(3);
  });

  it.runIf(look.width < 480)('a picture beside long words keeps some of its width, and never more than its own', async () => {
    const picture = (width: number) =>
      `<td><img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" width="${width}" height="60"></td>`;
    const words = '<td>https://www.beispiel.example/ein/sehr/langer/pfad/ohne/ende/und/noch/viel/mehr/davon/hier</td>';
    await open(`<table width="600"><tr>${picture(120)}${words}</tr><tr>${picture(20)}${words}</tr></table>`);
    await frame().locator('img').nth(1).waitFor();
    const widths = await frame()
      .locator('img')
      .evaluateAll((images) => images.map((image) => image.clientWidth));
    expect(widths[0]).toBeGreaterThan(35);
    expect(widths[1]).toBe(20);
  });

  it('a letter is put into the frame that was loaded ahead, and the next one into another', async () => {
    const [first = '', second = ''] = ['Erster', 'Zweiter'].map(unique);
    for (const subject of [first, second])
      await deliver(running, max.address, { subject, html: `<style>p{color:#123}</style><p>${subject} ist da` });
    await page.goto(`${running.web}/mail/INBOX`);
    const ready = () =>
      page.locator('body > iframe').evaluateAll((frames) => {
        const [one] = frames as HTMLIFrameElement[];
        const isReady = frames.length === 1 && one?.contentDocument?.readyState === 'complete' && one.contentDocument.fonts.size > 0;
        if (isReady) one.dataset['ahead'] = String(document.querySelectorAll('.msg.open').length);
        return isReady;
      });
    await eventually('a frame to be loaded ahead', ready);
    await rowOf(page, first).locator('a.go').click();
    await frame().getByText(`${first} ist da`).waitFor();
    expect(await page.locator('.msg.open iframe.mail-frame').getAttribute('data-ahead')).toBe('0');
    await eventually('the next frame to be loaded', ready);
    await page.goBack();
    await rowOf(page, second).locator('a.go').click();
    await frame().getByText(`${second} ist da`).waitFor();
    expect(await page.locator('.msg.open iframe.mail-frame').getAttribute('data-ahead')).toBe('1');
    expect(await frame().getByText(first).count()).toBe(0);
  });

  it('no words are cut off by a box that is too low, nor laid over each other', async () => {
    await open(
      '<style>.box{height:40px;overflow:hidden}</style><div class="box"><p>Erste Zeile</p><p>Zweite Zeile</p><p>Dritte Zeile</p></div>' +
        `<p style="line-height:1px">${'Viele Wörter in einem Absatz. '.repeat(20)}</p><p>Danach</p><div style="max-height:0;overflow:hidden">Vorschau</div>`,
    );
    const third = frame().getByText('Dritte Zeile');
    const below = frame().getByText('Danach');
    await eventually('a box as high as its words', async () => {
      const [one, other] = [await third.boundingBox(), await below.boundingBox()];
      return one !== null && other !== null && one.y + one.height <= other.y;
    });
    const lines = await frame()
      .getByText('Viele Wörter')
      .evaluate((element) => Number.parseFloat(getComputedStyle(element).lineHeight) || 20);
    expect(lines).toBeGreaterThan(12);
    const hidden = await frame()
      .getByText('Vorschau')
      .evaluate((element) => element.clientHeight);
    expect(hidden).toBe(0);
  });

  it('a picture alone in a cell is as high as itself', async () => {
    const pixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
    const row = `<tr><td><img src="${pixel}" width="100" height="8" alt=""></td></tr>`;
    await open(`<table cellpadding="0" cellspacing="0">${row.repeat(3)}</table><p>Text</p>`);
    const table = frame().locator('table');
    await table.waitFor();
    expect((await table.boundingBox())?.height).toBe(24);
  });

  it('what was made for a wider window fits into a narrow one, and nothing becomes smaller than it must', async () => {
    const picture = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
    await open(
      '<style>.box{width:600px;padding:30px}.full{width:100%;padding:20px}.row{display:table}.row td{width:700px!important;min-width:700px}</style><body style="width:100%;background:#eee">' +
        `<table><tr><td style="width:600px"><img src="${picture}" width="600" height="40" alt="Bild" style="display:block;width:100%"></td></tr></table>` +
        '<div class="row"><table><tr><td>Spalte</td></tr></table></div><div class="box">Kasten</div><div class="full">Ganz breit</div><p style="width:500px;padding:0 15px">Absatz</p></body>',
    );
    await frame().getByText('Absatz').waitFor();
    const [room, needed] = await frame()
      .locator('body')
      .evaluate((body) => [body.clientWidth, body.scrollWidth]);
    expect(needed).toBe(room);
    expect((await frame().getByAltText('Bild').boundingBox())?.width).toBeGreaterThan(Math.min(580, (room ?? 0) - 30));
  });

  it('a style sheet says more than attributes of old HTML', async () => {
    await open(
      '<style>body{background:#ffe0b2}.zelle{background-color:#1b5e20}.wort{color:#fff}</style>' +
        '<body bgcolor="#000000"><table><tr><td class="zelle" bgcolor="#ffffff"><font class="wort" color="#000000">Grün</font></td>' +
        '<td bgcolor="#b71c1c"><font color="#ffffff">Rot</font></td></tr></table></body>',
    );
    await frame().getByText('Grün').waitFor();
    const grounds = await frame()
      .locator('.mail-page, td')
      .evaluateAll((elements) => elements.map((element) => (getComputedStyle(element).backgroundColor.match(/\d+/g) ?? []).map(Number)));
    const [page = [], green = [], red = []] = grounds;
    expect([page[0], page[2]].map(Number)).toSatisfy(([r = 0, b = 0]: number[]) => r > b);
    expect(Math.max(...green)).toBe(green[1]);
    expect(Math.max(...red)).toBe(red[0]);
    expect(await colourOf('Rot')).not.toBe('rgb(0, 0, 0)');
  });

  it('a button that stood out stands out in the dark too, with all that it is made of, and a dark letter stays dark', async () => {
    const button = (words: string): string =>
      `<table><tr><td style="background:#0a0a0a;border-radius:4px"><a href="https://a.example/" style="background:#0a0a0a;color:#fff;padding:8px">${words}</a></td></tr></table>`;
    const groundsOf = (words: string): Promise<number[]> =>
      frame()
        .getByText(words, { exact: true })
        .evaluate((link) => {
          const light = (element: Element | null): number =>
            Math.max(...(getComputedStyle(element ?? link).backgroundColor.match(/\d+/g) ?? []).slice(0, 3).map(Number));
          return [light(link), light(link.closest('td'))];
        });
    await open(`<body bgcolor="#ffffff"><p>${'Guten Tag. '.repeat(60)}</p>${button('Jetzt bestellen')}</body>`);
    await frame().getByText('Jetzt bestellen').waitFor();
    const [link = 0, cell = 0] = await groundsOf('Jetzt bestellen');
    expect(link).toBe(cell);
    if (look.theme === 'light') expect(link).toBe(10);
    else expect(link).toBeGreaterThan(50);
    await open(`<body bgcolor="#0a0a0a" text="#ffffff"><p>${'Guten Abend. '.repeat(60)}</p><p>Ende</p></body>`);
    await frame().getByText('Ende').waitFor();
    const page = await frame()
      .locator('.mail-page')
      .evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(page).toMatch(/^rgb\(1\d, 1\d, 1\d\)$/);
  });

  it('keeps what was corrected in it when the page around it is drawn anew', async () => {
    await open('<div style="background:#fff"><p style="color:#fefefe">Fast weiß</p></div>');
    await frame().getByText('Fast weiß').waitFor();
    const [other, title] = look.locale === 'de' ? ['en', 'Text of the message'] : ['de', 'Text der Nachricht'];
    await context.addCookies([{ name: 'locale', value: other, url: running.web }]);
    // as another window of this browser tells it
    await page.evaluate(() => new BroadcastChannel('postamt.chosen').postMessage(null));
    await page.locator(`iframe.mail-frame[title^="${title}"]`).waitFor();
    expect(await colourOf('Fast weiß')).not.toBe('rgb(254, 254, 254)');
    await context.addCookies([{ name: 'locale', value: look.locale, url: running.web }]);
  });

  it('makes room for what stands left of the letter, as bullets of Word do', async () => {
    await open('<p style="text-indent:-18pt"><span>·&nbsp;&nbsp;</span>Erster Punkt</p>');
    await frame().getByText('Erster Punkt').waitFor();
    await eventually(
      'the bullet to be seen',
      async () =>
        ((await frame().getByText('·').boundingBox())?.x ?? -1) >=
        ((await page.locator('.msg.open iframe.mail-frame').boundingBox())?.x ?? 0),
    );
  });

  it('a letter that asks how high the window is keeps its height', async () => {
    await open(
      '<style>@media (max-height:500px){p{padding-bottom:900px}}@media (orientation:landscape){p{padding-top:700px}}</style><p>Ihr Code: 12</p>',
    );
    await frame().getByText('Ihr Code').waitFor();
    const height = (): Promise<number> => page.locator('iframe.mail-frame').evaluate((element) => element.clientHeight);
    await eventually('a frame as low as its letter', async () => (await height()) < 300);
  });
});
