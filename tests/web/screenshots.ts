// Pictures for docs/screenshots from a running installation: `node tests/web/screenshots.ts [running.json] [directory]`.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { launchBrowser } from '#tests/support/webmail.ts';

const running = JSON.parse(readFileSync(process.argv[2] ?? '.data/running.json', 'utf8')) as RunningFile;
const directory = process.argv[3] ?? 'docs/screenshots';
mkdirSync(directory, { recursive: true });

interface Look {
  language: 'de' | 'en';
  theme: 'light' | 'dark';
  width: number;
}

const looks: Look[] = [
  { language: 'de', theme: 'light', width: 1440 },
  { language: 'en', theme: 'light', width: 1440 },
  { language: 'de', theme: 'dark', width: 1440 },
  { language: 'de', theme: 'light', width: 1024 },
  { language: 'de', theme: 'light', width: 390 },
  { language: 'en', theme: 'dark', width: 390 },
];

async function picture(page: Page, name: string, look: Look): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined); // the webmail's event stream never ends
  await page.waitForTimeout(900);
  await page.screenshot({ path: join(directory, `${name}-${look.language}-${look.theme}-${look.width}.png`) });
}

async function shoot(browser: Browser, look: Look): Promise<void> {
  const demo = running.demo?.[0];
  if (!demo) throw new Error('the installation has no demo mailbox: start it with POSTAMT_DEMO=1');
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width < 500 ? 844 : 940 },
    locale: look.language === 'de' ? 'de-AT' : 'en-GB',
    timezoneId: 'Europe/Vienna',
    colorScheme: look.theme,
    hasTouch: look.width < 500,
  });
  await context.addCookies([{ name: 'locale', value: look.language, url: running.web }]);
  const page = await context.newPage();
  await page.goto(`${running.web}/sign-in`);
  await picture(page, 'sign-in', look);
  await page.locator('input[name=address], input[type=email]').first().fill(demo.address);
  await page.locator('input[type=password]').fill(demo.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/mail/);
  await page.waitForSelector('.row');
  await picture(page, 'webmail', look);
  await page.locator('.row a.go').first().click();
  await picture(page, 'message', look);
  if (look.width < 500) await page.goto(`${running.web}/mail`);
  else await page.keyboard.press('c');
  if (look.width < 500) await page.locator('.fab').click();
  await page.waitForSelector('.composer');
  await picture(page, 'compose', look);
  for (const [name, path] of [
    ['domains', '/panel/domains'],
    ['domain', '/panel/domains/muster.at'],
    ['mailboxes', '/panel/mailboxes'],
    ['help', '/help'],
  ] as const) {
    await page.goto(running.web + path);
    await picture(page, name, look);
  }
  await context.close();
}

const browser = await launchBrowser();
for (const look of looks) await shoot(browser, look);
await browser.close();
