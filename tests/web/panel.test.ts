import { readdirSync } from 'node:fs';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedDatabase, sharedInstallation } from '#tests/support/installation.ts';
import { sql } from '#tests/support/passwords.ts';
import { hydrated } from '#tests/support/prepare-pages.ts';
import { axeFindings, launchBrowser, lowControls } from '#tests/support/webmail.ts';

// POSTAMT_TEST_WEB: address of a web that runs already, for work on these tests without a whole installation
const web = process.env['POSTAMT_TEST_WEB'] ?? sharedInstallation().web;

const unique = `p${Date.now().toString(36)}`;
const domain = `${unique}.at`;
const owner = { customer: `Muster ${unique} GmbH`, address: `max@${domain}`, password: 'Lärchenladen im Tal' };

let asked = 0;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

const wide = { viewport: { width: 1440, height: 940 }, locale: 'de-AT', reducedMotion: 'reduce', ignoreHTTPSErrors: true } as const;

function listen(to: Page): Page {
  // what the content security policy blocks and what React could not hydrate shows here
  to.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text().slice(0, 300));
  });
  to.on('pageerror', (error) => complaints.push(error.message));
  return to;
}

/** Asks again until it is so; a slow machine must not fail the test. */
const eventually = <T>(ask: () => Promise<T> | T) => expect.poll(ask);

const open = (path: string, on: Page = page) => on.goto(`${web}${path}`);

beforeAll(async () => {
  browser = await launchBrowser();
  context = await browser.newContext({ ...wide, bypassCSP: false });
  page = listen(await context.newPage());
});
afterAll(() => browser.close());

