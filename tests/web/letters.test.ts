import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningFile } from '#lib/launcher/running-file.ts';
import de from '#lib/i18n/messages/de/mail.json' with { type: 'json' };
import en from '#lib/i18n/messages/en/mail.json' with { type: 'json' };
import { eventually } from '#tests/support/eventually.ts';
import { sharedInstallation, switchSpamFilterOff } from '#tests/support/installation.ts';
import { oddLetter } from '#tests/support/letter-view.ts';
import {
  axeFindings,
  deliver,
  demoLogins,
  launchBrowser,
  signInToWebmail,
  uidsOf,
  unique,
  withLook,
  withMailbox,
} from '#tests/support/webmail.ts';

let running: RunningFile;
let browser: Browser;
let signedIn: BrowserContext;
let max: RunningFile['demo'][number];
let erika: RunningFile['demo'][number];

beforeAll(async () => {
  running = sharedInstallation();
  [max, erika] = demoLogins(running);
  await switchSpamFilterOff();
  browser = await launchBrowser();
  signedIn = await signInToWebmail(browser, running, max);
});
afterAll(() => browser?.close());

const crlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');

describe.each([
  { locale: 'de' as const, theme: 'light' as const, width: 1440, text: de.read },
  { locale: 'en' as const, theme: 'dark' as const, width: 390, text: en.read },
])('a letter in $locale, $theme, $width px', ({ locale, theme, width, text }) => {
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  const begin = async (): Promise<void> => {
    page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
  };
  beforeAll(async () => {
    context = await withLook(browser, signedIn, running, { locale, theme, width });
    await begin();
  });
  afterAll(() => context?.close());
  /** What a failed test left open or held up stands in the way of nobody. */
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      await page.close();
      await begin();
    }
    expect(errors.splice(0)).toEqual([]);
  });

  const letter = () => page.locator('.msg.open');
  const open = async (subject: string): Promise<void> => {
    const [uid] = await uidsOf(running, max, 'INBOX', subject);
    await page.goto(`${running.web}/mail/INBOX?m=${uid}`);
    await letter().waitFor();
  };
  const openNew = async (subject: string, raw: string | Buffer): Promise<void> => {
    await deliver(running, max.address, { subject, raw: typeof raw === 'string' ? crlf(raw) : raw });
    await open(subject);
  };

  const event = (id: string, title: string, method: string, sequence: number, hour = 10): string =>
    `BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:${method}\nBEGIN:VEVENT\nUID:${id}@extern.example\nSEQUENCE:${sequence}\n` +
    `DTSTAMP:2026110${sequence + 1}T080000Z\nDTSTART;TZID=America/New_York:20261210T${hour}0000\nDTEND;TZID=America/New_York:20261210T${hour + 1}0000\n` +
    `RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=4\nORGANIZER;CN=Erika:mailto:${erika.address}\nATTENDEE;CN=Max;PARTSTAT=NEEDS-ACTION:mailto:${max.address}\n` +
    `SUMMARY:${title}\nLOCATION:Zimmer 2\nEND:VEVENT\nEND:VCALENDAR\n`;
  const invitation = (subject: string, id: string, method: string, sequence: number, hour?: number): string =>
    `From: Kalender <kalender@extern.example>\nTo: ${max.address}\nSubject: ${subject}\nMessage-ID: <${randomUUID()}@extern.example>\n` +
    `MIME-Version: 1.0\nContent-Type: text/calendar; charset=utf-8; method=${method}\n\n${event(id, `Treffen ${id}`, method, sequence, hour)}`;

  it('an invitation is answered by mail, and what follows it is understood', async () => {
    const id = randomUUID().slice(0, 8);
    const [first, second, third] = [unique('Einladung'), unique('Geändert'), unique('Entfällt')];
    const card = letter().locator('.calendar-card');
    await openNew(first, invitation(first, id, 'REQUEST', 0));
    // ten in New York is four in the afternoon in Vienna
    await card.getByText('16:00', { exact: false }).first().waitFor();
    await card.getByText(/10:00.* in New York/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await card.getByRole('button', { name: text.calendar.answer.ACCEPTED }).click();
    await card.getByText(text.calendar.said.ACCEPTED).waitFor();
    const subject = `${text.calendar.letter.subject.ACCEPTED.replace('{title}', `Treffen ${id}`)}`;
    await eventually('the answer with the organizer', async () => (await uidsOf(running, erika, 'INBOX', subject)).length === 1);
    const source = await withMailbox(running, erika, async (client) => {
      await client.mailboxOpen('INBOX', { readOnly: true });
      const [uid] = (await client.search({ subject }, { uid: true })) || [];
      const structure = await client.fetchOne(String(uid), { bodyStructure: true, envelope: true }, { uid: true });
      if (!structure) throw new Error('gone');
      expect(structure.envelope?.from?.[0]?.address).toBe(max.address);
      const part = structure.bodyStructure?.childNodes?.find((one) => one.type === 'text/calendar');
      expect(part?.parameters).toMatchObject({ method: 'REPLY', charset: 'UTF-8' });
      const { content } = await client.download(String(uid), part?.part, { uid: true });
      const chunks: Buffer[] = [];
      for await (const chunk of content ?? []) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    });
    expect(source).toMatch(/METHOD:REPLY[\s\S]*PARTSTAT=ACCEPTED[^\n]*:mailto:max@muster\.at/);
    await open(first);
    await card.getByText(text.calendar.said.ACCEPTED).waitFor();

    await openNew(second, invitation(second, id, 'REQUEST', 1, 12));
    await card.getByText(text.calendar.update).waitFor();
    await card.getByText('18:00', { exact: false }).first().waitFor();
    expect(await card.getByText(text.calendar.was).innerText()).toMatch(/16:00 – 17:00/);
    await card.getByText(text.calendar.before.replace('{answer}', text.calendar.said.ACCEPTED)).waitFor();
    await open(first);
    await card.getByText(text.calendar.outdated).waitFor();
    expect(await card.getByRole('button').count()).toBe(0);

    await openNew(third, invitation(third, id, 'CANCEL', 2));
    await card.getByText(text.calendar.isCancelled).waitFor();
    await open(second);
    await card.getByText(text.calendar.isCancelled).waitFor();
    expect(await card.getByRole('button').count()).toBe(0);
  });

  it('its files are shown over the page, one after the other, and come as one archive', async () => {
    const subject = unique('Dateien');
    const part = (type: string, name: string, bytes: Buffer) =>
      `--b\nContent-Type: ${type}\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${bytes.toString('base64').replace(/.{76}/g, '$&\n')}\n`;
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    const inner = Buffer.from(crlf('From: a@b.example\nCc: Petra <petra@b.example>\nSubject: Innen\n\nText des inneren Briefes\n'));
    await openNew(
      subject,
      `From: a@extern.example\nTo: ${max.address}\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSiehe Anhang\n${part('image/png', 'Bild.png', png)}${part('application/pdf', 'Plan.pdf', onePage('Lageplan'))}${part('text/plain', 'Liste.txt', Buffer.from('Grüße aus der Liste'))}${part('text/plain', 'Liste.txt', Buffer.from('Zweite'))}${part('application/octet-stream', 'Gesperrt.pdf', locked)}${part('message/rfc822', 'Brief.eml', inner)}--b--\n`,
    );
    await letter().locator('img.thumbnail').waitFor();
    const viewer = page.locator('dialog.viewer');
    await letter().locator('.att-open').filter({ hasText: 'Bild.png' }).click();
    await viewer.locator('img').waitFor();
    await eventually('the picture', () => viewer.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth > 0));
    await page.keyboard.press('ArrowRight');
    // the page of the PDF is not white: something was drawn
    await eventually('the page', () =>
      viewer
        .locator('canvas')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => {
          const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          let dark = 0;
          for (let at = 0; at < pixels.length; at += 4) if ((pixels[at + 3] ?? 0) > 0 && (pixels[at] ?? 255) < 100) dark += 1;
          return dark > 50;
        }),
    );
    // on a slow way
    const { promise: comes, resolve: letCome } = Promise.withResolvers<void>();
    const isFile = (url: URL) => url.pathname === '/api/mail/part';
    await page.route(isFile, (route) => comes.then(() => route.continue()));
    await page.keyboard.press('ArrowRight');
    await viewer.getByText(text.viewer.loading).waitFor();
    letCome();
    await viewer.getByText('Grüße aus der Liste').waitFor();
    await page.unroute(isFile);
    await viewer.getByText(text.viewer.loading).waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const password = viewer.getByLabel(text.viewer.password);
    await password.fill('falsch');
    await password.press('Enter');
    await viewer.getByText(text.viewer.wrongPassword).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await password.fill('geheim');
    await password.press('Enter');
    await viewer.locator('canvas').waitFor();
    await password.waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowLeft');
    expect(await axeFindings(page)).toEqual([]);
    await viewer.getByRole('button', { name: text.viewer.next }).click();
    await password.waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer.getByText('Zweite').waitFor();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    const [download] = await Promise.all([page.waitForEvent('download'), letter().getByText(text.allAsZip).click()]);
    expect(download.suggestedFilename()).toBe(`${subject}.zip`);
    const zip = readFileSync(await download.path()).toString('latin1');
    expect(zip.startsWith('PK')).toBe(true);
    for (const name of ['Bild.png', 'Plan.pdf', 'Liste.txt', 'Liste (2).txt', 'Brief.eml']) expect(zip).toContain(name);
    await letter().locator('.att-open').filter({ hasText: 'Brief.eml' }).click();
    await page.locator('.inner-letter').getByText('Text des inneren Briefes').waitFor();
    await page.locator('.inner-letter').getByText('Cc: Petra <petra@b.example>').waitFor();
  });

  it.each([
    ['60-smime-detached.eml', 'unchanged'],
    ['61-smime-opaque.eml', 'unchanged'],
    ['62-smime-changed.eml', 'changed'],
  ] as const)('a signature by S/MIME is checked: %s is %s', async (name, state) => {
    const subject = unique('Signiert');
    const raw = oddLetter(name)
      .toString('latin1')
      .replace(/^Message-ID: .*\r?\n/m, '')
      .replace(/^Subject: .*$/m, `Subject: ${subject}`);
    await openNew(subject, Buffer.from(raw, 'latin1'));
    const words = text.signature[state].replace('{who}', 'Erika Musterfrau').replace('{issuer}', 'Muster CA');
    await letter().getByText(words, { exact: false }).waitFor();
    await page.getByText('Der Vertrag gilt', { exact: false }).first().waitFor();
  });

  it.each(['60-smime-detached.eml', '61-smime-opaque.eml'])(
    'of a letter around what was signed, nobody is told that it is: %s',
    async (name) => {
      const subject = unique('Umgebaut');
      const [head = '', body = ''] = oddLetter(name)
        .toString('latin1')
        .split(/\r?\n(?=Content-Type: (?:multipart\/signed|application\/(?:x-)?pkcs7-mime))/);
      const around =
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=um\n\n--um\nContent-Type: text/plain\n\nZahlen Sie anderswo.\n--um';
      const raw = `${head.replace(/^Subject: .*$/m, `Subject: ${subject}`).replace(/^(MIME-Version|Message-ID).*\r?\n/gim, '')}\n${around}\n${body}\n--um--\n`;
      await openNew(subject, Buffer.from(raw, 'latin1'));
      await letter().getByText(text.signature.ofPart).waitFor();
    },
  );

  it('says when a sender looks like somebody known, and where a link really leads', async () => {
    const subject = unique('Dringend');
    const name = await nameOfErika();
    await openNew(
      subject,
      `From: ${name} <chefin@gratis.example>\nTo: ${max.address}\nReply-To: x@anders.example\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: text/html\n\n<a href="https://evil.example/x">www.musterbank.at</a>`,
    );
    const known = text.cautions.sameName
      .replace('{name}', name)
      .replace('{known}', erika.address)
      .replace('{address}', 'chefin@gratis.example');
    await letter().getByText(known).waitFor();
    await letter().getByText(text.cautions.link.replace('{host}', 'evil.example')).waitFor();
    await letter().getByText(text.replyElsewhere).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('a letter made for a wide window fits, keeps its columns, its shapes and what stands on pictures', async () => {
    const subject = unique('Breit');
    const pixel = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
    const html =
      `<table width="600" style="width:600px"><tr><td background="cid:bild@x" style="padding:20px;color:#000000">Auf dem Bild</td></tr></table>` +
      `<table width="600"><tr><td width="300">Links ein Satz</td><td width="300">Rechts ein Satz</td></tr></table>` +
      `<table width="600"><tr><td><img alt="Nicht geladen" src="https://cdn.example/a.png" width="600" height="90"></td></tr></table>` +
      `<img alt="Linie" src="data:image/gif;base64,${pixel}" width="600" height="20"><pre>ab   12%\nabcd  3%</pre>`;
    await openNew(
      subject,
      `From: a@extern.example\nTo: ${max.address}\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n` +
        `--b\nContent-Type: text/html\n\n${html}\n--b\nContent-Type: image/gif\nContent-ID: <bild@x>\nContent-Transfer-Encoding: base64\n\n${pixel}\n--b--\n`,
    );
    const frame = letter().frameLocator('iframe.mail-frame');
    await frame.getByText('Auf dem Bild').waitFor();
    const body = frame.locator('body');
    await eventually('a letter as wide as its frame', () => body.evaluate((element) => element.scrollWidth <= element.clientWidth + 1));
    const line = await frame.getByAltText('Linie').boundingBox();
    expect(line && line.height / line.width).toBeCloseTo(20 / 600, 1);
    const columns = frame.locator('pre');
    expect(await columns.evaluate((element) => getComputedStyle(element).fontFamily)).toMatch(/mono/i);
    expect(await columns.evaluate((element) => getComputedStyle(element).whiteSpace)).toMatch(/^pre$/);
    const onPicture = frame.getByText('Auf dem Bild');
    await eventually('the colour it was sent with', () =>
      onPicture.evaluate((element) => getComputedStyle(element).color === 'rgb(0, 0, 0)'),
    );
  });

  it('files that stand in the text are opened, text files in the charset they were sent in', async () => {
    const subject = unique('Uuencode');
    const body = 'Hallo,\n\nbegin 644 Notiz.txt\n026YH86QT(&1E<B!.;W1I>@\n`\nend\n\nEnde\n';
    const latin1 = Buffer.from(
      crlf(
        `From: a@extern.example\nTo: ${max.address}\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n${body}` +
          `--b\nContent-Type: text/plain; charset=iso-8859-1; name=Alt.txt\nContent-Disposition: attachment; filename=Alt.txt\n\nGr\xfc\xdfe\n--b--\n`,
      ),
      'latin1',
    );
    await openNew(subject, latin1);
    const textOf = async (name: string): Promise<string> => {
      const href = await letter().locator('.att-open').filter({ hasText: name }).getAttribute('href');
      return (await context.request.get(`${running.web}${href}`)).text();
    };
    expect(await textOf('Notiz.txt')).toBe('Inhalt der Notiz');
    expect(await textOf('Alt.txt')).toBe('Grüße');
    expect(await letter().locator('.mail-body').innerText()).toMatch(/Hallo,\s+Ende/);
  });

  it('is given a label that other programs see, and has it taken off', async () => {
    const subject = unique('Schlagwort');
    await deliver(running, max.address, { subject });
    await open(subject);
    const { labels } = locale === 'de' ? de : en;
    const choose = async (): Promise<void> => {
      await page.getByRole('button', { name: labels.give, exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: labels.known.label4 }).click();
    };
    const flags = (): Promise<string[]> =>
      withMailbox(running, max, async (client) => {
        await client.mailboxOpen('INBOX', { readOnly: true });
        const [uid] = (await client.search({ subject }, { uid: true })) || [];
        const row = await client.fetchOne(String(uid), { flags: true }, { uid: true });
        return row === false ? [] : [...(row.flags ?? [])].map((flag) => flag.toLowerCase());
      });
    const chip = page.locator('.subject .label-chip', { hasText: labels.known.label4 });
    await choose();
    await chip.waitFor();
    await eventually('the keyword', async () => (await flags()).includes('$label4'));
    await choose();
    await chip.waitFor({ state: 'detached' });
    await eventually('no keyword', async () => !(await flags()).includes('$label4'));
    // by its name it is the same one, not a second of that name
    const other = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: labels.give, exact: true }).click();
      await page.getByRole('menuitem', { name: labels.other }).click();
      await page.getByRole('combobox', { name: labels.name, exact: true }).fill(name);
    };
    await other(labels.known.label4.toLowerCase());
    await page.keyboard.press('Enter');
    await eventually('the keyword by its name', async () => (await flags()).includes('$label4'));
    await other('Büro');
    await page.keyboard.press('Enter');
    await page.getByText(labels.wrong).waitFor();
    await page.getByRole('combobox', { name: labels.name, exact: true }).fill('Steuer 2026');
    await page.keyboard.press('Enter');
    await page.locator('.subject .label-chip', { hasText: 'Steuer-2026' }).waitFor();
    await eventually('the word', async () => (await flags()).includes('steuer-2026'));
  });

  it('takes its reader off a list by a letter where nothing better vouches for it', async () => {
    const subject = unique('Neuigkeiten');
    const wish = unique('abmelden');
    await openNew(
      subject,
      `From: Liste <liste@extern.example>\nTo: ${max.address}\nSubject: ${subject}\nList-Unsubscribe: <mailto:${erika.address}?subject=${encodeURIComponent(wish)}>, <https://extern.example/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nHallo`,
    );
    await letter().getByRole('button', { name: text.unsubscribe.action }).click();
    await letter().getByText(text.unsubscribe.isDone).waitFor();
    await eventually('the wish with the list', async () => (await uidsOf(running, erika, 'INBOX', wish)).length === 1);
  });

  // nobody has it: what counts is that our server is asked
  const pictureAsked = () => page.waitForRequest((request) => request.url().includes('/api/mail/image?of='));

  it('loads pictures of a sender without asking, once told to, until told otherwise', async () => {
    const [first, second] = [unique('Bilder'), unique('Bilder')];
    for (const subject of [first, second]) await submitFromErika(subject);
    await open(first);
    await letter().getByRole('button', { name: text.alwaysImages }).click();
    await letter().getByRole('button', { name: text.showImages }).waitFor({ state: 'detached' });
    const asked = pictureAsked();
    await open(second);
    await asked;
    await letter().getByRole('button', { name: text.picturesAsk }).click();
    await page.getByText(text.picturesAsked.replace('{address}', erika.address)).waitFor();
    await open(second);
    await letter().getByRole('button', { name: text.showImages }).waitFor();
  });

  it('loads pictures of people its reader has written to, if that was chosen', async () => {
    const subject = unique('Bilder');
    await submitFromErika(subject);
    const choose = (pictures: string) =>
      page.evaluate(
        async ({ pictures, address }) => {
          const headers = { 'content-type': 'application/json', 'x-postamt-mailbox': encodeURIComponent(address) };
          return (await fetch('/api/mail/settings', { method: 'PATCH', body: JSON.stringify({ pictures }), headers })).status;
        },
        { pictures, address: max.address },
      );
    await page.goto(`${running.web}/mail/INBOX`);
    expect(await choose('known')).toBe(200);
    try {
      const asked = pictureAsked();
      await open(subject);
      await asked;
    } finally {
      await choose('ask');
    }
    await open(subject);
    await letter().getByRole('button', { name: text.showImages }).waitFor();
  });

  const nameOfErika = async (): Promise<string> => {
    const asked = await context.request.post(`${running.web}/api/mail/people`, {
      data: { q: erika.address },
      headers: { origin: running.web, 'x-postamt-mailbox': encodeURIComponent(max.address) },
    });
    const { people } = (await asked.json()) as { people: { name: string; address: string }[] };
    return people.find(({ address }) => address === erika.address)?.name ?? '';
  };

  const submitFromErika = async (subject: string): Promise<void> => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: running.ports.submissions,
      secure: true,
      tls: { ca: readFileSync(running.ca), servername: running.host },
      auth: { user: erika.address, pass: erika.password },
    });
    try {
      await transport.sendMail({
        from: erika.address,
        to: max.address,
        subject,
        html: '<p>Hallo</p><img src="https://pictures.example/a.png" width="80" height="80">',
      });
    } finally {
      transport.close();
    }
    await eventually('the letter', async () => (await uidsOf(running, max, 'INBOX', subject)).length === 1);
  };
});

/** Opens with "geheim". */
const locked = readFileSync(new URL('../fixtures/locked.pdf', import.meta.url));

/** The smallest PDF with a line of text. */
function onePage(line: string): Buffer {
  const stream = `BT /F1 40 Tf 60 700 Td (${line}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = pdf.length;
    pdf += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return String(offset).padStart(10, '0');
  });
  const table = pdf.length;
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${offset} 00000 n \n`).join('')}`;
  return Buffer.from(`${pdf}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`);
}
