import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canBeRead } from '#components/mail/compose/files-of.ts';
import { looksLikeAddress, parseAddressList, writtenPerson } from '#lib/webmail/writing/address-list.ts';
import { envelopeRecipients } from '#lib/webmail/writing/build-letter.ts';
import { hasNoFile, namesFile, withSignature } from '#components/mail/compose/written-text.ts';
import { mailtoRequest } from '#components/mail/letter/mailto-request.ts';
import { momentOf, wallClock } from '#lib/webmail/calendar/zoned-instant.ts';
import { contentIdsIn } from '#lib/webmail/writing/carried-html.ts';
import { carryHtml } from '#lib/webmail/html/carry-html.ts';
import type { PictureNames } from '#lib/webmail/html/find-picture.ts';
import { flowLines } from '#lib/mime/flowed-text.ts';
import { flowText } from '#lib/webmail/writing/flow-text.ts';
import { apartFromSheets, htmlDocument, placeOf, wholeHtml } from '#lib/webmail/writing/letter-html.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { threadOf } from '#lib/webmail/writing/message-ids.ts';
import { isOwnAddress } from '#lib/webmail/writing/own-addresses.ts';
import { plainTextOf } from '#lib/webmail/view/plain-text.ts';
import { paragraphs, quoteForForward, quoteForReply, withWritten, writtenAsHtml } from '#lib/webmail/writing/quote-text.ts';
import { replyRecipients } from '#lib/webmail/writing/reply-recipients.ts';
import { forwardSubject, replySubject, withoutReplyMarks } from '#lib/webmail/reading/subject-marks.ts';
import { linkPieces, textBlocks, textOfBlocks } from '#lib/webmail/view/text-blocks.ts';
import { parseHeader } from '#lib/mime/parse-header.ts';
import { unknownProvenance, type Provenance, type Verdict } from '#lib/mime/judgement.ts';
import { isOwn, trustOf } from '#lib/webmail/trust/trust.ts';
import { processorTime } from '#tests/support/processor-time.ts';

const anna = { name: 'Anna Leitner', address: 'anna@leitner-holz.example' };
const max = { name: 'Max Muster', address: 'max@muster.at' };
const erika = { name: 'Erika', address: 'erika@muster.at' };

describe('what an answer says of the letter before', () => {
  it.each([
    ['parted by blanks and line ends', '<a@x>\t<b@x>', ['<a@x>', '<b@x>', '<c@x>']],
    ['parted by nothing, or by commas', '<a@x><b@x>,<d@x>', ['<a@x>', '<b@x>', '<d@x>', '<c@x>']],
    ['but for what is not ASCII, since no host without SMTPUTF8 could be given that', '<a@x> <b\u00c3\u00a4@x>', ['<a@x>', '<c@x>']],
    ['with words between', 'Message of Mon <a@x> (from Max)', ['<a@x>', '<c@x>']],
    ['not at all', '', ['<i@x>', '<c@x>']],
  ])('names all that it names: %s', (_, references, all) =>
    expect(threadOf({ messageId: '<c@x>', inReplyTo: '<i@x>', references })).toEqual({ inReplyTo: '<c@x>', references: all }),
  );

  it('is nothing where that has no name', () => {
    expect(threadOf({ messageId: 'kein Name', inReplyTo: '<i@x>', references: '<a@x>' })).toEqual({ inReplyTo: '', references: [] });
  });
});

describe('a signature in plain text', () => {
  it.each([
    ['Gern.\n\nMax\n\n> Hallo Max', 'Gern.\n\nMuster GmbH\n\n> Hallo Max'],
    ['Max', 'Muster GmbH'],
    ['Gern.\n\nMax', 'Gern.\n\nMuster GmbH'],
    ['Gern, Max', 'Gern, Max\n\nMuster GmbH'],
    ['Gern.\n\nAm Montag schrieb Anna:\n\n> Hallo Max', 'Gern.\n\nMuster GmbH\n\nAm Montag schrieb Anna:\n\n> Hallo Max'],
    ['Gern.\n\n> Hallo\n\nBis dann', 'Gern.\n\nMuster GmbH\n\n> Hallo\n\nBis dann'],
  ])('is swapped where it stands alone, else put above the quote: %j', (written, swapped) =>
    expect(withSignature(written, 'Max', 'Muster GmbH')).toBe(swapped),
  );
});

