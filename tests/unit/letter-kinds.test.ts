import { describe, expect, it } from 'vitest';
import { DEFAULT_MIME_LIMITS } from '#lib/mime/limits.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { safeStyleSheet } from '#lib/webmail/html/safe-css.ts';
import { sanitizeMailHtml } from '#lib/webmail/html/sanitize-mail-html.ts';
import { readable, viewOf } from '#tests/support/letter-view.ts';
import { processorTime } from '#tests/support/processor-time.ts';

/** Kinds of letters that other programs made complaints about, each by the smallest that shows it. */

const blocked = { inlineImage: () => null, remoteImage: null };
const clean = (html: string): string => sanitizeMailHtml(html, blocked).html;
const letter = (html: string): string => `Subject: x\nContent-Type: text/html; charset=utf-8\n\n${html}`;
const png = 'Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n';

describe('what a letter shows in the place of what cannot be shown', () => {
  it.each([
    ['a film', '<video src="https://x.example/a.mp4"><source src="b.mp4"><a href="https://x.example/f">Zum Film</a></video>', 'Zum Film'],
    ['a recording', '<audio controls>Zur Aufnahme</audio>', 'Zur Aufnahme'],
    ['an object', '<object data="a.swf"><param name="a" value="b"><p>Ersatz</p></object>', 'Ersatz'],
    ['a drawing', '<canvas>Umsatz: 40</canvas>', 'Umsatz: 40'],
    ['a formula', '<math><mi>x</mi><mo>=</mo><mn>42</mn><annotation encoding="application/x-tex">\\quad</annotation></math>', 'x=42'],
    ['readings above signs', '<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>', '東京(とうきょう)'],
  ])('%s', (_, html, words) => expect(readable(viewOf(letter(html)))).toBe(words));

  it('a form shows what stands in its fields, and says that it cannot be filled in', () => {
    const view = viewOf(
      letter(
        '<form action="https://x.example"><input type="radio" checked> Gut <input type="checkbox"> Neu <input value="AB-12"><input type="hidden" value="geheim">' +
          '<input type="password" value="geheim"><select><option>Eins<option selected>Zwei</select><textarea>Zeile 1\nZeile 2</textarea><input type="submit" value="Senden"></form>',
      ),
    );
    expect(readable(view)).toBe('◉ Gut ☐ Neu AB-12 Zwei Zeile 1 Zeile 2 Senden');
    expect(view.notes).toEqual(['form']);
    expect(viewOf(letter('<form><p>Guten Tag</p><input type="hidden" name="a"></form>')).notes).toEqual([]);
  });

  it.each([
    ['a smile of Outlook', 'Danke <span style="font-family:Wingdings">J</span>', 'Danke ☺'],
    ['a tick', '<font face="Wingdings">ü</font> erledigt', '✓ erledigt'],
    ['as characters for private use', '<span style="font-family:Wingdings">\uf0e0</span> weiter', '→ weiter'],
    [
      'the dot of a list, and the blanks behind it',
      `<span style='font-family:Symbol'>·<span style='font:7.0pt "Times New Roman"'>·&nbsp;</span></span>Punkt`,
      '•· Punkt',
    ],
    ['not in a font of letters', '<span style="font-family:Arial, Wingdings">J</span> J', 'J J'],
    ['a tick of another one', '<span style="font-family:\'Wingdings 2\'">P</span> ja', '✓ ja'],
    ['an icon of any other font of icons is none of them', '<i class="bi-icon">\uf0e0</i> Post', '\uf0e0 Post'],
    ['an icon of a font of icons is none of them', '<i style="font-family:FontAwesome">\uf0e0</i> Post', '\uf0e0 Post'],
    ['a dot of Word without its font', '\uf0b7 Punkt \uf123', '• Punkt \uf123'],
  ])('signs that are written as letters of a font of signs: %s', (_, html, words) => expect(readable(viewOf(letter(html)))).toBe(words));

  it('signs of Word are known in plain text, and what is quoted has them too', () => {
    expect(readable(viewOf('Subject: x\nContent-Type: text/plain; charset=utf-8\n\n\uf0b7 Punkt \uf04a\n'))).toBe('• Punkt ☺');
    expect(clean('<span style="font-family:Wingdings">J</span>')).toContain('>☺<');
  });

  it('who hides the whole letter shows it all the same; of two declarations the last holds', () => {
    expect(clean('<body style="display:none;color:#ff0000;opacity:0"><p>x</p></body>')).toContain('style=";color:#ff0000;"');
    expect(viewOf(letter('<div style="display:none">a</div><div style="display:none;display:block">b</div>')).html).toContain(
      'display:block',
    );
  });

  it('a menu that never ends swallows nothing', () =>
    expect(readable(viewOf(letter('<select><option>a<p>Rest des Briefes</p>')))).toContain('Rest des Briefes'));
});