describe('from nothing to a mailbox', () => {
  it('a wrong password is answered in words, with a code, and the address stays', async () => {
    await open('/sign-in');
    await page.getByLabel('Mail-Adresse').fill(`niemand@${domain}`);
    const password = page.getByLabel('Passwort');
    await password.fill('falsch');
    await page.getByRole('button', { name: 'Eingabe anzeigen' }).click();
    expect(await password.getAttribute('type')).toBe('text');
    await password.press('Enter');
    await eventually(() => page.locator('.err').textContent()).toContain('PA-LOGIN-1');
    expect(await page.getByLabel('Mail-Adresse').inputValue()).toBe(`niemand@${domain}`);
    // what nobody can read is typed anew
    await page.getByRole('button', { name: 'Eingabe verbergen' }).click();
    const cut = (route: Route) => (route.request().method() === 'POST' ? route.abort() : route.continue());
    await page.route('**/sign-in', cut);
    await password.press('Enter');
    await page.getByText('Das hat nicht geklappt').waitFor();
    expect(await page.getByLabel('Mail-Adresse').inputValue()).toBe(`niemand@${domain}`);
    await page.unroute('**/sign-in');
    await password.press('Enter');
    await eventually(() => password.evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd])).toEqual([0, 6]);
    await page.keyboard.type('anders');
    expect(await password.inputValue()).toBe('anders');
  });

  it('signing up refuses a weak password and then leads to the first domain', async () => {
    await open('/sign-up');
    const submit = async (password: string) => {
      await page.getByLabel('Firma oder Name').fill(owner.customer);
      await page.getByLabel('Mail-Adresse').fill(owner.address);
      await page.getByLabel('Passwort').fill(password);
      await page.keyboard.press('Enter');
    };
    await submit('kurz');
    await eventually(() => page.locator('.err').textContent()).toContain('PA-PW-1');
    await submit(owner.password);
    await page.waitForURL('**/panel/domains/new');
  });

  it.each([
    ['nix', 'PA-DOM-1'],
    ['co.at', 'PA-DOM-2'],
  ])('the domain %s is refused in words', async (name, code) => {
    await page.getByLabel('Domain', { exact: true }).fill(name);
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.err').textContent()).toContain(code);
  });

  it('a domain shows the record that proves it', async () => {
    await page.getByLabel('Domain', { exact: true }).fill(`https://www.${domain}/`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/panel/domains/${domain}`);
    await eventually(() => page.locator('.next').textContent()).toContain('postamt-verification=');
  });

  it('a mailbox is created with its name and Enter, and its password is shown once', async () => {
    await open('/panel/mailboxes');
    const name = page.getByLabel('Name des neuen Postfachs');
    await name.fill('Hanna Stöger');
    await name.press('Enter');
    await eventually(() => page.locator('.create .err').textContent()).toContain('PA-ADR-2');
    await name.fill('hanna');
    const { promise: pressedTwice, resolve: letGo } = Promise.withResolvers<void>();
    let sent = 0;
    const hold = async (route: Route) => {
      if (route.request().method() === 'POST') {
        sent += 1;
        await pressedTwice;
      }
      await route.continue();
    };
    await page.route('**/panel/mailboxes', hold);
    await name.press('Enter');
    await page.locator('.create button[aria-busy=true]').waitFor();
    await name.press('Enter');
    letGo();
    await eventually(() => page.locator('.secret').textContent()).toMatch(/([a-z0-9]{4}-){4}[a-z0-9]{4}/);
    await eventually(() => page.locator('tr.fresh').count()).toBe(1);
    expect(sent).toBe(1);
    await page.unroute('**/panel/mailboxes');
    await name.fill('hanna');
    await name.press('Enter');
    await eventually(() => page.locator('.create .err').textContent()).toContain('PA-ADR-3');
    await page.reload();
    expect(await page.locator('.secret').count()).toBe(0);
  });

  it('one’s own mailbox keeps the password that one signed up with, and opens the webmail', async () => {
    const name = page.getByLabel('Name des neuen Postfachs');
    await name.fill('max');
    await name.press('Enter');
    await eventually(() => page.locator('.secret').textContent()).toContain('Ihrem bisherigen Passwort');
    await open('/account');
    expect(await page.locator('h1').textContent()).toContain(owner.address);
  });

  it('a form that begins anew with what it saved keeps the focus on its button', async () => {
    await page.getByLabel('Name', { exact: true }).fill(`Max ${Date.now()}`);
    await page.getByLabel('Name', { exact: true }).press('Tab');
    const save = page.locator('form', { has: page.getByLabel('Name', { exact: true }) }).getByRole('button', { name: 'Speichern' });
    const before = await save.elementHandle();
    await page.keyboard.press('Enter');
    await page.getByText('Gespeichert', { exact: false }).waitFor();
    await eventually(() => before?.evaluate((button) => button.isConnected)).toBe(false);
    await eventually(() => save.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('deleting is undone with one key', async () => {
    await open('/panel/mailboxes');
    await page.getByRole('button', { name: `Aktionen für hanna@${domain}` }).click();
    await page.getByRole('menuitem', { name: 'Löschen' }).click();
    await eventually(() => page.locator('.toast').textContent()).toContain('30 Tage');
    await eventually(() => page.locator('tbody tr').count()).toBe(1);
    await page.locator('h1').click();
    await page.keyboard.press('Control+z');
    await eventually(() => page.locator('tbody tr').count()).toBe(2);
  });

  it('an alias shows who gets what, and its removal is undone too', async () => {
    await page.getByRole('link', { name: `hanna@${domain}` }).click();
    await page.waitForURL('**/panel/mailboxes/*');
    const alias = page.getByRole('form', { name: 'Neuer Alias' });
    await alias.getByRole('textbox').fill('rechnung');
    await page.keyboard.press('Enter');
    const remove = page.getByRole('button', { name: `Alias rechnung@${domain} entfernen` });
    await remove.click();
    await eventually(() => page.locator('.toast').textContent()).toContain('abgewiesen');
    await remove.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Rückgängig' }).click();
    await remove.waitFor();
    await open(`/panel/search?q=rechnung@${domain}`);
    expect(await page.locator('main').textContent()).toContain(`hanna@${domain}`);
  });

  it('a forward, a group and the rest of a domain lead where the page says, step by step', async () => {
    await open('/panel/addresses');
    await page.getByLabel('Name der neuen Adresse').fill('office');
    const targets = page.getByLabel('Geht an');
    await targets.fill(`Hanna <hanna@${domain}>; nix`);
    await page.getByRole('button', { name: 'Anlegen' }).click();
    await eventually(() => page.locator('.err').textContent()).toContain('„nix“');
    // another kind keeps what was typed, and half written it is not left without a question
    await page.getByRole('button', { name: 'Gruppe', exact: true }).click();
    expect(await page.getByLabel('Mitglieder', { exact: true }).inputValue()).toBe(`Hanna <hanna@${domain}>; nix`);
    await page.getByRole('button', { name: 'Weiterleitung', exact: true }).click();
    await page.getByRole('link', { name: 'Postfächer', exact: true }).first().click();
    await page.getByRole('dialog', { name: 'Nicht gespeichert' }).getByRole('button', { name: 'Weiterschreiben' }).click();
    expect(await page.getByLabel('Name der neuen Adresse').inputValue()).toBe('office');
    await targets.fill(`Hanna <hanna@${domain}>`);
    await page.getByLabel('Gilt bis').fill('2020-01-01');
    await page.getByRole('button', { name: 'Anlegen' }).click();
    await eventually(() => page.locator('.err').textContent()).toContain('PA-ADR-13');
    await page.getByLabel('Gilt bis').fill('2090-01-01');
    await page.getByRole('button', { name: 'Anlegen' }).click();
    await eventually(() => page.locator('tbody').textContent()).toContain('Gilt bis 01.01.2090');
    await page.getByRole('button', { name: 'Gruppe', exact: true }).click();
    await page.getByLabel('Name der neuen Adresse').fill('team');
    await page.getByLabel('Name der Gruppe').fill('Das Team');
    await page.getByLabel('Mitglieder', { exact: true }).fill(`office@${domain}\n${owner.address}`);
    await page.getByRole('button', { name: 'Anlegen' }).click();
    await eventually(() => page.locator('tbody').textContent()).toContain('Gruppe, 2 Mitglieder');
    await page.getByRole('button', { name: `Aktionen für team@${domain}` }).click();
    await page.getByRole('menuitem', { name: 'Wer bekommt was' }).click();
    await page.waitForURL('**/panel/addresses/map*');
    const way = await page.locator('.way').textContent();
    for (const word of ['Gruppe „Das Team“', `office@${domain}`, `hanna@${domain}`, owner.address]) expect(way).toContain(word);
    await context.addCookies([{ name: 'locale', value: 'en', url: web }]);
    await page.reload();
    expect(await page.locator('.way').textContent()).toContain('Group “Das Team”, sends to');
    await context.clearCookies({ name: 'locale' });
    await open(`/panel/search?q=office@${domain}`);
    expect(await page.locator('main').textContent()).toContain('Weiterleitung an 1 Adresse');
  });

  it('who may write as an address is chosen on its page, and it is removed after a question', async () => {
    await open('/panel/addresses');
    await page.getByRole('link', { name: `office@${domain}` }).click();
    await page.waitForURL(/addresses\/\d+$/);
    await page.getByLabel('Wie').selectOption({ label: 'Im Auftrag, die eigene Adresse steht dabei' });
    await page.getByRole('button', { name: 'Erlauben' }).click();
    await eventually(() => page.locator('aside .lines').textContent()).toContain('Im Auftrag');
    await page.getByRole('button', { name: 'Entfernen', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Entfernen' }).click();
    await page.waitForURL('**/panel/addresses');
    await eventually(() => page.locator('tbody').textContent()).not.toContain('Gilt bis');
  });

  it('a colleague gets a role on the page of the mailbox, and the list shows it', async () => {
    await open('/panel/mailboxes');
    await page.getByRole('link', { name: `hanna@${domain}` }).click();
    await page.waitForURL('**/panel/mailboxes/*');
    const role = page.getByRole('combobox', { name: 'Rolle' });
    await role.selectOption({ label: 'Administration' });
    await page.locator('form', { has: role }).getByRole('button', { name: 'Speichern' }).click();
    await eventually(() => page.locator('aside.glance').textContent()).toContain('Gespeichert.');
    await open('/panel/mailboxes');
    expect(await page.getByRole('row', { name: `hanna@${domain}` }).textContent()).toContain('Administration');
    await open('/panel/audit');
    expect(await page.locator('tbody tr').first().textContent()).toContain(`Rolle geändert: hanna@${domain} (Administration)`);
  });

  it('a mailbox is deleted for good only after a question', async () => {
    await open('/panel/mailboxes');
    const name = page.getByLabel('Name des neuen Postfachs');
    await name.fill('irrtum');
    await name.press('Enter');
    await eventually(() => page.locator('tr.fresh').count()).toBe(1);
    await page.getByRole('link', { name: `irrtum@${domain}` }).click();
    await page.waitForURL('**/panel/mailboxes/*');
    await page.getByRole('button', { name: 'Löschen' }).click();
    await page.getByRole('button', { name: 'Endgültig löschen' }).click();
    const dialog = page.getByRole('dialog');
    await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Behalten');
    await dialog.getByRole('button', { name: 'Endgültig löschen' }).click();
    await page.waitForURL('**/panel/mailboxes');
    await eventually(() => page.locator('tbody tr').count()).toBe(2);
  });

  it('new keys for signatures are made by one button, whose records the page then shows', async () => {
    await open(`/panel/domains/${domain}`);
    const keys = page.getByRole('region', { name: 'Unterschriften (DKIM)' });
    await eventually(() => keys.textContent()).toContain('Ed25519 pa2');
    await keys.getByRole('button', { name: 'Schlüssel erneuern' }).click();
    await eventually(() => page.locator('.toast').textContent()).toContain('Neue Schlüssel sind angelegt');
    await eventually(() => keys.textContent()).toContain('RSA pa3');
    await eventually(() => keys.getByRole('button').count()).toBe(0);
    const zone = await (await context.request.get(`${web}/panel/domains/${domain}/zone`)).text();
    expect(zone).toContain(`pa3._domainkey.${domain}. 3600 IN TXT "v=DKIM1; k=rsa;`);
    expect(zone).toContain(`pa4._domainkey.${domain}. 3600 IN TXT "v=DKIM1; k=ed25519;`);
    expect(zone).toContain(`_sieve._tcp.${domain}. 3600 IN SRV 0 1 `);
    await open('/panel/audit');
    expect(await page.locator('tbody tr').first().textContent()).toContain(`DKIM-Schlüssel erneuert: ${domain}`);
  });

  it.each([true, false])('a name below somebody’s domain is asked for, and its owner says %s', async (agrees) => {
    const [demo] = sharedInstallation().demo ?? [];
    if (!demo) throw new Error('no demo');
    const [, above = ''] = demo.address.split('@');
    const wanted = `${unique}${agrees ? 'ja' : 'nein'}${++asked}.${above}`;
    await open('/panel/domains/new');
    await page.getByLabel('Domain', { exact: true }).fill(wanted);
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.err').textContent()).toContain('PA-DOM-8');
    await page.getByRole('button', { name: `Inhaber von ${above} fragen` }).click();
    await eventually(() => page.locator('main').textContent()).toContain('Die Frage steht nun beim Inhaber');
    await open('/panel/domains');
    expect(await page.locator('main').textContent()).toContain(`${wanted}: wartet auf die Antwort`);

    const other = await browser.newContext(wide);
    const there = listen(await other.newPage());
    await open('/sign-in', there);
    await there.getByLabel('Mail-Adresse').fill(demo.address);
    await there.getByLabel('Passwort').fill(demo.password);
    await there.keyboard.press('Enter');
    await there.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    await open('/panel/domains', there);
    const request = there.getByRole('region', { name: `Anfrage: ${wanted}` });
    expect(await request.textContent()).toContain(`„${owner.customer}“ (${owner.address})`);
    expect(await axeFindings(there)).toEqual([]);
    await request.getByRole('button', { name: agrees ? 'Zustimmen' : 'Ablehnen' }).click();
    await request.waitFor({ state: 'detached' });
    await other.close();

    await open('/panel/domains');
    if (!agrees) {
      expect(await page.locator('main').textContent()).toContain('hat abgelehnt');
      return;
    }
    await page.getByRole('link', { name: 'Jetzt hinzufügen' }).click();
    await page.waitForURL('**/panel/domains/new?*');
    await page.getByRole('button', { name: 'Hinzufügen' }).click();
    await page.waitForURL(`**/panel/domains/${wanted}`);
    expect(await page.locator('aside.glance').textContent()).toContain('bestätigt am');
    await open('/panel/domains');
    expect(await page.locator('main').textContent()).not.toContain('hat zugestimmt');
  });

  it('what no person types is answered in order', async () => {
    for (const [path, status] of [
      ['/panel/search?q=%00', 200],
      ['/panel/mailboxes?q=%00', 200],
      ['/panel/mailboxes?page=7', 200],
      ['/panel/domains/%E0%A4%A', 400],
      ['/panel/domains/%00', 404],
    ] as const)
      expect([path, (await context.request.get(`${web}${path}`)).status()]).toEqual([path, status]);
  });

  it('a step that no answer comes to is said in words, in the page and with what was typed', async () => {
    const cut = (route: Route) => (route.request().method() === 'POST' ? route.abort() : route.continue());
    await page.route('**/panel/domains/**', cut);
    await open('/panel/domains/new');
    await page.fill('input[name=name]', `noch.${domain}`);
    await page.keyboard.press('Enter');
    const said = page.getByText('Das hat nicht geklappt');
    await said.waitFor();
    expect(await page.inputValue('input[name=name]')).toBe(`noch.${domain}`);
    // the page of a domain asks by itself
    await open(`/panel/domains/${domain}`);
    await said.waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toContain('Das hat nicht geklappt');
    // and takes the place of no message about what somebody did
    expect(await page.locator('.toast').count()).toBe(0);
    await page.unroute('**/panel/domains/**');
    await page.route('**/account', cut);
    await open('/account');
    for (const label of ['Bisheriges Passwort', 'Neues Passwort']) await page.getByLabel(label).fill('Lärchenwald am Bach 7');
    await page.getByRole('button', { name: 'Passwort setzen' }).click();
    await said.waitFor();
    for (const label of ['Bisheriges Passwort', 'Neues Passwort'])
      expect(await page.getByLabel(label).inputValue()).toBe('Lärchenwald am Bach 7');
    await page.unroute('**/account');
    // what was saved before is not said of what was not
    await open('/panel/quarantine');
    const save = page.getByRole('button', { name: 'Speichern', exact: true });
    const saved = page.getByText('Gespeichert.', { exact: true });
    await save.click();
    await saved.waitFor();
    await page.route('**/panel/quarantine', cut);
    await save.click();
    await said.waitFor();
    await saved.waitFor({ state: 'detached' });
    await page.unroute('**/panel/quarantine');
  });

  it('another customer’s number is as unknown as one that does not exist', async () => {
    const answers = await Promise.all(
      ['/panel/mailboxes/1', '/panel/mailboxes/999999999'].map(async (path) => (await context.request.get(`${web}${path}`)).status()),
    );
    expect(answers).toEqual([404, 404]);
  });

  it('many mailboxes are found, ordered and paged, as the address of their page says', async () => {
    // without what the store makes for each, which takes long
    const many = (statement: string) => sql(sharedDatabase(), `set local session_replication_role = replica; ${statement}`);
    await many(`insert into mailbox (customer_id, domain_id, local_part, address, password_hash, quota_bytes)
      select customer_id, id, 'viele' || n, 'viele' || n || '@' || name, 'x', 1000 from domain, generate_series(1, 150) n where name = '${domain}'`);
    try {
      await open('/panel/mailboxes');
      await expect.poll(() => page.locator('tbody tr').count()).toBe(100);
      await page.getByLabel('Sortieren').selectOption({ label: 'Nach Adresse' });
      await page.waitForURL('**/panel/mailboxes?*order=byAddress');
      await page.getByRole('link', { name: 'Nächste' }).click();
      await page.waitForURL('**/panel/mailboxes?order=byAddress&page=2');
      await page.getByText('Seite 2 von 2').waitFor();
      await page.getByLabel('Adresse oder Name').fill('viele7');
      await eventually(() => page.locator('tbody tr').count()).toBe(11);
      await page.reload();
      const rows = await page.locator('tbody th').allInnerTexts();
      expect(rows.slice(0, 2).map((row) => row.split('@')[0])).toEqual(['viele7', 'viele70']);
      expect(await page.getByLabel('Adresse oder Name').inputValue()).toBe('viele7');
      await open('/panel/mailboxes?q=nirgends');
      await page.getByText('Kein Postfach passt dazu.').waitFor();
      expect(await page.locator('main table').count()).toBe(0);
    } finally {
      await many(`delete from mailbox where local_part like 'viele%' and address like '%@${domain}'`);
    }
  });
});