describe('a file that was forgotten', () => {
  it.each(
    (
      'Anbei der Plan|Im Anhang der Plan|Im&nbsp;Anhang der Plan|In der Anlage finden Sie|in der Beilage|die beiliegende Rechnung|das beigefügte Formular|' +
      'mit den angehängten Bildern|die Anhänge|als Beilage|Anliegend erhalten Sie|see the attachments|I am attaching|please find enclosed|attached'
    ).split('|'),
  )('is missed where it says: %s', (words) => {
    expect(namesFile({ html: `<p>${words}</p>`, text: '' })).toBe(true);
    expect(namesFile({ html: '', text: words.replace('&nbsp;', ' ') })).toBe(true);
  });

  it.each(['Die Anlage läuft wieder', 'Beilage: Reis', 'Er hängt an dir', 'Anhänger gesucht', 'an attack'])(
    'is not missed where it says: %s',
    (words) => expect(namesFile({ html: `<p>${words}</p>`, text: '' })).toBe(false),
  );

  it('is nobody’s who only quotes or passes on such words', () => {
    expect(namesFile({ html: '<p>Gern</p><blockquote><p>anbei</p></blockquote>', text: '' })).toBe(false);
    expect(namesFile({ html: '<p>Gern</p><p>---------- Weitergeleitete Nachricht ----------<br>x</p><p>anbei</p>', text: '' })).toBe(false);
    expect(namesFile({ html: '', text: 'Gern\n\n---------- Weitergeleitete Nachricht ----------\n\nanbei' })).toBe(false);
  });

  it('is no picture of what is quoted', () => {
    const blocks = [{ id: 'original', html: '<img src="cid:logo@x.example">' }];
    const picture = (contentId: string | undefined) => ({ stored: { contentId } });
    expect(hasNoFile([], { blocks })).toBe(true);
    expect(hasNoFile([picture('logo@x.example')], { blocks })).toBe(true);
    expect(hasNoFile([picture('logo@x.example'), picture('bildschirm@x.example')], { blocks })).toBe(false);
    expect(hasNoFile([picture(undefined)], { blocks })).toBe(false);
    expect(hasNoFile([{ stored: null }], { blocks })).toBe(false);
  });
});

it('a file that was deleted before it could be uploaded is no connection that broke', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'postamt-file-')), 'plan.pdf');
  await writeFile(path, '%PDF-1.4');
  const file = await openAsBlob(path);
  expect(await canBeRead(file)).toBe(true);
  await rm(dirname(path), { recursive: true });
  expect(await canBeRead(file)).toBe(false);
});

describe('recipients as people type them', () => {
  it('take no group without members for a person', () => {
    expect(parseAddressList('undisclosed-recipients:; anna@x.example')).toEqual([{ name: '', address: 'anna@x.example' }]);
    expect(parseAddressList('Team: Anna <anna@x.example>, otto@x.example;')).toEqual([
      { name: 'Anna', address: 'anna@x.example' },
      { name: '', address: 'otto@x.example' },
    ]);
  });
  it('takes lists apart, not names with commas', () => {
    expect(parseAddressList('"Muster, Max" <max@muster.at>; anna@leitner-holz.example,\n Erika <erika@muster.at>')).toEqual([
      { name: 'Muster, Max', address: 'max@muster.at' },
      { name: '', address: 'anna@leitner-holz.example' },
      { name: 'Erika', address: 'erika@muster.at' },
    ]);
  });
  it('keeps what is no address, to be shown as wrong', () => {
    expect(parseAddressList('falsch, a@b')).toEqual([
      { name: '', address: 'falsch' },
      { name: '', address: 'a@b' },
    ]);
    expect(['falsch', 'a@b', 'a b@c.at', '@c.at', 'a@.at', 'a@b..at'].filter(looksLikeAddress)).toEqual([]);
    expect(['max@muster.at', 'mäx@müller.at', "o'neil+x@sub.muster.co.uk"].filter(looksLikeAddress)).toHaveLength(3);
  });
});

