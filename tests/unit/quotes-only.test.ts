import { expect, it } from 'vitest';
import { quotesOnly } from '#lib/webmail/reading/quotes-only.ts';
import { viewOf } from '#tests/support/letter-view.ts';

const original = 'Guten Tag,\n\nwann kommt der Installateur?\nSollen wir die Fliesen bestellen?\n\nGruß\nMax';

it('a quotation that adds nothing is one, however its lines are broken', () => {
  expect(quotesOnly('> Guten Tag,\n> wann kommt der\n> Installateur? Sollen wir\n> die Fliesen bestellen?\n> Gruß\n> Max', original)).toBe(
    true,
  );
});
it('the head that programs put above it is its own', () => {
  expect(quotesOnly(`Von: Max Muster <max@muster.at>\nGesendet: Montag\nAn: Petra\nBetreff: Umbau\n${original}`, original)).toBe(true);
});
it('an answer written between is none of the quotation', () => {
  expect(quotesOnly('wann kommt der Installateur?\nAm Dienstag um acht.\nSollen wir die Fliesen bestellen?', original)).toBe(false);
});
it('an answer so short that it stands within a word that was left out is none of the quotation', () => {
  const letter = 'Hallo Max,\n\nkommst du am Montag?\nBringst du Kuchen mit?\n\nLiebe Grüße\nKatja';
  expect(quotesOnly('kommst du am Montag?\nBringst du Kuchen mit?\nja', letter)).toBe(false);
  expect(quotesOnly('Bringst du Kuchen mit?\n\nLiebe Grüße\nKatja', letter)).toBe(true);
  expect(quotesOnly('Bringst du Kuchen mit?\nKatja', letter)).toBe(true);
});
it('lines of a script without blanks may be broken anywhere', () => {
  expect(
    quotesOnly(
      '会議の資料をお送りします。ご確認のほどよろしくお\n願いします。\n田中',
      '会議の資料をお送りします。ご確認のほどよろしくお願いします。\n田中',
    ),
  ).toBe(true);
});
it('capitals are no other letters, at the end of Greek words either', () =>
  expect(quotesOnly('> ΚΑΛΗΜΕΡΑ ΣΑΣ ΚΥΡΙΕ\n> ΤΟ ΓΡΑΦΕΙΟ ΑΝΟΙΓΕΙ ΣΤΙΣ ΔΕΚΑ', 'ΚΑΛΗΜΕΡΑ ΣΑΣ ΚΥΡΙΕ\nΤΟ ΓΡΑΦΕΙΟ ΑΝΟΙΓΕΙ ΣΤΙΣ ΔΕΚΑ')).toBe(
    true,
  ));
it.each([
  ['one sign in the midst of many', `${'a'.repeat(140_000)}b${'a'.repeat(140_000)}`],
  ['a head of many lines', 'ab@\n'.repeat(70_000)],
])('two letters that were written to be long to compare are compared soon: %s', (_, quotation) => {
  const known = 'a'.repeat(600_000);
  const begun = process.cpuUsage();
  expect(quotesOnly(quotation, known)).toBe(false);
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5000);
});
it('another letter is not this one', () => expect(quotesOnly('Bitte zahlen Sie 129,40 EUR.', original)).toBe(false));

const letter = 'Hallo Anna,\n\nkommst du am Montag? Die Unterlagen liegen im Büro.\n\nLG\nMax\nT +43 1 234 | www.muster.example';
const quoted =
  'Hallo Anna,<br><br>kommst du am Montag? Die <b>Unterlagen</b> liegen im Büro.<br><br>LG<br>Max<br>T +43 1 234 | <a href="http://www.muster.example">www.muster.example</a>';
const wrote = 'Am 23.11.2026 schrieb Max &lt;<a href="mailto:max@y.example">max@y.example</a>&gt;:<br>';
const head =
  '<b>Von:</b> Max &lt;max@y.example&gt;<br><b>Gesendet:</b> Montag, 23. November 2026 10:00<br><b>An:</b> Anna<br><b>Betreff:</b> Termin';