describe('what others report', () => {
  const heading = (on: Page) => on.locator('h1').textContent();

  it('is asked for by records that can be copied, as long as nothing came', async () => {
    await open(`/panel/domains/${domain}`);
    await page.getByRole('link', { name: 'Berichte anderer Server' }).click();
    await page.waitForURL('**/reports');
    await eventually(() => heading(page)).toBe('Noch kein Bericht.');
    const values = await page.locator('.slip dd.v').allTextContents();
    expect(values).toContain('_dmarc');
    expect(values).toContain('_smtp._tls');
  });

  it('is said in sentences first, in both languages, then by who sent', async () => {
    const put = (kind: string, reporter: string, rows: string) =>
      sql(
        sharedDatabase(),
        `with r as (insert into received_report (domain_id, kind, reporter, report_id, organization, from_at, until_at, policy)
            select id, $2, $3, '1', 'x', now() - interval '1 day', now(), '{}' from domain where name = $1 on conflict do nothing returning id)
          insert into received_report_row select r.id, v.* from r, (values ${rows}) v`,
        [domain, kind, reporter],
      );
    await put(
      'dmarc',
      'google.example',
      `(0, '192.0.2.10', 1230, true, 'none', '{"dkimDomain": "${domain}"}'::jsonb), (1, '203.0.113.7', 6, false, 'reject', '{}'),
        (2, '203.0.113.8', 4, false, 'none', '{"envelopeFrom": "dienst.example"}')`,
    );
    await put('tls', 'google.example', `(0, '', 99, true, 'successful', '{}'::jsonb), (1, '', 3, false, 'certificate-expired', '{}')`);
    await open(`/panel/domains/${domain}/reports`);
    const plain = async (on: Page) =>
      ((await on.locator('main').textContent()) ?? '').replace(/[\u00a0\u202f]/g, ' ').replaceAll('\u2060', '');
    const german = await plain(page);
    expect(german).toContain(`In den letzten 30 Tagen nannten 1 240 E-Mails ${domain} als Absender.`);
    expect(german).toContain('1 230 davon waren nachweislich von Ihnen. 10 kamen ohne Nachweis, von 2 Rechnern.');
    expect(german).toContain('wurden 6 abgewiesen, 0 kamen in den Spam, 4 wurden zugestellt');
    expect(german).toContain('3-mal: Das Zertifikat war abgelaufen.');
    expect(await page.locator('tbody tr').first().textContent()).toContain('203.0.113.7');
    const english = await browser.newContext({ ...wide, locale: 'en-GB', storageState: await context.storageState() });
    const there = await english.newPage();
    await open(`/panel/domains/${domain}/reports`, there);
    expect(await plain(there)).toContain(
      `In the last 30 days 1,240 emails named ${domain} as their author.1,230 of them were proved to be yours.`,
    );
    await english.close();
  });
});