describe('recipients as other programs write them', () => {
  const addresses = (text: string) => parseAddressList(text).map((person) => person.address);
  it.each([
    ['Ozelt, Peter <peter@x.example>; Lang, Eva <eva@y.example>', ['peter@x.example', 'eva@y.example']],
    ['Ozelt, Peter <peter@x.example>, Lang, Eva <eva@y.example>', ['peter@x.example', 'eva@y.example']],
    ['erika@muster.at max@muster.at ', ['erika@muster.at', 'max@muster.at']],
    ['Eva <eva@x.example> Otto <otto@y.example>', ['eva@x.example', 'otto@y.example']],
    ['mailto:erika@muster.at?subject=Hallo', ['erika@muster.at']],
    ['\u200berika@muster.at\u00a0', ['erika@muster.at']],
    ["'erika@muster.at'", ['erika@muster.at']],
    ['<erika@muster.at>', ['erika@muster.at']],
    ['max@muster.at (Max Muster)', ['max@muster.at']],
    ['Erika Muster erika@muster.at', ['erika@muster.at']],
    ['erika@muster.at\tErika\nmax@muster.at\tMax', ['erika@muster.at', 'max@muster.at']],
    ['Rohr 5" <rohr@x.example>, b@y.example', ['rohr@x.example', 'b@y.example']],
    ['"John Doe"@x.example; Eva <"Eva, B"@y.example>', ['"John Doe"@x.example', '"Eva, B"@y.example']],
    ['try..this@x.example, name.@y.example', ['try..this@x.example', 'name.@y.example']],
    ['Team: a@x.example, b@x.example;', ['a@x.example', 'b@x.example']],
    ['a@x.example und b@x.example', ['a@x.example', 'b@x.example']],
    ['a@x.example / b@x.example.', ['a@x.example', 'b@x.example']],
    ['[Max](mailto:max@x.example)', ['max@x.example']],
    ['<a href="mailto:max@x.example">Max</a>', ['max@x.example']],
    ['"Muster","Max","max@x.example"\n"Berg","Eva","eva@x.example"', ['max@x.example', 'eva@x.example']],
    ['• a@x.example\n- b@x.example\n1. c@x.example', ['a@x.example', 'b@x.example', 'c@x.example']],
    ['max＠x.example；eva@x.example、otto@x.example', ['max@x.example', 'eva@x.example', 'otto@x.example']],
    ['"max＠x.example"，"eva＠x.example"', ['max@x.example', 'eva@x.example']],
    [`${'v'.repeat(120)}@lists.example, x@web_srv.example`, [`${'v'.repeat(120)}@lists.example`, 'x@web_srv.example']],
  ])('are found in %j', (text, wanted) => {
    expect(addresses(text)).toEqual(wanted);
  });
  it('of others are theirs: what the page takes, the server takes, as it was written', () => {
    const people = [
      '"John Doe"@x.example',
      'try..this@x.example',
      `${'V'.repeat(120)}@lists.example`,
      'Max@web_srv.example',
      'Erika@Muster.at',
    ];
    expect(people.filter(looksLikeAddress)).toEqual(people);
    const to = [...people, 'erika@muster.at'].map((address) => ({ name: '', address }));
    expect(envelopeRecipients({ to, cc: [], bcc: [] })).toEqual([...people.slice(0, 4), 'Erika@muster.at']);
    expect(() => envelopeRecipients({ to: [{ name: '', address: 'a b@x.example' }], cc: [], bcc: [] })).toThrow(MailError);
  });
  it('are called as they are called there, without what a form or a list puts in front', () => {
    const names = (text: string) => parseAddressList(text).map((person) => person.name);
    expect(names('Team: a@x.example, b@x.example;')).toEqual(['', '']);
    expect(names('E-Mail: a@x.example')).toEqual(['']);
    expect(parseAddressList('Eva Lang;eva@x.example\nOtto;Huber;otto@x.example;\n;max@x.example\nTeam:; u@x.example')).toEqual([
      { name: 'Eva Lang', address: 'eva@x.example' },
      { name: 'Otto Huber', address: 'otto@x.example' },
      { name: '', address: 'max@x.example' },
      { name: '', address: 'u@x.example' },
    ]);
    // nobody's name is given to another's address: who has none is shown as wrong
    expect(parseAddressList('Anna Berger; eva@x.example')).toEqual([
      { name: '', address: 'Anna Berger' },
      { name: '', address: 'eva@x.example' },
    ]);
    expect(parseAddressList('Anna;eva@x.example').map(({ address }) => address)).toEqual(['Anna', 'eva@x.example']);
    expect(parseAddressList('Anna;Bernd;eva@x.example').map(({ address }) => address)).toEqual(['Anna', 'Bernd', 'eva@x.example']);
    expect(parseAddressList('Eva Lang;eva@x.example')).toEqual([{ name: 'Eva Lang', address: 'eva@x.example' }]);
    // brackets around more addresses hold recipients, and no name
    for (const list of ['eva@x.example (otto@x.example, max@x.example)', 'eva@x.example (otto@x.example; max@x.example), eva@x.example'])
      expect(parseAddressList(list).map(({ address }) => address)).toEqual(expect.arrayContaining(['otto@x.example', 'max@x.example']));
    expect(parseAddressList('eva@x.example (früher otto@x.example)')).toEqual([
      { name: 'früher otto@x.example', address: 'eva@x.example' },
    ]);
    expect(parseAddressList('eva@x.example (Lang, Eva), otto@x.example (Otto); max@x.example (, b@x.example')).toEqual([
      { name: 'Lang, Eva', address: 'eva@x.example' },
      { name: 'Otto', address: 'otto@x.example' },
      { name: '', address: 'max@x.example' },
      { name: '', address: 'b@x.example' },
    ]);
    expect(names('- Eva Berg <eva@x.example>')).toEqual(['Eva Berg']);
    expect(names('"Muster","Max","max@x.example"')).toEqual(['Muster Max']);
  });
  it.each([
    ['<<max@x.example>>', ['max@x.example']],
    ['"Max Muster <max@x.example>', ['max@x.example']],
    ['Max <max@x.example', ['max@x.example']],
    ['max@x.example>', ['max@x.example']],
    ['«max@x.example»', ['max@x.example']],
    ['Max <max@x.example, Eva <eva@x.example>', ['max@x.example', 'eva@x.example']],
    ['Max <max@x.example; Eva <eva@x.example>', ['max@x.example', 'eva@x.example']],
    ['Max <max@x.example>Eva <eva@x.example>', ['max@x.example', 'eva@x.example']],
    ['"Max <max@x.example>" <eva@x.example>', ['eva@x.example']],
  ])('are found whatever signs were left open or written twice, and none becomes the name of another: %s', (typed, addresses) =>
    expect(parseAddressList(typed).map(({ address }) => address)).toEqual(addresses),
  );
  it('that are mistyped stay as they were typed', () => {
    expect(parseAddressList('max@@x.example')).toEqual([{ name: '', address: 'max@@x.example' }]);
  });
  it('come back as they were, when a chip is opened and left', () => {
    for (const person of [{ name: 'Berger, Eva', address: 'eva@muster.at' }, { name: 'Max "Maxi" Muster', address: 'm@x.example' }, anna])
      expect(parseAddressList(writtenPerson(person))).toEqual([person]);
  });
  it.each([
    '"<eva@x.example>"',
    'Max "<eva@x.example>"',
    'x" <eva@x.example> "y',
    'eva@x.example',
    '<eva@x.example>',
    'A";"B',
    'A" , "B',
    'eva＠x.example',
    'eva＠x.example，b',
    'a；eva＠x.example',
  ])('come back as they were, whatever a stranger gave for his name, and no address in it becomes a recipient: %s', (name) =>
    expect(parseAddressList(writtenPerson({ name, address: 'max@x.example' }))).toEqual([{ name, address: 'max@x.example' }]),
  );
  it.each(['x\neva@x.example, y', 'x\teva@x.example\ty'])('nor where the name has lines or columns: %j', (name) =>
    expect(parseAddressList(writtenPerson({ name, address: 'max@x.example' }))).toEqual([
      { name: name.replace(/[\n\t]/g, ' '), address: 'max@x.example' },
    ]),
  );
  it('are read in linear time: five thousand at once', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `Name, Nr ${at} <n${at}@x.example>`).join('; ');
    const begun = processorTime();
    expect(parseAddressList(many)).toHaveLength(5000);
    expect(processorTime() - begun).toBeLessThan(1000);
  });
});

