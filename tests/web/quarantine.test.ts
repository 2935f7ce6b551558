import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sharedDatabase, sharedInstallation } from '#tests/support/installation.ts';
import { sql } from '#tests/support/passwords.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';
import {
  axeFindings,
  demoLogins,
  launchBrowser,
  openInbox,
  rowOf,
  signInToWebmail,
  uidsOf,
  unique,
  withLook,
} from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let german: BrowserContext;
let english: BrowserContext;
let max: RunningFile['demo'][number];
let erika: RunningFile['demo'][number];
const errors: string[] = [];
const pages: Page[] = [];

const open = async (path: string, context = german): Promise<Page> => {
  const page = await context.newPage();
  pages.push(page);
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${running.web}${path}`);
  return page;
};
async function send(to: string, subject: string, rest: string): Promise<void> {
  const client = await SmtpClient.open(running.ports.smtp, { greeting: 'EHLO extern.example' });
  const head = `From: Hans Huber <hans@extern.example>\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${randomUUID()}@extern.example>\r\n`;
  expect(await client.send('hans@extern.example', [to], head + rest)).toMatch(/^250 /);
  client.close();
}
const program = (name: string): string =>
  `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n<b onclick=x()>Anbei</b>\r\n--b\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAAEAAAA\r\n--b--\r\n`;
const lies = (login: typeof max, subject: string, count = 1) =>
  eventually(`"${subject}" in the inbox`, async () => (await uidsOf(running, login, 'INBOX', subject)).length === count);

beforeAll(async () => {
  running = sharedInstallation();
  [max, erika] = demoLogins(running);
  browser = await launchBrowser();
  german = await signInToWebmail(browser, running, max);
  english = await withLook(browser, german, running, { locale: 'en', theme: 'dark' });
});
afterAll(async () => {
  await sql(sharedDatabase(), 'update customer set quarantines_programs = false');
  await sql(sharedDatabase(), 'delete from withheld_letter');
  await sql(sharedDatabase(), `delete from address where address like 'verein%'`);
  await browser?.close();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  expect(errors.splice(0)).toEqual([]);
});

describe('the quarantine', () => {
  it('is switched on, keeps a letter with a program, and gives it back into the inbox, marked', async () => {
    const page = await open('/panel/quarantine');
    await page.getByLabel('Programme im Anhang').selectOption({ label: 'In Quarantäne' });
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert').waitFor();
    const subject = unique('Rechnung');
    await send(erika.address, subject, program('Rechnung.pdf.exe'));
    const dropped = unique('Weg damit');
    await send(erika.address, dropped, program('weg.scr'));
    await page.reload();
    const item = page.getByRole('listitem', { name: subject });
    await item.getByText('Rechnung.pdf.exe').waitFor();
    // what a stranger wrote is text
    await expect.poll(() => item.getByText('<b onclick=x()>Anbei</b>').count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await item.getByRole('button', { name: 'Freigeben' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Freigeben' }).click();
    await page.getByText('Freigegeben. Sie kommt in den Posteingang.').waitFor();
    await lies(erika, subject);
    const other = await open('/panel/quarantine', english);
    await other.getByRole('listitem', { name: dropped }).getByRole('button', { name: 'Delete' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await other.getByText('Deleted.').waitFor();
    await other.getByRole('listitem', { name: dropped }).waitFor({ state: 'detached' });
    expect(await uidsOf(running, erika, 'INBOX', dropped)).toEqual([]);
    const her = await signInToWebmail(browser, running, erika);
    const inbox = await openInbox(her, running);
    pages.push(inbox);
    await rowOf(inbox, subject).click();
    await inbox.getByText('War in Quarantäne und wurde freigegeben. Im Anhang ist ein Programm: Rechnung.pdf.exe').waitFor();
  });
});

describe('a moderated group', () => {
  it('lets its moderator release a stranger’s letter on a page of his own settings', async () => {
    const name = `verein${randomUUID().slice(0, 6)}`;
    const page = await open('/panel/addresses');
    const create = page.getByRole('button', { name: 'Neue Adresse' });
    if ((await create.count()) > 0) await create.click();
    await page.getByText('Gruppe', { exact: true }).first().click();
    await page.getByLabel('Name der neuen Adresse').fill(name);
    await page.getByLabel('Mitglieder').fill(erika.address);
    await page.getByLabel('Wer an die Gruppe schreiben darf').selectOption({ label: 'Nur Mitglieder' });
    await page.getByLabel('Freigabe').selectOption('others');
    await page.getByLabel('Wer freigibt').fill('niemand@fremd.example');
    await page.getByRole('button', { name: 'Anlegen' }).click();
    await page.getByText('PA-ADR-14').waitFor();
    await page.getByLabel('Wer freigibt').fill(max.address);
    await page.getByRole('button', { name: 'Anlegen' }).click();
    await page.getByText(`${name}@muster.at ist angelegt.`).first().waitFor();
    const subject = unique('Darf ich kommen');
    await send(`${name}@muster.at`, subject, '\r\nIst am Dienstag noch Platz?\r\n');
    await lies(max, `Freigabe nötig: ${subject}`.slice(0, 40));
    expect(await uidsOf(running, erika, 'INBOX', subject)).toEqual([]);
    const mine = await open('/mail-settings/moderation', english);
    const item = mine.getByRole('listitem', { name: subject });
    await item.getByText('Ist am Dienstag noch Platz?').waitFor();
    expect(await axeFindings(mine)).toEqual([]);
    await item.getByRole('button', { name: 'Release' }).click();
    await mine.getByText('Released. It goes to the group.').waitFor();
    await lies(erika, subject);
    await mine.getByText('Nothing is waiting for your approval.').waitFor();
  });
});