describe('what is signed out', () => {
  it('every page of the panel leads to the sign-in', async () => {
    const stranger = await browser.newContext(wide);
    for (const path of [
      '/panel',
      '/panel/domains',
      `/panel/domains/${domain}`,
      `/panel/domains/${domain}/reports`,
      '/panel/mailboxes',
      '/panel/customers',
      '/panel/audit',
      '/panel/search',
      '/account',
    ]) {
      const answer = await stranger.request.get(`${web}${path}`, { maxRedirects: 0 });
      expect([path, answer.status(), answer.headers()['location']]).toEqual([path, 307, `/sign-in?next=${encodeURIComponent(path)}`]);
    }
    await stranger.close();
  });

  it('a changed password signs other browsers out, and this one stays', async () => {
    const other = await browser.newContext(wide);
    const there = await other.newPage();
    await open('/sign-in', there);
    await there.getByLabel('Mail-Adresse').fill(owner.address);
    await there.getByLabel('Passwort').fill(owner.password);
    await there.keyboard.press('Enter');
    await there.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    await open('/account');
    await page.getByLabel('Bisheriges Passwort').fill(owner.password);
    await page.getByLabel('Neues Passwort').fill(`${owner.password} neu`);
    await page.getByRole('button', { name: 'Passwort setzen' }).click();
    await eventually(() => page.locator('main').textContent()).toContain('gilt ab sofort');
    await open('/account');
    expect(new URL(page.url()).pathname).toBe('/account');
    await eventually(async () => (await other.request.get(`${web}/account`, { maxRedirects: 0 })).status()).toBe(307);
    await other.close();
  });
});