describe('what is quoted', () => {
  it('keeps blanks that make columns and indents', () => {
    expect(paragraphs('A    B\n  12  3\n\tx').replaceAll('\u00a0', '_')).toBe('<p>A___ B<br>_ 12_ 3<br>___ x</p>');
  });
});

const picture = (names: Partial<PictureNames>, newContentId = 'neu@muster.at') => ({
  ...{ contentId: '', location: '', givenName: '', newContentId },
  ...names,
});

describe('what is carried in a letter', () => {
  it('refers to the pictures of the new letter, and keeps remote ones where they are', () => {
    const html =
      '<p>Plan: <img src="cid:alt@x"> <img src="https://x.example/a.png?a=1&amp;b=2" width="300"> <img src="cid:fehlt"></p><script>x</script>';
    const carried = carryHtml(html, [picture({ contentId: 'alt@x' })]);
    expect(carried).toContain('src="cid:neu@muster.at"');
    expect(carried).toContain('https://x.example/a.png');
    expect(carried).not.toContain('script');
    expect([...contentIdsIn(carried)]).toEqual(['neu@muster.at']);
  });
  it.each([
    ['a Content-ID in other capitals', 'cid:ALT@x', { contentId: 'alt@X' }],
    ['a Content-ID with blanks and brackets', 'cid:Logo (1) neu.png', { contentId: 'Logo (1) neu.png' }],
    ['the same, encoded', 'cid:Logo%20(1)%20neu.png', { contentId: 'Logo (1) neu.png' }],
    ['its place, as saved pages have it', 'https://x.example/bilder/plan.png', { location: 'https://x.example/bilder/plan.png' }],
    ['how its place ends', 'plan.png', { location: 'file:///C:/Temp/plan.png' }],
    ['its name', 'image001.png', { givenName: 'image001.png' }],
  ])('holds the pictures that reading shows, by whatever they are called: %s', (_, address, names) =>
    expect(carryHtml(`<p><img src="${address}"></p>`, [picture({ contentId: 'b@x' }), picture(names, 'zwei@x')])).toContain('"cid:zwei@x"'),
  );
  it('stands in its place to the letter, whatever signs it holds', () => {
    const html = `<p>oben</p>${placeOf('original')}`;
    expect(wholeHtml({ html, blocks: [{ id: 'original', html: '<p>50 US$ $& $1</p>' }] })).toBe('<p>oben</p><p>50 US$ $& $1</p>');
  });
  it('has its style sheets in the head of what is sent, and in their place in a draft', () => {
    const style = '<style>.m0 .m0-rot{color:#c00}</style>';
    const html = `<p>oben, &lt;style&gt; ist ein Wort</p><div class="m0">${style}<p class="m0-rot">unten</p></div>`;
    const sent = htmlDocument(html, 'send');
    // as it was shown: in another doctype a picture in pieces has gaps
    expect(sent).toMatch(/^<!doctype html public "[^"]*XHTML 1\.0 Transitional[^"]*"/);
    expect(sent).toContain(`${style}</head><body><p>oben, &lt;style&gt; ist ein Wort</p><div class="m0"><p class="m0-rot">`);
    expect(htmlDocument(html, 'draft')).toContain(`<body>${html}</body>`);
  });
  it('takes no style sheet out of the text of a picture, as browsers write it', () => {
    const html = `<p><img alt="<style>*{display:none}</style>"></p><p title='<style>a{}</style>'>x</p>`;
    expect(apartFromSheets(`${html}<style>.m0 p{margin:0}</style>`)).toEqual({ body: html, sheets: ['.m0 p{margin:0}'] });
    for (const broken of ['<a "', "<a x='", '<style>', '<style>a<', '<a']) {
      expect(apartFromSheets(`${broken}${html}`).body).toBe(`${broken}${html}`);
      const from = processorTime();
      expect(apartFromSheets(broken.repeat(100_000)).sheets).toEqual([]);
      expect(processorTime() - from).toBeLessThan(1000);
    }
  });
  it('keeps columns apart in plain text, empty cells too', () => {
    const text = plainTextOf(
      '<table><tr><th>Artikel</th><th>Menge</th><th>Preis</th></tr><tr><td>Stuhl</td><td></td><td>320,00</td></tr></table>',
    );
    const [head = '', row = ''] = text.split('\n');
    expect(row.indexOf('320,00')).toBe(head.indexOf('Preis'));
  });
  it('loses no caption of a table, and runs no words of neighbouring lines together', () => {
    expect(plainTextOf('<p>Ihre</p><table><caption>Posten</caption><tr><td>a</td><td>b</td></tr></table>').split(/\n+/)).toEqual([
      'Ihre',
      'Posten',
      'a   b',
    ]);
    for (const tag of ['address', 'center', 'dd', 'dt', 'figcaption', 'figure'])
      expect(plainTextOf(`vor<${tag}>eins</${tag}><${tag}>zwei</${tag}>nach`).split(/\n+/)).toEqual(['vor', 'eins', 'zwei', 'nach']);
  });
});