describe('styles as today’s builders write them', () => {
  it.each([
    ['of the root', '<style>:root{--a:#ff0000}p{color:var(--a)}</style><p>x</p>', 'color:#ff0000'],
    ['with capitals in their names', '<style>:root{--Ab:#ff0000;--ab:#00ff00}p{color:var(--Ab)}</style><p>x</p>', 'color:#ff0000'],
    ['what stands for a missing one', '<p style="color:var(--a, var(--b, #ff0000))">x</p>', 'color:#ff0000'],
    ['one in another', '<style>html{--a:var(--b);--b:12px}p{padding:var(--a) 2px}</style><p>x</p>', 'padding:12px 2px'],
    ['of the element around it', '<body style="--a:#ff0000"><p style="color:var(--a)">x</p></body>', 'color:#ff0000'],
    [
      'not those for the dark',
      '<style>@media (prefers-color-scheme:dark){:root{--a:#000000}}:root{--a:#ff0000}@media (prefers-color-scheme:dark){:root{--a:#000000}}p{color:var(--a)}</style><p>x</p>',
      'color:#ff0000',
    ],
  ])('custom properties: %s', (_, html, written) => expect(clean(html)).toContain(written));

  it('custom properties that name themselves, or are nowhere, cost their declaration only', () => {
    const html = '<style>:root{--a:var(--b);--b:var(--a)}p{color:var(--a);margin:var(--c);padding:4px}</style><p>x</p>';
    expect(clean(html)).toContain('p{padding:4px}');
  });

  it('custom properties that multiply end at once', () => {
    const bombs = Array.from({ length: 20 }, (_, at) => `--v${at}:${`var(--v${at + 1})`.repeat(10)};`).join('');
    const begun = processorTime();
    const html = clean(`<style>:root{${bombs}--v20:1px}${'p{margin:var(--v0)}'.repeat(2000)}</style><p>x</p>`);
    expect(processorTime() - begun).toBeLessThan(2000);
    expect(html).not.toContain('margin');
  });

  it.each([
    ['asks for the height of the window', '@media (max-height:500px){p{padding:90px}}'],
    ['asks how the window lies', '@media screen and (orientation:landscape){p{padding:90px}}'],
  ])('a rule that %s is left out: the frame is as high as its letter', (_, sheet) =>
    expect(safeStyleSheet(sheet, { scope: 'm0', dark: false, picture: () => null })).toBe(''),
  );

  it('letters are not cut out of their background, where no colour could be read', () => {
    const html = clean('<h1 style="background:linear-gradient(#111,#222);background-clip:text;color:transparent">x</h1>');
    expect(html).toContain('linear-gradient');
    expect(html).not.toContain('background-clip');
  });

  it('columns of a grid stand beside each other, up to a number that a page has', () => {
    expect(clean('<div style="grid-template-columns:repeat(2, minmax(100px, 1fr))">x</div>')).toContain('repeat(2,minmax(100px,1fr))');
    expect(clean('<div style="grid-template-columns:repeat(100000, 1px)">x</div>')).not.toContain('repeat');
  });

  it('a picture as data may carry parameters', () =>
    expect(clean('<img src="data:image/png;charset=utf-8;base64,iVBORw0KGgo=">')).toContain('src="data:image/png'));
});