it('who signed in meanwhile in another window comes to the page that was asked for here', async () => {
  const asked = '/panel/search?q=Muster+GmbH';
  const answer = await context.request.get(`${web}/sign-in?next=${encodeURIComponent(asked)}`, { maxRedirects: 0 });
  expect([answer.status(), answer.headers()['location']]).toEqual([307, asked]);
});

describe('without JavaScript', () => {
  it('one signs in, comes back to the page one asked for, and creates a mailbox', async () => {
    const plain = await browser.newContext({ ...wide, javaScriptEnabled: false });
    const there = await plain.newPage();
    await there.goto(`${web}/panel/mailboxes`);
    const signIn = async (password: string) => {
      await there.getByLabel('Mail-Adresse').fill(owner.address);
      await there.getByLabel('Passwort').fill(password);
      await there.getByRole('button', { name: 'Anmelden' }).click();
      await there.waitForLoadState();
    };
    await signIn('falsch');
    await eventually(() => there.locator('.err').textContent()).toContain('PA-LOGIN-1');
    await signIn(`${owner.password} neu`);
    expect(new URL(there.url()).pathname).toBe('/panel/mailboxes');
    await there.getByLabel('Name des neuen Postfachs').fill('schlicht');
    await there.getByRole('button', { name: 'Anlegen' }).click();
    await eventually(() => there.locator('.secret').textContent()).toContain(`schlicht@${domain}`);
    await plain.close();
  });
});