describe('a mailto link', () => {
  it('begins a letter with recipients, subject and text, and with nothing else', () => {
    const request = mailtoRequest(
      'mailto:eva@x.example,otto@y.example?cc=%22Berger%2C%20Eva%22%20%3Ceb@x.example%3E&BCC=c@x.example&subject=Gr%C3%BC%C3%9Fe%20%26%20was?&body=Zeile%201%0D%0A%0D%0AZeile+2%20%3Cb%3E&attach=/etc/passwd&from=boss@x.example',
    );
    expect(request).toEqual({
      from: 'nothing',
      to: [
        { name: '', address: 'eva@x.example' },
        { name: '', address: 'otto@y.example' },
      ],
      cc: [{ name: 'Berger, Eva', address: 'eb@x.example' }],
      bcc: [{ name: '', address: 'c@x.example' }],
      subject: 'Grüße & was?',
      text: 'Zeile 1\n\nZeile+2 <b>',
    });
  });
  it('survives broken escapes, doubled recipients and line ends in the subject', () => {
    const request = mailtoRequest('mailto:a@x.example,A@x.example?to=b@x.example&subject=100%25%20%zz%0D%0ABcc:%20x@y.example');
    expect(request).toMatchObject({
      to: [{ address: 'a@x.example' }, { address: 'b@x.example' }],
      bcc: [],
      subject: '100% %zz Bcc: x@y.example',
    });
  });
});