it.each([
  ['Gmail', `<div class="gmail_quote"><div class="gmail_attr">${wrote}</div><blockquote class="gmail_quote">${quoted}</blockquote></div>`],
  ['Apple Mail', `<div><br><blockquote type="cite"><div>${wrote}</div><br><div>${quoted}</div></blockquote></div>`],
  [
    'iPhone',
    `<div dir="ltr"><br><blockquote type="cite">${wrote}<br></blockquote></div><blockquote type="cite"><div>${quoted}</div></blockquote>`,
  ],
  ['Outlook', `<div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>${head}</p></div></div><p>${quoted}</p>`],
  ['Outlook on the web', `<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">${head}<div>&nbsp;</div></div><div>${quoted}</div>`],
  [
    'Outlook on a phone',
    `<div id="ms-outlook-mobile-body-separator-line"><br></div><div id="ms-outlook-mobile-signature">Gesendet von <a href="https://aka.ms/x">Outlook für Android</a></div><hr><div id="divRplyFwdMsg">${head}</div><div>${quoted}</div>`,
  ],
  [
    'GroupWise',
    `<br>&gt;&gt;&gt; Max &lt;max@y.example&gt; 23.11.2026 10:00 &gt;&gt;&gt;<br><div style="margin-left:15px;border-left:1px solid #050505">${quoted}</div>`,
  ],
  ['HEY', `<div>${wrote}</div><blockquote>${quoted}</blockquote>`],
  ['Notes', `<br>-----Max schrieb: -----<br><div style="padding-left:5px;border-left:solid black 2px">${quoted}</div>`],
  [
    'Mail.ru',
    `<div> </div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px">Понедельник, 23 ноября 2026, 10:00 +01:00 от Max &lt;<a href="mailto:max@y.example">max@y.example</a>&gt;:<br> <div id="style_1_BODY">${quoted}</div></blockquote>`,
  ],
  ['GMX', `<div name="quote"><div>${head}</div><div name="quoted-content">${quoted}</div></div>`],
  ['Thunderbird', `<div class="moz-cite-prefix">${wrote}</div><blockquote type="cite">${quoted}</blockquote>`],
  [
    'Samsung',
    `<div id="composer_signature" dir="auto"><div style="font-size:85%">Von meinem Galaxy gesendet</div></div><div><br></div><div align="left" dir="auto"><div>-------- Ursprüngliche Nachricht --------</div><div>Von: Max &lt;max@y.example&gt; </div><div>Datum: 23.11.26 10:00 (GMT+01:00) </div><div>An: Anna </div><div>Betreff: Termin </div><div><br></div></div>${quoted}`,
  ],
  [
    'AOL',
    `<br><br><div style="font-family:arial">-----Original Message-----<br>From: Max &lt;max@y.example&gt;<br>Sent: Mon, Nov 23, 2026 10:00 am<br>Subject: Termin<br><br><div>${quoted}</div></div>`,
  ],
  [
    'eM Client',
    `<div>------ Originalnachricht ------</div><div>Von: "Max" &lt;max@y.example&gt;</div><div>An: Anna</div><div>Betreff: Termin</div><div><br></div><blockquote cite="mid:x@y" type="cite" class="cite2">${quoted}</blockquote>`,
  ],
  [
    'Mail of Windows',
    `<div style="mso-element:para-border-div;border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p style="border:none;padding:0cm">${head}</p></div><p>${quoted}</p>`,
  ],
  ['Zimbra', `<hr id="zwchr"><div data-marker="__HEADERS__">${head}</div><div data-marker="__QUOTED_TEXT__">${quoted}</div>`],
])('as %s writes it, a quotation is known, with its head and its links; with an answer within it is none', (_, below) => {
  const tailOf = (html: string): string =>
    viewOf(`Subject: x\nContent-Type: text/html; charset=utf-8\n\n<div>Ja, gern.</div>${html}`).tailQuote;
  expect(quotesOnly(tailOf(below), letter)).toBe(true);
  expect(quotesOnly(tailOf(below.replace('Die <b>', '<i>Ja</i> Die <b>')), letter)).toBe(false);
  expect(quotesOnly(tailOf(below.replace('LG<br>', 'LG<br>nein<br>')), letter)).toBe(false);
});