describe('security headers', () => {
  it('scripts need this request’s nonce, and nobody may frame a page', async () => {
    const policies = await Promise.all([1, 2].map(async () => (await context.request.get(`${web}/sign-in`)).headers()));
    const [one, two] = policies.map((headers) => headers['content-security-policy'] ?? '');
    expect(one).toContain("frame-ancestors 'none'");
    expect(one).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}' 'strict-dynamic'/);
    expect(one).not.toBe(two);
    expect(policies[0]).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' });
    expect(policies[0]?.['x-powered-by']).toBeUndefined();
  });

  it('programs find their settings without signing in', async () => {
    const config = await context.request.get(`${web}/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=x@${domain}`);
    expect(config.headers()['content-type']).toContain('text/xml');
    expect(await config.text()).toContain('%EMAILADDRESS%');
    const body = `<Autodiscover><Request><EMailAddress>x@${domain}</EMailAddress></Request></Autodiscover>`;
    for (const path of ['/autodiscover/autodiscover.xml', '/Autodiscover/Autodiscover.xml', '/AutoDiscover/AutoDiscover.xml']) {
      const answer = await context.request.post(`${web}${path}`, { data: body, headers: { 'content-type': 'text/xml' } });
      expect([path, answer.status(), await answer.text()]).toEqual([path, 200, expect.stringContaining('<Action>settings</Action>')]);
    }
    const profile = await context.request.get(`${web}/account/profile`);
    expect(profile.headers()['content-type']).toContain('application/x-apple-aspen-config');
  });
});

