// Pictures of the letters in tests/fixtures/letters/gallery for docs/screenshots/letters, from a running installation with a demo mailbox:
// `node tests/web/letter-gallery.ts [running.json] [directory] [only names that contain this]`.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { deliver, launchBrowser, type Look, signInToWebmail, withLook, withMailbox } from '#tests/support/webmail.ts';

const running = JSON.parse(readFileSync(process.argv[2] ?? '.data/running.json', 'utf8')) as RunningFile;
const directory = process.argv[3] ?? 'docs/screenshots/letters';
const only = process.argv[4] ?? '';
const letters = join(import.meta.dirname, '../fixtures/letters/gallery');
mkdirSync(directory, { recursive: true });

const looks: Record<string, Look> = {
  light: { width: 1100, theme: 'light', locale: 'de' },
  dark: { width: 1100, theme: 'dark', locale: 'en' },
  phone: { width: 390, theme: 'light', locale: 'de' },
};

const reader = running.demo[0];
if (!reader) throw new Error('the installation has no demo mailbox: start it with POSTAMT_DEMO=1');
const names = readdirSync(letters).filter((name) => name.endsWith('.eml') && name.includes(only));
const places = new Map<string, string>();
for (const name of names) {
  const raw = readFileSync(join(letters, name));
  const id = /^Message-ID: (.*)$/m.exec(raw.toString('latin1'))?.[1]?.trim() ?? '';
  // the spam filter has its say too
  const find = () =>
    withMailbox(running, reader, async (client) => {
      for (const folder of ['INBOX', 'Junk']) {
        await client.mailboxOpen(folder, { readOnly: true });
        const uid = ((await client.search({ header: { 'message-id': id } }, { uid: true })) || []).at(-1);
        if (uid !== undefined) return `${folder}?m=${uid}`;
      }
      return undefined;
    });
  const there = await find();
  if (there === undefined) await deliver(running, reader.address, { subject: name, raw });
  const place = there ?? (await find());
  if (place !== undefined) places.set(name, place);
}
const browser = await launchBrowser();
const signedIn = await signInToWebmail(browser, running, reader);
for (const [look, settings] of Object.entries(looks)) {
  const context = await withLook(browser, signedIn, running, settings);
  const page = await context.newPage();
  page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
  for (const [name, place] of places) {
    await page.goto(`${running.web}/mail/${place}`);
    await page.locator('.msg.open .mail-body').first().waitFor({ state: 'attached' });
    // pictures, fonts and the height of the frame settle
    await page.waitForTimeout(500);
    const path = join(directory, `${name.replace('.eml', '')}-${look}.jpg`);
    await page.locator(settings.width === 390 ? '.read' : '.read-scroll').screenshot({ path, type: 'jpeg', quality: 62 });
  }
  await context.close();
}
await browser.close();