it.each([
  '-----Ursprüngliche Nachricht-----\nVon: Max <max@y.example>\nGesendet: Montag, 23. November 2026 10:00\nAn: Anna\nBetreff: Termin\n',
  '________________________________\nVon: Max <max@y.example>\nGesendet: Montag, 23. November 2026 10:00\nAn: Anna\nBetreff: Termin\n',
  '>>> Max Muster <max@y.example> 23.11.2026 10:00 >>>',
])('what plain text quotes without a mark is known by the line above it: %s', (line) => {
  const tailOf = (text: string): string => viewOf(`Subject: x\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`).tailQuote;
  const folds = (text: string): boolean => quotesOnly(tailOf(text), letter, 0, of);
  expect(folds(`Ja.\n\n${line}\n${letter}`)).toBe(true);
  expect(folds(`Ja.\n\n${line}\n${letter}\n\nNein, doch nicht.`)).toBe(false);
  expect(folds(`${line}\n${letter}`)).toBe(false);
  expect(tailOf(`> Geht Montag?\n\nJa.\n\n${line}\n${letter}`)).toBe('');
  expect(viewOf(`Subject: x\nContent-Type: text/plain; charset=utf-8\n\nJa.\n\n${line}\n${letter}\n`).text).toContain(line.split('\n')[0]);
});

it('a footer below a quotation is no answer: a list’s, or a signature behind its dashes', () => {
  const tail = (below: string): string => viewOf(`Subject: x\nContent-Type: text/plain\n\nJa.\n\n> Geht Montag?\n\n${below}`).tailQuote;
  expect(tail('')).toBe('Geht Montag?');
  expect(tail('____________________\nListe mailing list\n')).toBe('Geht Montag?');
  expect(tail('-- \nMax\n')).toBe('Geht Montag?');
  expect(tail('Oder Dienstag.\n\n-- \nMax\n')).toBe('');
  expect(tail('-- \nMax\n\n> Oder Dienstag?\n')).toBe('');
  const list = (footer: string): string =>
    viewOf(
      `Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Ja.</p><blockquote type="cite">Geht Montag?</blockquote>\n--b\n\n${footer}\n--b--\n`,
    ).tailQuote.trim();
  expect(list('____________________\nListe mailing list')).toBe('Geht Montag?');
  expect(list('Nein')).toBe('');
});

it('what is only set off is no quotation without a line that introduces it, nor where it is passed on or answered', () => {
  const folds = (html: string): boolean => {
    const { tailQuote } = viewOf(`Subject: x\nContent-Type: text/html; charset=utf-8\n\n${html}`);
    return tailQuote !== '' && quotesOnly(tailQuote, letter);
  };
  const box = `<blockquote>${quoted}</blockquote>`;
  expect(folds(`<p>Ja.</p><p>${wrote}</p>${box}`)).toBe(true);
  expect(folds(`<p>Was heißt das?</p>${box}`)).toBe(false);
  expect(folds(`<p>${wrote}</p>${box}`)).toBe(false);
  expect(folds(`<p>Ja.</p><p>---------- Forwarded message ----------</p>${box}`)).toBe(false);
  expect(folds(`<p>Ja.</p><p>${wrote}</p>${box}<p>Nein.</p>`)).toBe(false);
  expect(folds(`<p>Ja.</p><p>${wrote}</p>${box}<img src="cid:plan@x">`)).toBe(false);
  // what is drawn above it stands below an answer, and what stands above that stays
  const drawn = `<div>------ Original Message ------</div><p>${wrote}</p>${box}`;
  expect([folds(`<p>Ja.</p>${drawn}`), folds(drawn), folds(`<p>Ja.</p>${drawn}<p>Nein.</p>`)]).toEqual([true, false, false]);
  // a letter that stands in a frame, and one whose answer is set off
  expect(folds(`<div style="border-left:3px solid red"><p>Ja.</p><div class="gmail_quote">${wrote}${box}</div></div>`)).toBe(true);
  expect(folds(`<p>Zu</p><blockquote>Montag</blockquote><p>Ja.</p><div class="gmail_quote">${wrote}${box}</div>`)).toBe(true);
});