type Who = 'nobody' | 'owner' | 'mailbox' | 'operator';
/** Every page beside the webmail, and who sees it. `onBy`: the link that leads on to it, where its address has a number. */
const pages: readonly { path: string; who?: Who; onBy?: string }[] = [
  { path: '/sign-in', who: 'nobody' },
  { path: '/sign-up', who: 'nobody' },
  { path: '/help', who: 'nobody' },
  { path: '/unsubscribe', who: 'nobody' },
  { path: '/nirgendwo', who: 'nobody' },
  { path: '/panel/domains' },
  { path: `/panel/domains/${domain}` },
  { path: `/panel/domains/${domain}/reports` },
  { path: '/panel/domains/new' },
  { path: '/panel/mailboxes' },
  { path: '/panel/mailboxes', onBy: `a[href^="/panel/mailboxes/"]:has-text("hanna@${domain}")` },
  { path: '/panel/mailboxes/999999999' },
  { path: '/panel/audit' },
  { path: '/panel/search?q=max' },
  { path: '/panel/addresses' },
  { path: '/panel/addresses', onBy: 'main a[href^="/panel/addresses/"]:not([href*="map"])' },
  { path: '/panel/addresses/map?address=team%40muster.at' },
  { path: '/panel/quarantine' },
  { path: '/account' },
  { path: '/panel/customers', who: 'operator' },
  { path: '/mail-settings', who: 'mailbox' },
  { path: '/mail-settings/absence', who: 'mailbox' },
  { path: '/mail-settings/filters', who: 'mailbox' },
  { path: '/mail-settings/forward', who: 'mailbox' },
  { path: '/mail-settings/moderation', who: 'mailbox' },
  { path: '/mail-settings/senders', who: 'mailbox' },
];

it('a page that fails says so, also by its title, and leads on; it does not blame itself for a database that is away', async () => {
  const failing = await context.newPage();
  // a part of the page fails in the browser, until the page is told to be whole
  await failing.addInitScript(() => {
    if (sessionStorage.getItem('whole')) return;
    const { observe } = MutationObserver.prototype;
    MutationObserver.prototype.observe = function (target, options) {
      if (target === document.body) throw new Error('held up by the test');
      observe.call(this, target, options);
    };
  });
  const heading = failing.getByRole('heading', { level: 1 });
  const says = async (title: string) => {
    await eventually(() => heading.textContent()).toBe(title);
    await eventually(() => heading.evaluate((element) => document.activeElement === element)).toBe(true);
    expect(await failing.title()).toBe(`${title} · Postamt`);
  };
  await open('/panel/mailboxes', failing);
  await says('Das hat nicht geklappt.');
  expect(await failing.locator('main').textContent()).not.toContain('Nummer');
  expect(await failing.getByRole('link', { name: 'Zur Startseite' }).getAttribute('href')).toBe('/');
  await failing.route('**/healthz', (route) => route.fulfill({ status: 503, json: { status: 'unavailable', reason: 'database' } }));
  await failing.reload();
  await says('Postamt antwortet gerade nicht.');
  await failing.evaluate(() => sessionStorage.setItem('whole', 'yes'));
  await failing.getByRole('button', { name: 'Noch einmal versuchen' }).click();
  await failing.getByRole('link', { name: `hanna@${domain}` }).waitFor();
  await failing.close();
});

it('a page that is new is among those that are looked at', () => {
  const built = readdirSync('app', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('/page.tsx') && !file.includes('(mail)/'))
    .map((file) => `/${file.replaceAll(/\([^)]*\)\/|\/?page\.tsx$/g, '')}`);
  // it only leads on
  const leadsOn = ['/panel'];
  const seen = pages.map(({ path, onBy }) => `${path.replace(/\?.*/, '')}${onBy ? '/1' : ''}`);
  const missing = built.filter((route) => !seen.some((path) => new RegExp(`^${route.replaceAll(/\[[^\]]+\]/g, '[^/]+')}$`).test(path)));
  expect(missing.filter((route) => !leadsOn.includes(route))).toEqual([]);
});