describe('flowed text', () => {
  it('is joined again to what was written, at any width (RFC 3676)', () => {
    const written = `Von hier\nFrom dort\n eingerückt\n> ${'zitat '.repeat(40).trim()}\n${'lang  '.repeat(50).trim()}\n\n-- \nMax`;
    const sent = flowText(written);
    expect(sent.split('\n').every((line) => line.length <= 78)).toBe(true);
    expect(sent).not.toMatch(/^From /m);
    const read = flowLines(sent, false, 1000).map(({ depth, text }) => (depth > 0 ? `> ${text}` : text));
    expect(read.join('\n')).toBe(written);
  });
  it('never breaks a word, nor a quote of a quote', () => {
    const address = `https://x.example/${'a'.repeat(200)}`;
    expect(flowText(address)).toBe(address);
    expect(
      flowText(`>> ${'tief '.repeat(30)}`)
        .split('\n')
        .every((line) => line.startsWith('>> ')),
    ).toBe(true);
  });
});

describe('a time that is chosen', () => {
  it('is the one of the person’s zone, also where the clocks change', () => {
    const wall = (text: string) => Date.parse(`${text}Z`);
    expect(momentOf('Europe/Vienna', wall('2026-12-01T08:00')).toISOString()).toBe('2026-12-01T07:00:00.000Z');
    expect(momentOf('America/New_York', wall('2026-07-01T08:00')).toISOString()).toBe('2026-07-01T12:00:00.000Z');
    // never shown, and shown twice
    expect(momentOf('Europe/Vienna', wall('2027-03-28T02:30')).toISOString()).toBe('2027-03-28T01:30:00.000Z');
    expect(momentOf('Europe/Vienna', wall('2026-10-25T02:30')).toISOString()).toBe('2026-10-25T00:30:00.000Z');
    // half past two is over, and comes once more
    const secondHour = Date.parse('2026-10-25T00:40:00Z');
    expect(momentOf('Europe/Vienna', wall('2026-10-25T02:30'), secondHour).toISOString()).toBe('2026-10-25T01:30:00.000Z');
    expect(wallClock('Europe/Vienna', Date.parse('2026-12-01T07:00:00Z')).toISOString()).toBe('2026-12-01T08:00:00.000Z');
  });
});

describe('answers in one line', () => {
  it('stay as they were typed: 50 US$ is 50 US$', () => {
    const written = writtenAsHtml("Kostet 50 US$ und $& und $' <b>");
    expect(withWritten('<p></p><p>Am …</p>', written)).toBe('<p>Kostet 50 US$ und $&#38; und $&#39; &#60;b&#62;</p><p>Am …</p>');
  });
});