describe('which part is the letter', () => {
  it.each([
    ['a comment', '<body><!--[if mso]><p>Der Inhalt</p></body>'],
    ['a style sheet', '<style>p{color:red}<body><p>Der Inhalt</p></body>'],
  ])('what stands behind %s that never ends, where there is nothing else', (_, html) => {
    expect(readable(viewOf(letter(html)))).toBe('Der Inhalt');
    const parts = ['text/plain\n\nDer Text', `text/html\n\n${html}`].map((part) => `--a\nContent-Type: ${part}\n`).join('');
    expect(readable(viewOf(`Subject: x\nContent-Type: multipart/alternative; boundary=a\n\n${parts}--a--\n`))).toBe('Der Text');
  });

  it('a text with a name behind one that is empty', () => {
    const named = (before: string) =>
      viewOf(
        `Subject: x\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\n${before}\n--m\nContent-Type: text/html; charset=utf-8; name="body.html"\n\n<p>Der Inhalt</p>\n--m--\n`,
      );
    expect(readable(named(''))).toBe('Der Inhalt');
    expect(named('').attachments).toEqual([]);
    expect(readable(named('Guten Tag'))).toBe('Guten Tag');
    expect(named('Guten Tag').attachments).toMatchObject([{ name: 'body.html' }]);
  });

  it('all of it where it calls itself an attachment and has no name', () => {
    const alone = (disposition: string) =>
      viewOf(`Subject: x\nContent-Type: text/plain\nContent-Disposition: ${disposition}\n\nDer Inhalt\n`);
    expect(readable(alone('attachment'))).toBe('Der Inhalt');
    expect(alone('attachment').attachments).toEqual([]);
    expect(alone('attachment; filename=a.txt').attachments).toMatchObject([{ name: 'a.txt' }]);
  });

  it('of related parts the text, also behind its picture', () => {
    const view = viewOf(
      `Subject: x\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: image/png\nContent-ID: <p@x>\n${png}--b\nContent-Type: text/html\n\n<p>Text <img src="cid:p@x"></p>\n--b--\n`,
    );
    expect(view.html.match(/<img/g)).toHaveLength(1);
    expect(view.attachments).toEqual([]);
  });

  it.each([
    ['blanks within the brackets', 'Content-ID: < a@b >', 'cid:a@b'],
    ['raw letters in its place', 'Content-Location: bilder/fünf.png', 'bilder/f%C3%BCnf.png'],
    ['encoded words in its place', 'Content-Location: =?utf-8?Q?f=C3=BCnf.png?=', 'fünf.png'],
  ])('a picture is known by its name, with %s', (_, head, reference) => {
    const source = `Subject: x\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n<p><img src="${reference}"></p>\n--b\nContent-Type: image/png\n${head}\n${png}--b--\n`;
    expect(viewOf(source).html).toContain('src="/api/mail/part?part=2');
  });

  it('a multipart whose header names no boundary is read by the one that its body begins with', () => {
    const parts = '--=_1 \nContent-Type: text/plain\n\narm\n--=_1\nContent-Type: text/html\n\n<b>reich</b>\n--=_1--\n';
    expect(readable(viewOf(`Subject: x\nContent-Type: multipart/alternative\n\n${parts}`))).toBe('reich');
    const empty = `--o\nContent-Type: multipart/mixed\n\n--o\nContent-Type: text/plain\n\nTeil des äußeren\n--o--\n`;
    const outer = scanEntities(Buffer.from(`Content-Type: multipart/mixed; boundary=o\n\n${empty}`), DEFAULT_MIME_LIMITS);
    expect(outer.children.map(({ type }) => type)).toEqual(['multipart', 'text']);
    expect(readable(viewOf('Subject: x\nContent-Type: multipart/mixed\n\n-- \nkein Anfang eines Teils'))).toContain('kein Anfang');
  });

  it('the first piece of a message that was cut says what it says, and that it is one', () => {
    const piece = (inside: string) =>
      viewOf(`Subject: x\nContent-Type: message/partial; id=a; number=1; total=3\n\nSubject: y\n${inside}\n`);
    const view = piece('Content-Type: text/plain; charset=utf-8\n\nAnfang');
    expect(readable(view)).toBe('Anfang');
    expect(view.notes).toEqual(['partial']);
    expect(readable(piece('Content-Type: text/html\n\n<p>Anf<b>ang</b></p>'))).toBe('Anfang');
  });

  it.each([
    ['a URL', 'access-type=URL; URL="https://x.example/a\n b.pdf"', 'https://x.example/ab.pdf'],
    ['a server of files', 'access-type=anon-ftp; site=ftp.x.example; directory=/pub/; name=a.txt', 'ftp://ftp.x.example/pub/a.txt'],
  ])('what lies elsewhere says where: %s', (_, parameters, address) => {
    const view = viewOf(
      `Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSiehe\n--b\nContent-Type: message/external-body; ${parameters}\n\nContent-Type: text/plain\n\n--b--\n`,
    );
    expect(readable(view)).toBe(`Siehe ${address}`);
    expect(view.attachments).toEqual([]);
  });

  it('the euro of old Macs, and a list’s lines below base64', () => {
    const mac = Buffer.concat([Buffer.from('Content-Type: text/plain; charset=macintosh\r\n\r\n5 '), Buffer.from([0xdb])]);
    expect(readable(viewOf(mac))).toBe('5 €');
    for (const line of ['-- ', '--']) {
      const body = `${Buffer.from('Grüße aus Wien').toString('base64')}\n${line}\nVerein Liste\n`;
      expect(readable(viewOf(`Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${body}`))).toBe(
        'Grüße aus Wien -- Verein Liste',
      );
    }
  });

  it('raw Korean and Chinese of seven bits in a header is read', () => {
    const of = (charset: string, subject: string) =>
      viewOf(Buffer.from(`Subject: ${subject}\r\nContent-Type: text/plain; charset=${charset}\r\n\r\nx`, 'latin1')).subject;
    expect(of('iso-2022-kr', '\x1b$)C\x0e>H3g\x0f ok')).toBe('안녕 ok');
    expect(of('hz-gb-2312', '~{7"F1~} ok')).toBe('发票 ok');
    expect(of('utf-8', '~{7"F1~} ok')).toBe('~{7"F1~} ok');
  });

  it('text/enriched keeps its colours', () => {
    const html = (text: string): string => viewOf(`Subject: x\nContent-Type: text/enriched\n\n${text}\n`).html;
    expect(html('<color><param>red</param>rot</color> nicht')).toMatch(
      /<font style="--hint-color:light-dark\(#ff0000,[^"]*">rot<\/font> nicht/,
    );
    expect(html('<color><param>0000,ffff,0000</param>grün</color>')).toContain('light-dark(#00ff00,');
    expect(html('<color><param>"><b>x</param>Text</color>')).not.toContain('<b>');
  });

  it('GroupWise’s line above a quotation is no quotation', () => {
    const line = '>>> Max Muster <max@muster.at> 30.11.2026 08:00 >>>';
    const { blocks } = viewOf(`Subject: x\n\nGerne.\n\n${line}\nKommst du?\n> Und Anna?\n`);
    expect(blocks.map(({ depth, tail = false }) => [depth, tail])).toEqual([
      [0, false],
      [0, true],
      [1, true],
    ]);
    expect(readable(viewOf(`Subject: x\n\n${line}\nKommst du?\n`))).toBe(`${line} Kommst du?`);
  });

  it('a zone is known behind whatever its program put before its name', () => {
    const event =
      'BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:a\nSUMMARY:t\nDTSTART;TZID=/freeassociation.sourceforge.net/Tzfile/America/New_York:20261210T090000\nEND:VEVENT\nEND:VCALENDAR\n';
    const { calendar } = viewOf(`Subject: x\nContent-Type: text/calendar; method=REQUEST\n\n${event}`);
    expect(calendar?.start).toMatchObject({ at: '2026-12-10T14:00:00.000Z', zone: 'America/New_York' });
  });
});
