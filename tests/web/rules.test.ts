import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import { isInstalled, runProgram, temporaryDirectory } from '#tests/clients/program.ts';
import { eventually } from '#tests/support/eventually.ts';
import { sharedDatabase, sharedInstallation } from '#tests/support/installation.ts';
import { hydrated } from '#tests/support/prepare-pages.ts';
import { sql } from '#tests/support/passwords.ts';
import {
  axeFindings,
  deliver,
  demoLogins,
  launchBrowser,
  openInbox,
  rowOf,
  signInToWebmail,
  submit,
  uidsOf,
  unique,
  withLook,
  withMailbox,
} from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let german: BrowserContext;
let english: BrowserContext;
let max: RunningFile['demo'][number];
let erika: RunningFile['demo'][number];
const errors: string[] = [];
const pages: Page[] = [];

const lies = (login: typeof max, folder: string, subject: string) =>
  eventually(`"${subject}" in ${folder}`, async () => (await uidsOf(running, login, folder, subject)).length === 1);
const open = async (path: string, context = german): Promise<Page> => {
  const page = await context.newPage();
  pages.push(page);
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${running.web}${path}`);
  return page;
};
const sieveConnect = async (home: string, ...argv: string[]) =>
  runProgram(
    'sieve-connect',
    [
      ...['--server', '127.0.0.1', '--port', String(running.ports.sieve), '--4', '--user', max.address],
      ...['--notlsverify', '--passwordfd', '0', ...argv],
    ],
    { home, input: `${max.password}\n` },
  );
/** The code that was sent to an address outside. There is no such host here, so the letter comes back with all its text. */
const codeFor = (target: string): Promise<string> =>
  eventually(`the letter with a code to ${target}`, () =>
    withMailbox(running, max, async (client) => {
      await client.mailboxOpen('INBOX', { readOnly: true });
      const found = (await client.search({ body: target }, { uid: true })) || [];
      const letter = found.length > 0 && (await client.fetchOne(String(found.at(-1)), { source: true }, { uid: true }));
      return letter ? /^ {4}(\d{6})\r?$/m.exec(letter.source?.toString('latin1') ?? '')?.[1] : undefined;
    }),
  );
/** No script of anybody's is active, and the own one is empty. */
const withoutFilters = async (): Promise<void> => {
  await using home = await temporaryDirectory();
  await writeFile(join(home.path, 'empty.sieve'), '# nothing\n');
  await sieveConnect(home.path, '--upload', '--localsieve', 'empty.sieve', '--remotesieve', 'postamt');
  await sieveConnect(home.path, '--deactivate');
};

beforeAll(async () => {
  running = sharedInstallation();
  [max, erika] = demoLogins(running);
  browser = await launchBrowser();
  german = await signInToWebmail(browser, running, max);
  english = await withLook(browser, german, running, { locale: 'en' });
});
afterAll(() => browser?.close());
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
  expect(errors.splice(0)).toEqual([]);
});

describe('an absence note', () => {
  it('is written, previewed, answers a letter, shows a bar in the webmail and is switched off there', async () => {
    const page = await open('/mail-settings/absence');
    const words = unique('Ich bin wandern');
    await page.getByLabel('Text', { exact: true }).fill(words);
    await page.getByLabel('Betreff', { exact: true }).fill('Bin weg');
    expect(await page.locator('.answer-preview').innerText()).toContain(words);
    // half written, it is not lost by a press beside it
    await page.getByRole('navigation', { name: 'Einstellungen', exact: true }).getByRole('link', { name: 'Filter' }).click();
    const question = page.getByRole('dialog', { name: 'Nicht gespeichert' });
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe(words);
    await page.getByLabel('Erster Tag').fill('2026-01-02');
    await page.getByLabel('Letzter Tag').fill('2026-01-01');
    await page.getByLabel('Abwesenheitsnotiz schicken').check();
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Der letzte Tag liegt vor dem ersten.').waitFor();
    await page.getByLabel('Letzter Tag').fill('2099-12-31');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Wer Ihnen schreibt, bekommt Ihre Abwesenheitsnotiz.').waitFor();
    // the form is another by now; who goes on by keyboard is where he was
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Speichern');
    expect(await page.getByLabel('Letzter Tag').inputValue()).toBe('2099-12-31');
    // saved, it is left without a question
    await page.getByRole('navigation', { name: 'Einstellungen', exact: true }).getByRole('link', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Neuer Filter' }).waitFor();

    // from outside nobody would believe that it is Erika's, and it would not be answered
    await submit(running, erika, { to: max.address, subject: unique('Frage') });
    await lies(erika, 'INBOX', 'Bin weg');

    const inbox = await openInbox(german, running);
    pages.push(inbox);
    const bar = inbox.getByRole('region', { name: 'Ihre Abwesenheitsnotiz ist an.' });
    await bar.getByText('31. Dez').waitFor();
    await bar.getByRole('button', { name: 'Abschalten' }).click();
    await inbox.getByText('Abwesenheitsnotiz abgeschaltet').waitFor();
    await bar.waitFor({ state: 'detached' });
    // who goes on by keyboard is in the list
    await expect.poll(() => inbox.evaluate(() => document.activeElement?.id)).toBe('liste');
    const after = await open('/mail-settings/absence', english);
    await after.getByText('Whoever writes to you gets no absence note.').waitFor();
    expect(await after.getByLabel('Text', { exact: true }).inputValue()).toBe(words);
  });
});

describe('a forward', () => {
  it('inside goes at once, with or without a copy, and is removed', async () => {
    const page = await open('/mail-settings/forward');
    await page.getByLabel('Weiterleiten an').fill('keine Adresse');
    await page.getByRole('button', { name: 'Hinzufügen' }).click();
    await page.getByText('PA-FWD-1').waitFor();
    await page.getByLabel('Weiterleiten an').fill(erika.address);
    await page.getByRole('button', { name: 'Hinzufügen' }).click();
    await page.getByText('Wird weitergeleitet.').waitFor();
    const both = unique('Für beide');
    await deliver(running, max.address, { subject: both });
    await Promise.all([lies(max, 'INBOX', both), lies(erika, 'INBOX', both)]);
    await page.getByLabel('Eine Kopie im Postfach behalten').uncheck();
    await page.getByText('bleiben nicht mehr im Postfach').waitFor();
    const away = unique('Nur für Erika');
    await deliver(running, max.address, { subject: away });
    await lies(erika, 'INBOX', away);
    expect(await uidsOf(running, max, 'INBOX', away)).toEqual([]);
    await page.getByRole('button', { name: `Weiterleitung an ${erika.address} entfernen` }).click();
    await page.getByText('Keine Weiterleitung.').waitFor();
  });

  it('outside waits until the code is typed in that was sent there, and rests while the customer forbids it', async () => {
    const target = `ziel${randomUUID().slice(0, 8)}@extern.example`;
    const page = await open('/mail-settings/forward', english);
    await page.getByRole('textbox', { name: 'Forward to' }).fill(target);
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('Waiting for the code').waitFor();
    const code = await codeFor(target);
    await page.getByLabel('Code', { exact: true }).fill(code === '123456' ? '123457' : '123456');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('PA-FWD-6').waitFor();
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Messages are forwarded here.').waitFor();
    const panel = await open('/panel/addresses');
    const outside = panel.getByRole('region', { name: 'Weiterleiten aus Postfächern' });
    const choose = async (choice: string): Promise<void> => {
      await outside.getByRole('combobox').selectOption({ label: choice });
      await outside.getByRole('button', { name: 'Speichern' }).click();
      await outside.getByText('Gespeichert').waitFor();
      await page.reload();
    };
    await choose('Nur an eigene Adressen');
    await page.getByText('Not forwarded: your organisation only allows its own addresses.').waitFor();
    await page.getByRole('textbox', { name: 'Forward to' }).fill('another@extern.example');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('PA-FWD-3').waitFor();
    await choose('Auch an Adressen außerhalb');
    await page.getByText('Messages are forwarded here.').waitFor();
    await page.getByRole('button', { name: `Remove the forward to ${target}` }).click();
    await page.getByText(`Nothing is forwarded to ${target} any more.`).waitFor();
  });
});

describe('an administrator', () => {
  it('sets absence and forward of a mailbox, and its user reads who did', async () => {
    const [row] = await sql(sharedDatabase(), 'select id::int from mailbox where address = $1', [erika.address]);
    const panel = await open(`/panel/mailboxes/${row?.['id']}`);
    await panel.getByText('Abwesenheit', { exact: true }).click();
    await panel.getByLabel('Text', { exact: true }).fill('Frau Musterfrau ist im Karenzurlaub.');
    await panel.getByRole('form', { name: 'Abwesenheit' }).getByRole('button', { name: 'Speichern' }).click();
    await panel.getByText(/^Eingestellt von .*Max/).waitFor();
    await panel.getByText('Weiterleitung', { exact: true }).click();
    await panel.getByLabel('Weiterleiten an').fill(max.address);
    await panel.getByRole('form', { name: 'Weiterleitung hinzufügen' }).getByRole('button', { name: 'Hinzufügen' }).click();
    await panel.getByText('Wird weitergeleitet.').waitFor();
    const hers = await signInToWebmail(browser, running, erika);
    const absence = await open('/mail-settings/absence', hers);
    await absence.getByText(/Max.* hat das für Sie eingestellt/).waitFor();
    const forward = await open('/mail-settings/forward', hers);
    await forward.getByText(/Eingestellt von .*Max/).waitFor();
    await forward.getByRole('button', { name: `Weiterleitung an ${max.address} entfernen` }).click();
    await forward.getByText('Keine Weiterleitung.').waitFor();
    await hers.close();
  });
});

describe('what is wrong in a form', () => {
  /** what a screen reader says of the field on which somebody lands */
  const landed = (page: Page) =>
    page.evaluate(() => {
      const field = document.activeElement;
      const described = (field?.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '');
      return [field?.getAttribute('name') ?? field?.localName, field?.getAttribute('aria-invalid'), described.join(' ')] as const;
    });
  const enter = (name: string, value: string) => async (page: Page) => {
    const field = page.locator(`[name="${name}"]:not([type="hidden"])`).first();
    await field.fill(value);
    await field.press('Enter');
  };
  it.each([
    ['/mail-settings/senders', 'sender', enter('sender', 'niemand')],
    ['/mail-settings/forward', 'target', enter('target', 'niemand')],
    ['/mail-settings', 'replyTo', enter('replyTo', 'niemand')],
    [
      '/mail-settings/absence',
      'until',
      async (page: Page) => {
        await page.locator('[name=from]').fill('2026-01-02');
        await page.locator('[name=until]').fill('2026-01-01');
        await page.getByRole('button', { name: 'Speichern' }).click();
      },
    ],
    [
      '/mail-settings/filters',
      'textarea',
      async (page: Page) => {
        await page.getByRole('button', { name: 'Neuer Filter' }).click();
        await page.getByRole('button', { name: 'Speichern', exact: true }).click();
      },
    ],
    [
      // which is no form
      '/mail-settings/filters',
      'textarea',
      async (page: Page) => {
        await page.locator('summary', { hasText: 'Als Text (Sieve)' }).click();
        await page.locator('.script-input').fill('kein Sieve');
        await page.getByRole('button', { name: 'Text speichern' }).click();
      },
    ],
    ['/panel/mailboxes', 'localPart', enter('localPart', 'max')],
    ['/panel/domains/new', 'name', enter('name', 'kein name')],
  ])('%s is said of its field, on which one lands', async (path, field, fill) => {
    const page = await open(path);
    await hydrated(page);
    await fill(page);
    const sentence = page.locator('.err').first();
    await sentence.waitFor();
    const said = await sentence.textContent();
    await expect.poll(async () => (await landed(page))[2]).toContain(said);
    expect((await landed(page)).slice(0, 2)).toEqual([field, 'true']);
  });
});

describe('senders', () => {
  it('are blocked from a letter and taken off the list', async () => {
    const subject = unique('Werbung');
    await deliver(running, max.address, { from: 'laut@extern.example', subject });
    const inbox = await openInbox(german, running);
    pages.push(inbox);
    await rowOf(inbox, subject).locator('a.go').click();
    await inbox.locator('.msg.open').getByRole('button', { name: 'Aktionen für diese Nachricht' }).click();
    await inbox.getByRole('menuitem', { name: 'Absender blockieren' }).click();
    await inbox.getByText('laut@extern.example ist blockiert').waitFor();
    const again = unique('Mehr Werbung');
    await deliver(running, max.address, { from: 'laut@extern.example', subject: again });
    await lies(max, 'Junk', again);
    const page = await open('/mail-settings/senders', english);
    await page.getByRole('list', { name: 'Blocked senders' }).getByText('laut@extern.example').waitFor();
    await page.getByRole('button', { name: 'Remove laut@extern.example' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Nobody is blocked.').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY');
    const allowed = page.getByRole('form', { name: 'Allow a sender' });
    await allowed.getByLabel('Address or domain').fill('*@leise.example');
    await allowed.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('button', { name: 'Remove @leise.example' }).click();
    await page.getByText('Nobody yet.').waitFor();
  });
});

describe.skipIf(!isInstalled('sieve-connect'))('filters', () => {
  it('are tried, saved, work for a new letter, and other editors read them', async () => {
    await withoutFilters();
    const word = unique('Stuhl');
    await deliver(running, max.address, { subject: `${word} eins` });
    await lies(max, 'INBOX', `${word} eins`);
    const page = await open('/mail-settings/filters');
    await page.getByRole('button', { name: 'Neuer Filter' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Stühle');
    await page.getByLabel('Worauf geachtet wird').selectOption('subject');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Schreiben Sie bei jeder Bedingung').waitFor();
    await page.getByLabel('Wert').fill(word);
    await page.getByRole('button', { name: 'Ausprobieren' }).click();
    await page.locator('.tried').getByText(`${word} eins`).waitFor();
    await page.getByLabel('Aktion', { exact: true }).selectOption('move');
    await page.getByLabel('Ordner', { exact: true }).selectOption('Archive');
    await page.getByRole('button', { name: 'Aktion', exact: true }).click();
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByRole('form', { name: 'Filter bearbeiten' }).waitFor({ state: 'detached' });
    await page.locator('.filter-list').getByText('Stühle').waitFor();
    await deliver(running, max.address, { subject: `${word} zwei` });
    await lies(max, 'Archive', `${word} zwei`);

    await using home = await temporaryDirectory();
    expect((await sieveConnect(home.path, '--list')).output).toMatch(/"?postamt"? ACTIVE/);
    await sieveConnect(home.path, '--download', '--remotesieve', 'postamt', '--localsieve', 'back.sieve');
    const script = await readFile(join(home.path, 'back.sieve'), 'utf8');
    expect(script).toContain('# rule:[Stühle]');
    expect(script).toContain(`header :contains "subject" "${word}"`);

    // the letter that was there already, and back again
    await page.getByRole('button', { name: 'Auf alte Nachrichten anwenden' }).click();
    await page.getByRole('button', { name: 'Anwenden', exact: true }).click();
    await page.getByRole('button', { name: 'Rückgängig' }).waitFor();
    await lies(max, 'Archive', `${word} eins`);
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await page.getByText('Alles ist wieder, wie es war.').waitFor();
    await lies(max, 'INBOX', `${word} eins`);
    await page.getByRole('button', { name: 'Fertig' }).click();

    // closed in the middle, it stops and can be taken back all the same
    const closed = Promise.withResolvers<void>();
    await page.route('**/api/mail/filters/apply', (route) => closed.promise.then(() => route.continue()), { times: 1 });
    await page.getByRole('button', { name: 'Auf alte Nachrichten anwenden' }).click();
    const applied = page.waitForRequest('**/api/mail/filters/apply');
    await page.getByRole('button', { name: 'Anwenden', exact: true }).click();
    await applied;
    await page.keyboard.press('Escape');
    closed.resolve();
    await lies(max, 'Archive', `${word} eins`);
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await page.getByText('Alles ist wieder, wie es war.').waitFor();
    await lies(max, 'INBOX', `${word} eins`);
  });

  it('written elsewhere are shown, moved and switched here; what has no sentence stays as it is', async () => {
    await withoutFilters();
    await using home = await temporaryDirectory();
    const source =
      'require ["fileinto"];\n# rule:[Rechnungen]\nif header :contains "subject" "Rechnung"\n{\n\tfileinto "Archive";\n}\n' +
      'if exists "x-own" { # meins\n  stop; }\n';
    await writeFile(join(home.path, 'own.sieve'), source);
    await sieveConnect(home.path, '--upload', '--localsieve', 'own.sieve', '--remotesieve', 'postamt');
    await sieveConnect(home.path, '--activate', '--remotesieve', 'postamt');
    const page = await open('/mail-settings/filters', english);
    const items = page.locator('.filter-list > li');
    await items.nth(0).getByText('When Subject contains “Rechnung”: move to “Archive”.').waitFor();
    await items.nth(1).getByText('# meins').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await items.nth(0).getByRole('button', { name: 'Edit' }).focus();
    // the keys go on with what they moved, however fast they come
    for (const key of ['Alt+ArrowDown', 'Alt+ArrowUp', 'Alt+ArrowDown']) await page.keyboard.press(key);
    await items.nth(1).getByText('When Subject contains').waitFor();
    // what is being written keeps its place, wherever that is moved meanwhile
    await items.nth(1).getByRole('button', { name: 'Edit' }).click();
    await items.nth(1).getByRole('button', { name: 'Edit' }).focus();
    // and a press of Save is heard while that move is being saved
    const pressed = Promise.withResolvers<void>();
    await page.route('**/api/mail/filters', (route) => pressed.promise.then(() => route.continue()), { times: 1 });
    await page.keyboard.press('Alt+ArrowUp');
    const form = page.getByRole('form', { name: 'Edit filter' });
    await form.getByLabel('Name', { exact: true }).fill('Bills');
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    pressed.resolve();
    await form.waitFor({ state: 'detached' });
    await items.nth(0).getByText('Bills').waitFor();
    await items.nth(1).getByText('# meins').waitFor();
    await items.nth(0).getByRole('button', { name: 'Edit' }).focus();
    await page.keyboard.press('Alt+ArrowDown');
    await items.nth(1).getByLabel('On').uncheck();
    await page.waitForFunction(() => document.querySelectorAll('.filter-list > li.off').length === 1);
    await eventually('the script is stored', async () => {
      await sieveConnect(home.path, '--download', '--remotesieve', 'postamt', '--localsieve', 'back.sieve');
      return /if false # header :contains "subject" "Rechnung"/.test(await readFile(join(home.path, 'back.sieve'), 'utf8'));
    });
    expect(await readFile(join(home.path, 'back.sieve'), 'utf8')).toContain('if exists "x-own" { # meins\n  stop; }');
  });

  it('ask before they take the place of another editor’s script, which goes on in front of them', async () => {
    await withoutFilters();
    await using home = await temporaryDirectory();
    const word = unique('Fremd');
    await writeFile(
      join(home.path, 'other.sieve'),
      `require "fileinto";\nif header :contains "subject" "${word}" { fileinto "Archive"; stop; }\n`,
    );
    await sieveConnect(home.path, '--upload', '--localsieve', 'other.sieve', '--remotesieve', 'roundcube');
    await sieveConnect(home.path, '--activate', '--remotesieve', 'roundcube');
    const page = await open('/mail-settings/filters');
    const foreign = page.getByRole('region', { name: 'Aktiv ist das Skript „roundcube“' });
    const text = foreign.getByRole('textbox');
    const before = await text.inputValue();
    await text.fill(`${before}nonsense;\n`);
    await foreign.getByRole('button', { name: 'Text speichern' }).click();
    await foreign.getByText(/line 3: error/).waitFor();
    await text.fill(before);
    await page.getByRole('button', { name: 'Neuer Filter' }).click();
    await page.getByLabel('Wert').fill('niemand@nirgends.example');
    await page.getByLabel('Aktion', { exact: true }).selectOption('star');
    await page.getByRole('button', { name: 'Speichern', exact: true }).click();
    // who thinks again has lost nothing
    await page.getByRole('button', { name: 'Beide verwenden' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByLabel('Wert').inputValue()).toBe('niemand@nirgends.example');
    await page.getByRole('button', { name: 'Speichern', exact: true }).click();
    await page.getByRole('button', { name: 'Beide verwenden' }).click();
    await page.getByRole('form', { name: 'Filter bearbeiten' }).waitFor({ state: 'detached' });
    await page.locator('.filter-list').getByText('include :personal "roundcube";').waitFor();
    await foreign.waitFor({ state: 'detached' });
    await deliver(running, max.address, { subject: word });
    await lies(max, 'Archive', word);
    await withoutFilters();
  });

  it('follow the folder they name, and say of one that is gone that it is gone', async () => {
    await withoutFilters();
    const word = unique('Ordner');
    const [before, after] = [unique('Alt'), unique('Neu')];
    await withMailbox(running, max, (client) => client.mailboxCreate(before));
    const page = await open('/mail-settings/forward');
    const tabs = page.getByRole('navigation', { name: 'Einstellungen', exact: true });
    await tabs.getByRole('link', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Neuer Filter' }).click();
    await page.getByLabel('Worauf geachtet wird').selectOption('subject');
    await page.getByLabel('Name', { exact: true }).fill('Umzug');
    for (const _ of '12') await page.getByRole('button', { name: 'Bedingung', exact: true }).click();
    await page.getByRole('button', { name: 'Bedingung entfernen' }).last().focus();
    // pressed again, it goes on removing
    for (const left of [2, 1]) {
      await page.keyboard.press('Enter');
      await expect.poll(() => page.getByRole('button', { name: 'Bedingung entfernen' }).count()).toBe(left);
    }
    await page.getByLabel('Wert').fill(word.repeat(6));
    expect(await page.getByLabel('Wert').evaluate((value) => value.scrollHeight - value.clientHeight)).toBeLessThan(2);
    await page.getByLabel('Wert').fill(word);
    // half written, it is left neither by a link nor by going back without a question
    const question = page.getByRole('dialog', { name: 'Nicht gespeichert' });
    for (const leave of [() => tabs.getByRole('link', { name: 'Abwesenheit' }).click(), () => page.evaluate(() => window.history.back())]) {
      await leave();
      await question.getByRole('button', { name: 'Weiterschreiben' }).click();
      await question.waitFor({ state: 'detached' });
      expect(await page.getByLabel('Wert').inputValue()).toBe(word);
    }
    await page.getByLabel('Ordner', { exact: true }).selectOption(before);
    await page.getByRole('button', { name: 'Speichern', exact: true }).click();
    // the form is gone, and who works by keyboard is where it was
    await page.getByRole('form', { name: 'Filter bearbeiten' }).waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Neuer Filter');
    // before it stands a remark that was written elsewhere
    const sentence = page.locator('.filter-list > li').nth(1);
    await sentence.getByText(`nach „${before}“ verschieben`).waitFor();
    const edit = sentence.getByRole('button', { name: 'Bearbeiten' });
    await edit.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).fill('Halb');
    await page.getByRole('button', { name: 'Abbrechen' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => edit.evaluate((button) => button === document.activeElement)).toBe(true);
    // what was given up is given up: nobody is asked, and back is back
    await page.goBack();
    await page.getByRole('textbox', { name: 'Weiterleiten an' }).waitFor();
    await tabs.getByRole('link', { name: 'Filter' }).click();
    await sentence.getByText(`nach „${before}“ verschieben`).waitFor();
    await withMailbox(running, max, (client) => client.mailboxRename(before, `Archive/${after}`));
    await deliver(running, max.address, { subject: word });
    await lies(max, `Archive/${after}`, word);
    await page.reload();
    await sentence.getByText(`nach „Archiv / ${after}“ verschieben`).waitFor();
    // as other programs delete a folder: it is told where its filter is looked at
    await withMailbox(running, max, (client) => client.mailboxRename(`Archive/${after}`, `Trash/${after}`));
    await page.reload();
    await sentence.getByText('liegt im Papierkorb, und diese Nachrichten kommen dorthin.').waitFor();
    await withMailbox(running, max, (client) => client.mailboxRename(`Trash/${after}`, `Archive/${after}`));
    await page.reload();
    await sentence.getByText(`nach „Archiv / ${after}“ verschieben`).waitFor();
    // whoever deletes the folder is told
    const inbox = await openInbox(german, running);
    pages.push(inbox);
    await inbox.goto(`${running.web}/mail/Archive/${after}`);
    await inbox.getByRole('button', { name: 'Aktionen für diesen Ordner' }).click();
    await inbox.getByRole('menuitem', { name: 'Ordner löschen' }).click();
    await inbox.getByRole('dialog').getByText('Ein Filter legt hier ab („Umzug“).').waitFor();
    await inbox.getByRole('button', { name: 'Ordner löschen' }).click();
    await inbox.getByRole('heading', { name: 'Posteingang', exact: true }).waitFor();
    await page.reload();
    await sentence.getByText('gibt es nicht: Diese Nachrichten kommen in den Posteingang.').waitFor();
    const again = `${word} noch einmal`;
    await deliver(running, max.address, { subject: again });
    await lies(max, 'INBOX', again);
    await lies(max, 'INBOX', 'Ein Ordner Ihres Filters fehlt');
    await sentence.getByRole('button', { name: 'Entfernen' }).focus();
    await page.keyboard.press('Enter');
    await sentence.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Entfernen');
  });

  it('begin from a letter', async () => {
    await withoutFilters();
    const subject = unique('Anlass');
    await deliver(running, max.address, { from: 'anlass@extern.example', subject });
    const inbox = await openInbox(german, running);
    pages.push(inbox);
    await rowOf(inbox, subject).locator('a.go').click();
    await inbox.locator('.msg.open').getByRole('button', { name: 'Aktionen für diese Nachricht' }).click();
    await inbox.getByRole('menuitem', { name: 'Ähnliche Nachrichten filtern' }).click();
    await inbox.waitForURL(/mail-settings\/filters/);
    await expect.poll(() => inbox.getByLabel('Wert').inputValue()).toBe('anlass@extern.example');
  });
});