describe('answers', () => {
  const own = new Set(['max@muster.at', 'rechnung@muster.at']);
  it('never go to oneself, under no name of one’s own', () => {
    for (const address of ['MAX@Muster.AT', 'max+laden@muster.at', 'rechnung@muster.at']) expect(isOwnAddress(own, address)).toBe(true);
    expect(isOwnAddress(own, 'maxi@muster.at')).toBe(false);
    const letter = {
      from: [anna],
      to: [{ name: '', address: 'rechnung@muster.at' }],
      cc: [{ name: '', address: 'Max+x@muster.at' }, erika],
      replyTo: [],
      own: false,
    };
    expect(replyRecipients(letter, 'reply-all', { own })).toEqual({ to: [anna], cc: [erika] });
  });
  const letter = { from: [anna], to: [max], cc: [erika], replyTo: [], own: false };
  it('go to Reply-To before From, to everybody but oneself', () => {
    expect(replyRecipients(letter, 'reply', { own })).toEqual({ to: [anna], cc: [] });
    expect(replyRecipients({ ...letter, replyTo: [erika] }, 'reply', { own })).toEqual({ to: [erika], cc: [] });
    expect(replyRecipients(letter, 'reply-all', { own })).toEqual({ to: [anna], cc: [erika] });
    expect(replyRecipients({ ...letter, to: [max, anna, erika] }, 'reply-all', { own })).toEqual({ to: [anna], cc: [erika] });
  });
  it('to one’s own letter go to those it went to', () => {
    expect(replyRecipients({ from: [max], to: [anna], cc: [erika], replyTo: [], own: true }, 'reply-all', { own })).toEqual({
      to: [anna],
      cc: [erika],
    });
  });
  it('to everybody of a letter that another program wrote in one’s own name keep To and Cc apart', () => {
    const sent = { from: [max], to: [anna], cc: [erika], replyTo: [], own: false };
    expect(replyRecipients(sent, 'reply-all', { own })).toEqual({ to: [anna], cc: [erika] });
  });
  it('to a form of one’s own site go to who filled it in, and not to one’s own Reply-To', () => {
    const form = { from: [max], to: [max], cc: [], replyTo: [anna], own: true };
    for (const kind of ['reply', 'reply-all'] as const)
      expect(replyRecipients(form, kind, { own, answersTo: [] })).toEqual({ to: [anna], cc: [] });
    const sent = { from: [max], to: [erika], cc: [], replyTo: [{ name: '', address: 'Buero@muster.at' }], own: true };
    expect(replyRecipients(sent, 'reply', { own, answersTo: ['buero@muster.at'] })).toEqual({ to: [erika], cc: [] });
  });
  it('to a letter that one sent go to those it went to, wherever it asked them to write', () => {
    const sent = { from: [max], to: [erika], cc: [], replyTo: [anna], own: true };
    for (const kind of ['reply', 'reply-all'] as const)
      expect(replyRecipients(sent, kind, { own, answersTo: [] })).toEqual({ to: [erika], cc: [] });
    // those that it went to may stand in Cc alone
    expect(replyRecipients({ ...sent, to: [], cc: [erika] }, 'reply', { own, answersTo: [] })).toEqual({ to: [erika], cc: [] });
  });
  it('go to its author where Reply-To names nobody but oneself', () => {
    expect(replyRecipients({ ...letter, replyTo: [max] }, 'reply', { own })).toEqual({ to: [anna], cc: [] });
  });
  it('to everybody go where its author wants them, but for oneself', () => {
    const list = { name: '', address: 'liste@listen.example' };
    const posted = { ...letter, to: [list], cc: [max], followUpTo: [list, max] };
    expect(replyRecipients(posted, 'reply-all', { own })).toEqual({ to: [list], cc: [] });
    expect(replyRecipients(posted, 'reply', { own })).toEqual({ to: [anna], cc: [] });
  });
  it('carry one mark in the subject, whatever languages wrote before', () => {
    expect(replySubject('AW: Re: RE: Angebot')).toBe('Re: Angebot');
    expect(forwardSubject('WG: Fwd: Angebot')).toBe('Fwd: Angebot');
    expect(withoutReplyMarks('Re[2]: Antw: Rechnung')).toBe('Rechnung');
    expect(withoutReplyMarks('Regal: Maße')).toBe('Regal: Maße');
    for (const mark of ['R:', 'RE :', 'Re：', 'SV:', 'Отв:', 'Odg:', 'ΑΠ:', 'RE[3]:'])
      expect(replySubject(`${mark} Angebot`), mark).toBe('Re: Angebot');
    for (const mark of ['VL:', 'I:', 'TR :', 'FS:', 'WG:', 'ΠΡΘ:']) expect(forwardSubject(`${mark} Angebot`), mark).toBe('Fwd: Angebot');
    expect(replySubject('R2: Robotik')).toBe('Re: R2: Robotik');
  });

  const words = {
    attribution: (date: string, name: string) => `Am ${date} schrieb ${name}:`,
    forwarded: 'Weitergeleitet',
    cut: 'Gekürzt',
    from: 'Von',
    date: 'Datum',
    subject: 'Betreff',
    to: 'An',
    cc: 'Cc',
    formatDate: () => '24. November 2026',
  };
  const message = {
    from: [anna],
    to: [max],
    cc: [],
    subject: '<Fenster>',
    date: '2026-11-24T10:47:00Z',
  };
  const quoted = paragraphs('Guten Tag,\n\n<script>x</script>\n> alt\n>> älter');
  it('quote the text as text: nothing of it becomes an element', () => {
    const html = quoteForReply(message, words, quoted);
    expect(html).toContain('<p>Am 24. November 2026 schrieb Anna Leitner:</p><blockquote type="cite"><p>Guten Tag,</p>');
    expect(html).toContain('&#60;script&#62;');
    expect(html).toContain('<blockquote><p>alt</p><blockquote><p>älter</p></blockquote></blockquote>');
    expect(quoteForForward(message, words, quoted)).toContain('Betreff: &#60;Fenster&#62;');
  });
  it('quote a line of flowed text that begins with ">" by its own will as text', () => {
    const flowed = textBlocks('Siehe:\n > 5 Stück\n> zitiert\n>  > auch Text', { flowed: true, delSp: false });
    const html = paragraphs(textOfBlocks(flowed)).replaceAll('\u00a0', ' ');
    expect(html).toBe('<p>Siehe:<br> &#62; 5 Stück</p><blockquote><p>zitiert<br> &#62; auch Text</p></blockquote>');
  });
  it('end for a quote of any depth', () => {
    expect(paragraphs(`${'>'.repeat(5000)} tief`).match(/<blockquote>/g)?.length).toBeLessThanOrEqual(10);
  });
  it('are sent as plain text beside the HTML, quotes marked', () => {
    const text = plainTextOf(
      '<p>Liebe Frau Leitner,</p><p>siehe <a href="https://muster.at/x">Plan</a></p><blockquote><p>alt</p></blockquote>',
    );
    expect(text).toContain('siehe Plan <https://muster.at/x>');
    expect(text).toContain('> alt');
  });
});