it.each([
  ['names an address', 'Bitte an hans@y.example schicken.'],
  ['says "wrote"', 'Wie ich schon schrieb, bitte am 3.12. stornieren.'],
])('what somebody writes above the first quoted words is none of the quotation, also where it %s', (_, said) => {
  const below = `<div class="moz-cite-prefix">${wrote}</div><p>${said}</p><blockquote type="cite">${quoted}</blockquote>`;
  const { tailQuote } = viewOf(`Subject: x\nContent-Type: text/html; charset=utf-8\n\n<div>Siehe unten.</div>${below}`);
  expect(tailQuote).toContain(said);
  expect(quotesOnly(tailQuote, letter)).toBe(false);
});

it.each([
  'On Mon, 23 Nov 2026 at 10:00, Max <max@y.example> wrote:',
  'Am 23.11.26 um 10:00 schrieb Max:',
  'Le lun. 23 nov. 2026 à 10:00, Max <max@y.example> a écrit :',
  'Dňa 23. 11. 2026 o 10:00 Max <max@y.example> napísal(a):',
  '2026年11月23日(月) 10:00 Max <max@y.example>:',
  '-----Ursprüngliche Nachricht-----\nVon: Max [mailto:max@y.example]\nAn: Anna <anna@x.example>;\nhans@x.example; Eva <eva@x.example>',
])('the line that introduces it is its own: %s', (line) => expect(quotesOnly(`${line}\n${letter}`, letter)).toBe(true));

const of = { from: [{ name: 'Max Muster', address: 'max@y.example' }], subject: 'Termin' };
it.each([
  'Dne 24. 11. 26 v 10:47 Max Muster napsal(a):',
  'Muster Max ezt írta (időpont: 2026. nov. 24., K, 10:47):',
  'Max Muster kirjoitti 24.11.2026 klo 10.47:',
  '在 2026/11/24 10:47，Max Muster 写道：',
  'Od: Max Muster\nOdesláno: úterý 24. listopadu 2026\nKomu: Anna\nKopie: Eva\nPředmět: Termin',
  'Feladó: max@y.example\nElküldve: 2026. november 24., kedd\nCímzett: Anna\nTárgy: Termin',
  '> 差出人：Max Muster\n> 送信日時：2026年\n> 宛先：Anna\n> 件名：Termin',
])('what introduces a quotation is known by what it says of the quoted letter, in any language: %s', (line) => {
  expect(quotesOnly(`${line}\n${letter}`, letter, 0, of)).toBe(true);
  expect(quotesOnly(`${line}\nMax, um 10:30 geht es.\n${letter}`, letter, 0, of)).toBe(false);
  expect(quotesOnly(`Ja, passt so.\n${line}\n${letter}`, letter, 0, of)).toBe(false);
  expect(quotesOnly(`${line.replace('Termin', 'Rechnung')}\n${letter}`, letter, 0, { ...of, from: [] })).toBe(false);
});

it('a sentence that names the author and a time is an answer, also where a colon ends it', () => {
  const max = { ...of, from: [{ name: 'Max', address: 'max@y.example' }] };
  for (const line of ['Max, um 10:30 geht es:', 'Zu 10:30, Max, am 24.:'])
    expect(quotesOnly(`${line}\n${letter}`, letter, 0, max), line).toBe(false);
});

it('a picture that was pasted between is an answer, one that was quoted is none', () => {
  const tailOf = (html: string): string =>
    viewOf(`Subject: x\nContent-Type: text/html; charset=utf-8\n\n<div>Siehe Bild.</div><blockquote type="cite">${html}</blockquote>`)
      .tailQuote;
  const picture = '<img src="https://x.example/a.png" alt="">';
  expect(quotesOnly(tailOf(quoted + picture), letter)).toBe(false);
  expect(quotesOnly(tailOf(quoted + picture), letter, 1)).toBe(true);
  expect(quotesOnly(tailOf(quoted + picture + picture), letter, 1)).toBe(false);
});
