import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { deliver, launchBrowser, painted, rowOf, signInToWebmail, withMailbox } from '../support/webmail.ts';

/**
 * How long large letters take to open: from the click on their row until their text stands on the page and was painted, not fetched ahead. Each is
 * opened once and is unlike the one before it: nothing of it was fetched, read or built by then. By the driver's clock, which asks at 20, 70, 170
 * and 270 ms whether the text is there; and by the page's own, from the press to the paint. Run it against a running installation of its own with the
 * demo mailboxes:
 *   node tests/bench/letters.ts DATA/running.json
 */

const rounds = 9;
const letters = [
  { name: 'newsletter of 100 KB', bytes: 100_000, most: 200 },
  { name: 'newsletter of 2 MB', bytes: 2_000_000, most: 500 },
] as const;

/**
 * A newsletter as builders write them: nested tables, everything styled twice, a picture and a link to each thing. The colours and things of one
 * issue are those of no other.
 */
function newsletter(bytes: number, issue: number): string {
  const colour = `#${(0x0b3d68 + issue * 0x050301).toString(16).padStart(6, '0')}`;
  const head = `<!doctype html><html><head><meta charset="utf-8"><style>.w{width:600px}.t{font-family:Arial,sans-serif;color:#222}@media(max-width:600px){.w{width:100%!important}.hide{display:none!important}}</style></head><body style="margin:0;background:#eef1f4" bgcolor="#eef1f4"><table width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center"><table class="w" width="600" style="background-color:#ffffff"><tr><td><h1 class="t">Angebote der Woche ${issue}</h1></td></tr></table>`;
  const item = (at: number): string =>
    `<table class="w" width="600" cellpadding="0" cellspacing="0" border="0" style="background-color:#ffffff;border-bottom:1px solid #d8dde3"><tr><td width="180" style="padding:12px" valign="top"><a href="https://shop.example/artikel/${issue}-${at}?utm_source=nl" style="text-decoration:none"><img src="https://bilder.example/${issue}/${at}.jpg" width="160" height="120" alt="Artikel ${at}" style="display:block;border:0"></a></td><td style="padding:12px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px;color:#333333" valign="top"><p class="t" style="margin:0 0 8px;font-size:18px;color:${colour}"><b>Artikel ${at}, in guter Ausführung</b></p><p style="margin:0 0 8px">Ein Stück für Haus und Garten, das lange hält und sich leicht reinigen lässt. Lieferung in drei Werktagen.</p><table cellpadding="0" cellspacing="0"><tr><td style="background-color:#c8102e;padding:8px 14px;color:#ffffff"><a href="https://shop.example/kaufen/${at}" style="color:#ffffff;text-decoration:none">Jetzt um ${at} Euro</a></td></tr></table></td></tr></table>`;
  const out = [head];
  for (let length = head.length, at = 0; length < bytes; at++) {
    const next = item(at);
    out.push(next);
    length += next.length;
  }
  out.push('</td></tr></table></body></html>');
  return out.join('\n');
}

/** The page fetches its first four conversations ahead: when it has, the click is measured alone. */
function fetchedAhead(page: Page): Promise<void> {
  let left = 4;
  return new Promise((resolve) => {
    page.on('requestfinished', (request) => {
      if (request.url().includes('/api/mail/conversation') && --left === 0) resolve();
    });
  });
}

/** By the page's own clock: from the press on a row until the words of the letter were painted. */
const opened = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let pressed = 0;
        const look = (): void => {
          const letter = document.querySelector<HTMLIFrameElement>('.msg.open iframe')?.contentDocument?.querySelector('h1');
          // the frame after the one that drew it
          requestAnimationFrame(letter ? () => resolve(performance.now() - pressed) : look);
        };
        document.addEventListener(
          'pointerdown',
          (event) => {
            pressed = event.timeStamp;
            requestAnimationFrame(look);
          },
          { capture: true, once: true },
        );
      }),
  );

async function measure(running: RunningFile): Promise<void> {
  const [login] = running.demo;
  if (!login) throw new Error('the installation has no demo mailboxes');
  const stamp = Date.now().toString(36);
  const browser = await launchBrowser();
  try {
    const context = await signInToWebmail(browser, running, login);
    for (const { name, bytes, most } of letters) {
      const times: number[] = [];
      const own: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const subject = `${name} ${stamp} ${round}`;
        await deliver(running, login.address, { subject, html: newsletter(bytes, round) });
        // so many that the page does not fetch the large one ahead
        for (let at = 0; at < 5; at++) await deliver(running, login.address, { subject: `Klein ${stamp} ${bytes} ${round} ${at}` });
        const page = await context.newPage();
        const quiet = fetchedAhead(page);
        await page.goto(`${running.web}/mail/INBOX`);
        const row = rowOf(page, subject).locator('a.go');
        await row.waitFor();
        await quiet;
        const byPage = opened(page);
        // the page listens before it is clicked
        await page.evaluate(() => undefined);
        const from = performance.now();
        await row.click();
        await page.frameLocator('.msg.open iframe').getByText(`Angebote der Woche ${round}`).waitFor();
        await painted(page);
        // the first one warms up what is started once
        const took = performance.now() - from;
        const tookByPage = await byPage;
        if (round > 0) {
          times.push(took);
          own.push(tookByPage);
        }
        await page.close();
      }
      for (const [clock, measured] of [
        ['driver', times],
        ['page', own],
      ] as const) {
        const sorted = measured.toSorted((a, b) => a - b);
        const median = sorted[sorted.length >> 1] ?? Number.NaN;
        const range = `${sorted[0]?.toFixed(0)}–${sorted.at(-1)?.toFixed(0)}`;
        const verdict = `${median < most ? 'below' : 'NOT below'} ${most} ms`;
        process.stdout.write(`${name}, by the clock of the ${clock}: ${median.toFixed(0)} ms (${range}), ${verdict}\n`);
      }
    }
  } finally {
    await browser.close();
    await withMailbox(running, login, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete({ subject: stamp }, { uid: true });
    });
  }
}

const [file] = process.argv.slice(2);
if (!file) throw new Error('the path of running.json is missing');
await measure(JSON.parse(readFileSync(file, 'utf8')) as RunningFile);