describe('plain text for the eye', () => {
  it('links addresses of the web and of mail, without the full stop behind them', () => {
    expect(linkPieces('Siehe https://muster.at/a?b=1. Oder www.muster.at, oder max@muster.at!').filter((piece) => piece.href)).toEqual([
      { text: 'https://muster.at/a?b=1', href: 'https://muster.at/a?b=1' },
      { text: 'www.muster.at', href: 'https://www.muster.at' },
      { text: 'max@muster.at', href: 'mailto:max@muster.at' },
    ]);
  });
  it.each([
    'javascript:alert(1)',
    '<img src=x onerror=alert(1)>',
    'data:text/html,x',
    '"><script>alert(1)</script>',
    'https://a.example/"onmouseover="alert(1)',
  ])('never makes a link of %s', (text) => {
    for (const { href } of linkPieces(text)) expect(href === '' || /^(https?:\/\/|mailto:)[^"<>\s]+$/.test(href)).toBe(true);
    expect(
      linkPieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
  it('knows what is quoted, and how often', () => {
    const blocks = textBlocks('Ja, passt.\n\nAm 24.11. schrieb Anna:\n> Geht Montag?\n>> Wann?\n> Gruß\n');
    expect(blocks.map(({ depth, paragraphs }) => [depth, paragraphs.map((pieces) => pieces.map((piece) => piece.text).join(''))])).toEqual([
      [0, ['Ja, passt.', 'Am 24.11. schrieb Anna:']],
      [1, ['Geht Montag?']],
      [2, ['Wann?']],
      [1, ['Gruß']],
    ]);
  });
});

describe('whether the sender is who they say', () => {
  const came = (verdict: Verdict, over: Partial<Provenance> = {}): Provenance => ({
    origin: 'outside',
    author: anna.address,
    judgement: { verdict, spf: { result: 'pass', domain: 'leitner-holz.example' }, dkim: [], dmarc: [], arc: null },
    submittedBy: null,
    ...over,
  });
  it('says what the mail server stored, and nothing else', () => {
    expect(trustOf(came('attested'), [anna], [])).toMatchObject({ verdict: 'verified', results: ['spf=pass (leitner-holz.example)'] });
    expect(trustOf(came('failed'), [anna], []).verdict).toBe('warning');
    expect(trustOf(came('undecided'), [anna], []).verdict).toBe('warning');
    expect(trustOf(came('unknown'), [anna], []).verdict).toBe('neutral');
    expect(trustOf(unknownProvenance, [anna], []).verdict).toBe('neutral');
    expect(trustOf({ ...unknownProvenance, origin: 'appended' }, [anna], []).verdict).toBe('neutral');
  });
  it('names the house of an author only where its domain stands for what he wrote', () => {
    const house = (header: string) => trustOf(came('attested'), [anna], [], parseHeader(header, 10)).house;
    expect(house('List-Unsubscribe: <mailto:x@leitner-holz.example>\r\n')).toBe('leitner-holz.example');
    expect(house('List-Post: NO (posting not allowed)\r\n')).toBe('leitner-holz.example');
    expect(house('List-Post: NO\r\nList-Post: <mailto:liste@leitner-holz.example>\r\n')).toBe('');
    expect(trustOf(came('unknown'), [anna], []).house).toBe('');
  });
  it('tells what was submitted here, but not in whose name somebody passes a letter on', () => {
    const submitted: Provenance = { origin: 'submitted', author: 'max@muster.at', judgement: null, submittedBy: 7 };
    expect(trustOf(submitted, [max], []).verdict).toBe('house');
    expect(trustOf({ ...submitted, author: null }, [anna], []).verdict).toBe('neutral');
  });
  it('takes for one’s own what this mailbox submitted or keeps, not what comes in its name', () => {
    const submitted: Provenance = { origin: 'submitted', author: 'max@muster.at', judgement: null, submittedBy: 7 };
    expect(isOwn(submitted, 7, false)).toBe(true);
    expect(isOwn(submitted, 8, false)).toBe(false);
    // somebody else's, which this mailbox passed on to a group that it is in itself
    expect(isOwn({ ...submitted, author: null }, 7, false)).toBe(false);
    expect(isOwn(came('unknown', { author: 'max@muster.at' }), 7, true)).toBe(false);
    expect(isOwn({ ...unknownProvenance, origin: 'appended' }, 7, true)).toBe(true);
    expect(isOwn({ ...unknownProvenance, origin: 'appended' }, 7, false)).toBe(false);
  });
  it('says when an answer would go elsewhere', () => {
    const reply = (...addresses: string[]): string =>
      trustOf(
        came('attested'),
        [anna],
        addresses.map((address) => ({ name: '', address })),
      ).replyTo;
    expect(reply('konto@leitner-hoIz.example')).toBe('konto@leitner-hoIz.example');
    expect(reply('office@leitner-holz.example')).toBe('');
    expect(reply('office@leitner-holz.example', 'konto@elsewhere.example')).toBe('konto@elsewhere.example');
  });
});