const states = new Map<Who, Promise<Awaited<ReturnType<BrowserContext['storageState']>>>>();
/** The cookies of a demo mailbox or of the operator, who sign in once. */
const stateOf = (who: 'mailbox' | 'operator') => {
  const known = states.get(who) ?? signInAs(who);
  states.set(who, known);
  return known;
};
async function signInAs(who: 'mailbox' | 'operator') {
  const { operator, demo } = sharedInstallation();
  const [mailbox] = demo;
  const login = who === 'mailbox' ? mailbox : operator && { address: operator.email, password: operator.password };
  if (!login) throw new Error('the shared installation has demo mailboxes and an operator');
  const other = await browser.newContext(wide);
  const view = await other.newPage();
  await open('/sign-in', view);
  await view.fill('input[name=address]', login.address);
  await view.fill('input[name=password]', login.password);
  await view.keyboard.press('Enter');
  await view.waitForURL((url) => url.pathname !== '/sign-in');
  const state = await other.storageState();
  await other.close();
  return state;
}

const looks = [
  { locale: 'de-AT', colorScheme: 'light', viewport: { width: 1440, height: 940 } },
  { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1440, height: 940 } },
  // 1,280 at 400 % (WCAG 1.4.10)
  { locale: 'de-AT', colorScheme: 'dark', viewport: { width: 320, height: 640 } },
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

describe.each(looks)('$locale, $colorScheme, $viewport.width px', (look) => {
  it('axe finds nothing, nothing is wider than the window, and what is pressed is high enough on a phone', {
    timeout: 180_000,
  }, async () => {
    // axe is put into the page, which the policy rightly forbids
    const seenBy = async (who: Who): Promise<Page> => {
      const storageState = who === 'nobody' ? undefined : who === 'owner' ? await context.storageState() : await stateOf(who);
      return (await browser.newContext({ ...wide, ...look, bypassCSP: true, ...(storageState ? { storageState } : {}) })).newPage();
    };
    const views = new Map<Who, Page>();
    const findings: Record<string, string[]> = {};
    // one word, nearly as long as a name may be
    await sql(sharedDatabase(), `update mailbox set name = repeat('Donaudampfschiff', 7) where address = 'hanna@${domain}'`);
    for (const { path, who = 'owner', onBy } of pages) {
      const on = views.get(who) ?? (await seenBy(who));
      views.set(who, on);
      await open(path, on);
      if (onBy) {
        await on.locator(onBy).first().click();
        await on.waitForURL((url) => url.pathname !== path);
        await hydrated(on);
      }
      expect(await on.evaluate(() => document.documentElement.lang)).toBe(look.locale);
      const found = await axeFindings(on);
      const tooWide = await on.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('main, .tablebox')].some(
          (element) => element.scrollWidth > element.clientWidth + 1,
        ),
      );
      if (tooWide) found.push('wider than the window');
      if (look.viewport.width < 720) found.push(...(await lowControls(on)));
      if (!(await on.title()).endsWith(' · Postamt')) found.push('a title that says nothing');
      if (found.length > 0) findings[onBy ? `${path} and on` : path] = found;
    }
    expect(findings).toEqual({});
    await Promise.all([...views.values()].map((view) => view.context().close()));
  });
});

it('the keyboard alone reaches the create form, the filter and the row menu', async () => {
  await open('/panel/mailboxes');
  const reached: string[] = [];
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''),
    );
  }
  expect(reached[0]).toBe('Zum Inhalt');
  for (const name of ['Name des neuen Postfachs', 'Anlegen', `Aktionen für hanna@${domain}`]) expect(reached).toContain(name);
  await page.getByRole('button', { name: `Aktionen für hanna@${domain}` }).focus();
  await page.keyboard.press('Enter');
  await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Öffnen');
  await page.keyboard.press('ArrowUp');
  await eventually(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Löschen');
  await page.keyboard.press('Escape');
  await page.getByRole('menu', { name: `hanna@${domain}` }).waitFor({ state: 'detached' });
});

it('in a window as low as that of a page enlarged four times the bars scroll away, and nothing is wider than it', async () => {
  await page.setViewportSize({ width: 320, height: 256 });
  await open('/mail-settings/absence');
  await page.evaluate(() => window.scrollTo(0, 100));
  for (const bar of ['.top', '.pbar.bottom']) {
    const { top, bottom } = await page.locator(bar).evaluate((one) => one.getBoundingClientRect().toJSON());
    expect(bottom <= 0 || top >= 256, bar).toBe(true);
  }
  for (const part of ['h1', '.page']) {
    expect(await page.locator(part).evaluate((one) => one.getBoundingClientRect().right), part).toBeLessThanOrEqual(320);
  }
  await page.setViewportSize(wide.viewport);
});

it('nothing was blocked by the policy and nothing failed to hydrate', () => {
  expect(complaints).toEqual([]);
});
