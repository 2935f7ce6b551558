import type { ImapFlow } from 'imapflow';
import { afterAll, describe, expect, it } from 'vitest';
import { isDarkOnNothing } from '#components/mail/frame/dark-pictures.ts';
import { DEFAULT_MIME_LIMITS } from '#lib/mime/limits.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { toLetterPart } from '#lib/mime/letter-part.ts';
import { planLetter } from '#lib/mime/plan-letter.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { type FetchedLetter, fetchTexts } from '#lib/webmail/reading/fetch-letter.ts';
import { carryHtml } from '#lib/webmail/html/carry-html.ts';
import { passedOn } from '#lib/webmail/files/attachments.ts';
import work from '#lib/webmail/view/view-worker.ts';
import { plainTextBeside } from '#lib/webmail/writing/plain-text-beside.ts';
import { plainTextOf } from '#lib/webmail/view/plain-text.ts';
import { closeViewPool, runView } from '#lib/webmail/view/view-pool.ts';
import { corpusLetters } from '#tests/support/corpus.ts';
import { oddLetter, oddLetters, readable, sourceOf, viewOf } from '#tests/support/letter-view.ts';
import { processorTime } from '#tests/support/processor-time.ts';

afterAll(closeViewPool);

const seen: Record<string, string> = {
  '10-iso-2022-jp.eml': '会議の資料をお送りします。',
  '11-raw-8bit-headers.eml': 'Für Sie: 5 € Rabatt. Öffnungszeiten.',
  '12-charset-quirks.eml': 'UTF-7: üöä Hi Teil drei mit unbekanntem Zeichensatz: äöü Teil vier cp850: äöü',
  '23-format-flowed.eml': 'jeweils mit einem Leerzeichen enden, und soll als ein einziger Absatz fliessen, so breit wie das Fenster ist.',
  '31-empty-html-alternative.eml': 'Treffpunkt 18 Uhr am Bahnhof.',
  '41-text-enriched.eml': 'Achtung: der Termin ist verschoben. Neuer Termin 1 < 2.',
  '93-charset-only-in-meta-1.eml': 'Счет на оплату № 12',
  '93-charset-only-in-meta-2.eml': '发票已开具',
  '93b-plain-utf8-without-charset.eml': 'Grüße aus Wien: 5 € für Ärzte.',
  '94-body-part-with-a-name.eml': 'Das Passwort lautet: Kastanie.',
};

describe('letters that are hard to read', () => {
  it.each(Object.entries(seen))('%s says what its writer wrote', (name, words) =>
    expect(readable(viewOf(oddLetter(name)))).toContain(words),
  );

  it('subjects and senders are read in raw bytes too', () => {
    expect(viewOf(oddLetter('10-iso-2022-jp.eml')).subject).toBe('[10] 会議の資料について');
    expect(viewOf(oddLetter('11-raw-8bit-headers.eml'))).toMatchObject({
      subject: '[11] Grüße aus Köln (latin1 roh)',
      from: [{ name: 'Müller, Bernd' }],
    });
    expect(viewOf(oddLetter('12-charset-quirks.eml')).from[0]?.name).toBe('Anna Ötztal');
  });

  it('preview and search text say the same as the letter', () => {
    for (const [name, words] of Object.entries(seen)) {
      const { text } = indexMessage(oddLetter(name), DEFAULT_MIME_LIMITS);
      const last = words.split(' ').at(-1) ?? '';
      expect(text, name).toContain(last);
    }
    expect(indexMessage(oddLetter('41-text-enriched.eml')).preview).not.toContain('<bold>');
    expect(indexMessage(oddLetter('22-calendar-only.eml')).preview).toBe('Baubesprechung Zimmer 4');
  });

  it('attachments keep their names with their endings', () => {
    expect(viewOf(oddLetter('30-attachment-names.eml')).attachments.map((file) => file.name)).toEqual([
      'Über uns – Ärger.pdf',
      'Angebot für Käufer.pdf',
      expect.stringMatching(/^Protokoll_der_.*lang_Ende\.docx$/),
      'Größe roh.xlsx',
      'Rechnung; Nr. 5 "neu".pdf',
      'Bild 1 von 3.png',
      'Übersicht € Kosten.csv',
    ]);
  });

  it('an invitation says what, when and where', () => {
    const { calendar, attachments } = viewOf(oddLetter('22-calendar-only.eml'));
    expect(calendar).toMatchObject({
      title: 'Baubesprechung',
      place: [{ paragraphs: [[{ text: 'Zimmer 4' }]] }],
      start: { at: '2026-12-03T13:00:00.000Z', zone: 'Europe/Vienna' },
    });
    expect(attachments).toEqual([]);
  });

  it('a letter in a letter opens with its own attachments', () => {
    const [file] = viewOf(oddLetter('18-nested-rfc822.eml')).attachments;
    expect(file).toMatchObject({ name: 'Bescheid für Ihr Grundstück.eml', letter: true, part: '2' });
  });

  it('what is encrypted says so', () => expect(viewOf(oddLetter('21-pgp-encrypted.eml')).notes).toEqual(['pgp-encrypted']));
});

const text = (type: string, body: string, more = ''): string => `Content-Type: text/${type}; charset=utf-8\n${more}\n${body}\n`;
const parts = (kind: string, ...list: string[]): string =>
  `Content-Type: multipart/${kind}; boundary=b${kind}\n\n${list.map((part) => `--b${kind}\n${part}`).join('')}--b${kind}--\n`;
const png = `Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n`;

describe('which part is shown', () => {
  it.each([
    ['the richest alternative', parts('alternative', text('plain', 'arm'), text('html', '<b>reich</b>')), 'reich'],
    ['the text where the HTML is empty', parts('alternative', text('plain', 'voll'), text('html', '<p>&nbsp;</p>')), 'voll'],
    ['no AMP', parts('alternative', text('plain', 'arm'), text('html', 'reich'), text('x-amp-html', 'amp')), 'reich'],
    ['no watch', parts('alternative', text('plain', 'arm'), text('html', 'reich'), text('watch-html', 'uhr')), 'reich'],
    ['what stands behind an open comment', parts('mixed', text('html', 'eins<!-- offen'), text('html', 'zwei')), 'eins zwei'],
    ['what stands behind an open title', parts('mixed', text('html', 'eins<title>offen'), text('plain', 'zwei')), 'eins zwei'],
    [
      'a named text that is inline',
      parts('mixed', text('plain', 'eins'), text('plain', 'zwei', 'Content-Disposition: inline; filename="a.txt"\n')),
      'eins zwei',
    ],
  ])('%s', (_, letter, expected) => expect(readable(viewOf(`Subject: x\n${letter}`))).toBe(expected));

  it('a named text that is attached is a file', () => {
    const view = viewOf(
      `Subject: x\n${parts('mixed', text('plain', 'eins'), text('plain', 'zwei', 'Content-Disposition: attachment; filename="a.txt"\n'))}`,
    );
    expect([readable(view), view.attachments.map((file) => file.name)]).toEqual(['eins', ['a.txt']]);
  });

  it.each([
    ['Content-ID', 'cid:a@b', `Content-Type: image/png\nContent-ID: <a@b>\n${png}`],
    ['Content-Location', 'pic/a.png', `Content-Type: image/png\nContent-Location: pic/a.png\n${png}`],
    ['an octet-stream', 'cid:a@b', `Content-Type: application/octet-stream; name=a.png\nContent-ID: <a@b>\n${png}`],
    ['an octet-stream without a name', 'cid:a@b', `Content-Type: application/octet-stream\nContent-ID: <a@b>\n${png}`],
    ['the end of its Content-Location', 'pic/a.png', `Content-Type: image/png\nContent-Location: http://x.example/n/pic/a.png\n${png}`],
    ['a Content-ID in other case', 'cid:A@B', `Content-Type: image/png\nContent-ID: <a@b>\n${png}`],
    ['an encoded Content-ID', 'CID:a%40b', `Content-Type: image/jpg\nContent-ID: <a@b>\n${png}`],
  ])('a picture by %s stands in the text and is no file', (_, address, picture) => {
    const view = viewOf(`Subject: x\n${parts('related', text('html', `<img src="${address}">`), picture)}`);
    expect(view.html).toContain('src="/api/mail/part?part=2&#38;open=1"');
    expect(view.attachments).toEqual([]);
  });

  it('a picture that stands before the HTML that shows it is shown once', () => {
    const picture = `Content-Type: image/png; name=logo.png\nContent-ID: <a@b>\nContent-Disposition: inline; filename=logo.png\n${png}`;
    const view = viewOf(`Subject: x\n${parts('mixed', picture, text('html', 'Ihr <img src="cid:a@b"> Team'))}`);
    expect(view.html.match(/<img /g)).toHaveLength(1);
    expect(readable(view)).toBe('Ihr Team');
  });

  it.each([
    [
      'the text beside a counter',
      parts('alternative', text('plain', 'voll'), text('html', '<img src="https://x.example/o.gif" width=1 height=1>')),
    ],
    ['the text beside what is hidden', parts('alternative', text('plain', 'voll'), text('html', '<p style="display:none">Vorschau</p>'))],
    ['what stands behind a comment that never ends', text('html', '<!--[if mso]><p>voll</p>')],
    ['what stands behind a title that never ends', text('html', '<title>voll')],
  ])('an answer quotes what is shown, of a long letter too: %s', (_, body) => {
    for (const words of ['voll', 'Dieser Satz ist lang. '.repeat(200).trim()]) {
      const raw = Buffer.from(`Subject: x\n${body.replace('voll', words)}`.replaceAll('\n', '\r\n'));
      expect(readable(viewOf(raw))).toBe(words);
      expect(sourceOf(raw)).toMatchObject({ html: '', source: expect.stringMatching(/^(voll|Dieser Satz .*)\s*$/) });
    }
  });

  it('a draft of HTML that nobody wrote in yet stays HTML', () =>
    expect(sourceOf(Buffer.from(`Subject: x\r\n${parts('alternative', text('plain', ''), text('html', '<p></p>'))}`)).html).toContain(
      '<p></p>',
    ));

  it.each(['image/png', 'application/octet-stream; name=a.png'])('text between pictures keeps its place: %s', (type) => {
    const picture = `Content-Type: ${type}\nContent-Disposition: inline\n${png}`;
    const { html } = viewOf(`Subject: x\n${parts('mixed', text('plain', 'davor'), picture, text('plain', 'danach'))}`);
    expect(html).toMatch(/davor.*<img[^>]*part=2.*danach/s);
  });

  it('a text whose empty line was forgotten is shown, searched and previewed from its first line', async () => {
    const read = async (head: string, body: string) => {
      const raw = Buffer.from(`Received: by x\r\nSubject: x\r\n${head}\r\n${body}`);
      const entity = scanEntities(raw, DEFAULT_MIME_LIMITS);
      const letter = { uid: 1, fields: entity.fields, root: toLetterPart(entity, 200) } as unknown as FetchedLetter;
      const content = raw.subarray(entity.bodyStart, entity.bodyEnd);
      const client = { fetchOne: () => Promise.resolve({ bodyParts: new Map([['1', content]]) }) } as unknown as ImapFlow;
      const [part] = await fetchTexts(client, letter, [{ section: '1', most: content.length + 1 }]);
      return { shown: Buffer.from(part?.bytes ?? []).toString(), preview: indexMessage(raw).preview, cut: part?.cut };
    };
    expect(await read('Hallo Max,\r\nwie geht es?', '')).toEqual({
      shown: 'Hallo Max,\r\nwie geht es?\r\n\r\n',
      preview: 'Hallo Max, wie geht es?',
      cut: false,
    });
    const quoted = 'Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/plain; charset=utf-8\r\nGr=C3=BC=C3=9Fe';
    expect(await read(quoted, '\r\nBis bald')).toMatchObject({ shown: 'Gr=C3=BC=C3=9Fe\r\n\r\nBis bald', preview: 'Grüße Bis bald' });
    // a field that was broken wrongly would spoil it
    expect(await read('Content-Transfer-Encoding: base64\r\nbroken', '\r\nSGFsbG8=')).toMatchObject({
      shown: 'SGFsbG8=',
      preview: 'Hallo',
    });
    expect(await read('broken\r\nTo: b@y.example', '\r\nHallo')).toMatchObject({ shown: 'Hallo', preview: 'Hallo' });
    // what looks like a field and is none that anybody writes into a header
    expect(await read('Hallo,\r\nTermin: morgen\r\nhttps://x.example/a', '\r\nBis bald')).toMatchObject({
      shown: 'Hallo,\r\nTermin: morgen\r\nhttps://x.example/a\r\n\r\nBis bald',
    });
    expect(await read('Termin: morgen', '\r\nBis bald')).toMatchObject({ shown: 'Bis bald' });
  });

  it('a signature is no file, an attachment is one: the list says the same as the letter', () => {
    const files = (letter: string): number => {
      const raw = Buffer.from(`Subject: x\n${letter}`.replace(/\n/g, '\r\n'));
      return planLetter(toLetterPart(scanEntities(raw, DEFAULT_MIME_LIMITS), 200)).files.length;
    };
    const signature = 'Content-Type: application/pgp-signature; name=signature.asc\n\nx\n';
    const pdf = 'Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\nx\n';
    expect(files(parts('signed', text('plain', 'x'), signature))).toBe(0);
    expect(files(parts('mixed', text('plain', 'x'), pdf))).toBe(1);
    expect(files(parts('mixed', text('plain', 'x')))).toBe(0);
    expect(files(parts('alternative', text('plain', 'x'), 'Content-Type: text/calendar; method=REQUEST\n\nx\n'))).toBe(0);
  });

  it('a named picture between texts is shown and offered, one that HTML shows is not', () => {
    const picture = `Content-Type: image/png; name=Foto.png\nContent-ID: <f@x>\nContent-Disposition: inline; filename=Foto.png\n${png}`;
    const flow = viewOf(`Subject: x\n${parts('mixed', text('plain', 'davor'), picture)}`);
    expect([flow.html.includes('<img'), flow.attachments.map((file) => file.name)]).toEqual([true, ['Foto.png']]);
    const shown = viewOf(`Subject: x\n${parts('mixed', text('html', '<img src="cid:f@x">'), picture)}`);
    expect([shown.html.match(/<img/g)?.length, shown.attachments]).toEqual([1, []]);
  });

  it.each([
    ['an element that is not displayed', '<div style="max-height:0;display:none"><p><img src="cid:f@x"></p></div>'],
    ['itself', '<img src="cid:f@x" style="display:none">'],
    ['an element with the attribute', '<p hidden><img src="foto.png"></p>'],
    ['a comment for Outlook', '<!--[if mso]><img src="cid:f@x"><![endif]-->'],
  ])('a picture that the HTML names where nobody sees it is offered as a file: %s', (_, hidden) => {
    const picture = `Content-Type: image/png; name=foto.png\nContent-ID: <f@x>\nContent-Disposition: inline; filename=foto.png\n${png}`;
    for (const kind of ['mixed', 'related']) {
      const names = (html: string) => viewOf(`Subject: x\n${parts(kind, text('html', html), picture)}`).attachments.map(({ name }) => name);
      expect(names(`<p>Text</p>${hidden}`)).toEqual(['foto.png']);
      expect(names(`${hidden}<p>Text <img src="cid:f@x"></p>`)).toEqual([]);
    }
    const carried = carryHtml(`<p>Text</p>${hidden}`, [{ contentId: 'f@x', location: '', givenName: 'foto.png', newContentId: 'neu@x' }]);
    expect(carried).not.toContain('neu@x');
  });

  it('a picture that is seen is kept, whatever stands unseen before it', () => {
    const seen = '<div style="background-image:url(cid:f@x)">Text</div>';
    const html = `<p hidden><img src="cid:g@x"></p>${seen}`;
    const picture = (id: string) => `Content-Type: image/png; name=${id}.png\nContent-ID: <${id}@x>\nContent-Disposition: inline\n${png}`;
    const view = viewOf(`Subject: x\n${parts('related', text('html', html), picture('f'), picture('g'))}`);
    expect(view.attachments.map(({ name }) => name)).toEqual(['g.png']);
    expect(carryHtml(html, [{ contentId: 'f@x', location: '', givenName: '', newContentId: 'neu@x' }])).toContain('neu@x');
  });

  it('the parts of a letter are bounded together in an answer, and what nobody sees of one is not quoted', () => {
    const style = '<style>.g{display:grid}</style><p class="g">Eins</p>';
    const deep = `${'<div class="g">'.repeat(40)}Zwei${'</div>'.repeat(40)}`;
    const of = (...html: string[]) => {
      const raw = `Subject: x\n${parts('mixed', ...html.map((one) => text('html', one)))}`;
      return carryHtml(sourceOf(Buffer.from(raw.replaceAll('\n', '\r\n'))).html, []);
    };
    expect(of(style, '<p>Zwei</p>')).toContain('display:grid');
    expect(of(style, deep)).not.toContain('display:grid');
    expect(of(style, deep)).toMatch(/Eins.*<hr>.*Zwei/s);
    expect(of('<p>Eins</p><!-- <hr data-part=""><p>Verborgen</p> -->')).not.toContain('Verborgen');
    // one page, as of one part
    expect(of('<p>Eins</p>', '<p>Zwei</p>')).toBe('<div class="m0"><div class="mail-page"><p>Eins</p><hr><p>Zwei</p></div></div>');
  });

  it.each(['<!-- offen', '<title>', '<style>p{color:red}', '<textarea>', '<table><tr><td>'])(
    'what one part leaves open takes nothing of the next, on the page and in an answer: %s',
    (open) => {
      const raw = Buffer.from(
        `Subject: x\n${parts('mixed', text('html', `<p>Eins</p>${open}`), text('html', '<title>x</title><!-- y --><style>i{}</style><p>Zwei</p>'))}`.replaceAll(
          '\n',
          '\r\n',
        ),
      );
      expect(readable(viewOf(raw))).toMatch(/Eins.*Zwei/);
      expect(plainTextOf(carryHtml(sourceOf(raw).html, []))).toMatch(/Eins[\s\S]*Zwei/);
    },
  );

  it('OpenPGP in the text says what it is', () => {
    expect(viewOf('Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n').notes).toEqual(['pgp-encrypted']);
  });

  it('an OpenPGP signature in the text is a sentence, not lines of letters', () => {
    const signed =
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nDer Text.\n- -- \nPetra\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n=ab\n-----END PGP SIGNATURE-----\nFuss\n';
    const view = viewOf(`Subject: x\n\n${signed}`);
    expect([readable(view), view.notes]).toEqual(['Der Text. -- Petra Fuss', ['pgp-signature']]);
    const answered = viewOf(`Subject: x\n\nMeine Antwort.\n\n${signed}`);
    expect([readable(answered).slice(0, 20), answered.notes]).toEqual(['Meine Antwort. -----', []]);
  });

  it('a letter whose text is a file of PGP is encrypted, one that brings such a file is not', () => {
    const notes = (text: string, ...others: string[]) => {
      const files = ['PGPexch.htm.pgp', ...others].map(
        (name) => `--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="${name}"\n\nx\n`,
      );
      return viewOf(`Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n${text}\n${files.join('')}--b--\n`).notes;
    };
    expect(notes('')).toEqual(['pgp-encrypted']);
    expect(notes('', 'Vertrag.pdf.pgp')).toEqual(['pgp-encrypted']);
    expect(notes('Siehe Datei')).toEqual([]);
    // what lies beside it can be read
    expect(notes('', 'Vertrag.pdf')).toEqual([]);
  });

  it('encrypted mail that a gateway took apart is encrypted still', () => {
    const version = 'Content-Type: application/pgp-encrypted\n\nVersion: 1\n';
    const content = 'Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n';
    const view = viewOf(`Subject: x\n${parts('mixed', text('plain', ''), version, content)}`);
    expect([view.notes, view.attachments.map(({ name }) => name)]).toEqual([['pgp-encrypted'], ['encrypted.asc']]);
    const file = 'Content-Type: application/octet-stream; name="smime.p7m"\n\nMIAG';
    expect(viewOf(`Subject: x\n${file}`).notes).toEqual(['smime-encrypted']);
  });

  it('texts that Exchange made files of, and signatures that a list left alone, are no files', () => {
    const attached = (type: string, name: string, body: string): string =>
      `Content-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\n\n${body}\n`;
    const view = viewOf(
      `Subject: x\n${parts(
        'mixed',
        text('plain', 'davor'),
        attached('text/plain', 'ATT00001.txt', 'danach'),
        attached('application/pgp-signature', 'signature.asc', '-----BEGIN'),
        attached('application/pgp-signature', 'plan.zip.asc', '-----BEGIN'),
      )}`,
    );
    expect([readable(view), view.attachments.map(({ name }) => name), view.notes]).toEqual([
      'davor danach',
      ['plan.zip.asc'],
      ['pgp-signature'],
    ]);
  });

  it('HTML that displays nothing is no alternative', () => {
    const hidden = text('html', '<div style="display:none">Vorschau</div><img src="https://x.example/o.gif" width=1 height=1>');
    expect(readable(viewOf(`Subject: x\n${parts('alternative', text('plain', 'voll'), hidden)}`))).toBe('voll');
  });

  it.each([
    [
      'qmail',
      'Hi. This is the qmail-send program at x.\n\n<weg@b.example>:\nRemote host said: 550 5.1.1 unknown\n\n--- Below this line is a copy\n\n<x@y.example>:\n',
    ],
    [
      'Exim',
      'This message was created automatically by mail delivery software.\nfailed:\n\n  weg@b.example\n    550 5.1.1 unknown\n\n------ This is a copy of the message ------\n',
    ],
    ['sendmail', '   ----- The following addresses had permanent fatal errors -----\n<weg@b.example>\n    550 5.1.1 unknown\n\n'],
    ['Exchange 5.5', 'Your message\n\ndid not reach the following recipient(s):\n\nweg@b.example on Mon\n    550 5.1.1 unknown\n'],
    [
      'GMX',
      'This message was created automatically by mail delivery software.\n\nfailed:\n\n"weg@b.example":\nhost: mx.b.example\n5.1.1 <weg@b.example>... unknown\n\n--- The header of the original message is following. ---\n\n<x@y.example>:\n',
    ],
    [
      'Gmail',
      'Delivery to the following recipient failed permanently:\n\n     weg@b.example\n\nTechnical details of permanent failure:\nIt was rejected.\n\n550 5.1.1 unknown\n\n----- Original message -----\n\nx@y.example:\n',
    ],
    ['Yahoo', 'Sorry, we were unable to deliver your message to the following address.\n\n<weg@b.example>:\n550: 5.1.1 unknown\n'],
    [
      'T-Online',
      '|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <weg@b.example> ... unknown user 5.1.1\n|------------------------- Message text follows: ------------------------|\nFrom: <max@b.example> ... x\n',
    ],
    [
      'GroupWise',
      'The message that you sent was undeliverable to the following:\n\tweg@b.example (5.1.1 user not found)\n\nPossibly truncated original message follows:\n',
    ],
    [
      'Exchange in French',
      "Échec de la remise à ces destinataires ou groupes :\n\nweg@b.example<mailto:weg@b.example>\nL'adresse est introuvable.\n\nServeur de génération : x.example\n\nweg@b.example\nRemote Server returned '550 5.1.1 RESOLVER.ADR.RecipientNotFound'\n",
    ],
    ['OpenSMTPD', 'Hi!\n\n    An error has occurred while attempting to deliver a message for\n\nweg@b.example: 550 5.1.1 unknown\n'],
    ['Postfix', "I'm sorry to have to inform you that\n\n<ask@b.example>\n\n<weg@b.example>: host said: 550 5.1.1 unknown\n"],
    ['Zoho', 'This message was created automatically by mail delivery software.\n\nweg@b.example Invalid Address, 5.1.1 unknown\n'],
    ['Amazon', 'An error occurred.\n\nAction: failed\nFinal-Recipient: rfc822; weg@b.example\nStatus: 5.1.1\n'],
  ])('a report of %s is the same sentence', (_, body) => {
    expect(viewOf(`Subject: x\n\n${body}`).outcomes).toMatchObject([{ kind: 'failed', recipient: 'weg@b.example', status: '5.1.1' }]);
  });

  it('a letter that quotes a report is none: it names whom to tell that it did not arrive', () => {
    const body =
      'Was heißt das?\n\nThis message was created automatically by mail delivery software.\n\n  weg@b.example\n    550 5.1.1 unknown\n';
    const of = (path: string, from: string) => viewOf(`Return-Path: ${path}\nFrom: ${from}\nSubject: x\n\n${body}`).outcomes.length;
    expect(of('<anna@b.example>', 'Anna <anna@b.example>')).toBe(0);
    expect(viewOf(`From: Anna <anna@b.example>\nSubject: x\n\n${body}`).outcomes).toEqual([]);
    expect(of('<>', 'Anna <anna@b.example>')).toBe(1);
    expect(of('<bounces@b.example>', 'Mail Delivery System <MAILER-DAEMON@b.example>')).toBe(1);
  });

  const byDaemon = (head: string, body: string) =>
    viewOf(`Return-Path: <>\nFrom: Mail <mailer-daemon@mx.example>\nTo: anna@a.example\n${head}\n\n${body}`).outcomes;

  it.each([
    ['IMail', 'Undeliverable Mail', 'Unknown user: weg@b.example\n\nOriginal message follows.\n\nTo: zwei@b.example\n'],
    ['a filter', 'Message delivery has failed', 'Unable to deliver message to: <weg@b.example>\n  for the following reason:\n'],
    ['MailMarshal', 'Undeliverable Mail', 'Your message:\n   From:    anna@a.example\nwas affected:\n    weg@b.example\n'],
    ['a telephone company', 'Mail', 'Your mail\n     Could not be delivered to: <weg@b.example>\n     As their mailbox is full.\n'],
    ['sendmail 5', 'Returned mail', '   ----- Transcript of session follows -----\n550 <weg@b.example>... User unknown\n'],
    ['in Japanese', 'failure notice', '以下のメールアドレスへの送信に失敗しました。\nweg@b.example\n'],
    ['whose sentence ends with the address', 'Delivery failure', 'The following recipients returned permanent errors: weg@b.example.\n'],
  ])('a program that nobody knows is understood where it says that something was not delivered: %s', (_, subject, body) => {
    expect(byDaemon(`Subject: ${subject}`, body)).toMatchObject([{ kind: 'failed', recipient: 'weg@b.example' }]);
  });

  it('what a program says of other things is no report, nor is the absence of a person', () => {
    expect(byDaemon('Subject: Your quota', 'Your mailbox is nearly full. Ask\n\nsupport@mx.example\n')).toEqual([]);
    const away = 'Ihre Nachricht wird nicht zugestellt. Bitte schreiben Sie an:\n\nneu@b.example\n';
    const absence = 'Return-Path: <>\nAuto-Submitted: auto-replied\nFrom: Max <max@b.example>\nTo: anna@a.example\nSubject: Abwesend';
    expect(viewOf(`${absence}\n\n${away}`).outcomes).toEqual([]);
  });

  it('what a program that nobody knows says to its reader is not said of somebody it did not reach', () => {
    expect(byDaemon('Subject: Undeliverable', 'Your message could not be delivered. It was sent by\n\nanna@a.example\n')).toEqual([]);
  });

  it('what a shop or a form on a page sends by itself speaks of parcels, and is no report: a report can be answered by nobody', () => {
    const of = (path: string, body: string) =>
      viewOf(`Return-Path: ${path}\nAuto-Submitted: auto-generated\nFrom: noreply@b.example\nTo: anna@a.example\nSubject: x\n\n${body}`)
        .outcomes;
    const parcel = 'Ihr Paket konnte nicht zugestellt werden.\n\nFragen? Schreiben Sie an\nhilfe@b.example\n';
    const form = 'Your message: the delivery failed, please call.\n\nAddress: kunde@c.example\n';
    expect([...of('<versand@b.example>', parcel), ...of('<www@b.example>', form)]).toEqual([]);
    expect(of('<>', 'Unable to deliver message to: <weg@b.example>\n')).toMatchObject([{ recipient: 'weg@b.example' }]);
    // nor what a postmaster writes by hand
    const byHand =
      'Return-Path: <postmaster@b.example>\nFrom: Huber <postmaster@b.example>\nTo: anna@a.example\nSubject: Re: Undeliverable\n\n';
    expect(viewOf(`${byHand}Ihre Nachricht wurde nicht zugestellt. Schreiben Sie an\n\nbuero@b.example\n`).outcomes).toEqual([]);
  });

  it('whom a header names was not reached, not who sent it, and not the program that wrote it to a file', () => {
    const exim =
      'This message was created automatically by mail delivery software.\n\nA message sent by\n\n  <anna.m@a.example>\n\nfailed:\n\n';
    const failed = 'X-Failed-Recipients: weg@b.example\nSubject: x';
    expect(byDaemon(failed, `${exim}  weg@b.example\n    all hosts failed\n`)).toEqual([
      { kind: 'failed', recipient: 'weg@b.example', status: '', reason: 'all hosts failed' },
    ]);
    expect(byDaemon(failed, 'Hallo anna@a.example,\n\ndie Gruppe gibt es nicht.\n')).toMatchObject([{ recipient: 'weg@b.example' }]);
    const status = 'Content-Type: message/delivery-status\n\nAction: failed\nFinal-Recipient: rfc822;/var/mail/weg\nStatus: 5.0.0\n';
    const words = text('plain', `${exim}  save to /var/mail/weg\n    mailbox is full\n`);
    expect(byDaemon(`${failed}\n${parts('report', words, status).trimEnd()}`, '').map(({ recipient }) => recipient)).toEqual([
      'weg@b.example',
    ]);
  });

  it('a field of reports in the letter of a person says nothing of deliveries', () => {
    const head = 'Return-Path: <max@b.example>\nFrom: Max <max@b.example>\nX-Failed-Recipients: weg@b.example\nSubject: Hallo';
    expect(viewOf(`${head}\n\nWie geht es?\n`).outcomes).toEqual([]);
  });

  it('a report that says less to programs than in words says both', () => {
    const status = 'Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; weg@b.example\nAction: failed\nStatus: 5.0.0\n';
    const words = text(
      'plain',
      'An error has occurred while attempting to deliver a message for\n\nweg@b.example: 550 5.1.1 no such user\n',
    );
    const [outcome] = viewOf(`From: mailer-daemon@mx.example\nSubject: x\n${parts('report', words, status)}`).outcomes;
    expect(outcome).toMatchObject({ recipient: 'weg@b.example', reason: '550 5.1.1 no such user' });
  });

  it.each([
    [
      'no empty line between two',
      'Final-Recipient: rfc822; a@b.example\nOriginal-Recipient: rfc822;a@b.example\nAction: failed\nFinal-Recipient: rfc822; c@b.example\nAction: delayed\n',
      ['failed a@b.example', 'delayed c@b.example'],
    ],
    ['said once for all', 'Action: failed\n\nFinal-Recipient: rfc822; a@b.example\nStatus: 4.7.0\n', ['failed a@b.example']],
    ['only its class', 'Final-Recipient: rfc822; a@b.example\nction: failed\nStatus: 5.3.0\n', ['failed a@b.example']],
    [
      'a type twice',
      'Final-Recipient: rfc822; a@b.example\nOriginal-Recipient: rfc822; rfc822;a@b.example\nAction: failed\n',
      ['failed a@b.example'],
    ],
    [
      'an original that is none',
      'Final-Recipient: rfc822; a@b.example\nOriginal-Recipient: rfc822; a\nAction: failed\n',
      ['failed a@b.example'],
    ],
    ['a test that sent nothing', 'Final-Recipient: rfc822; a@b.example\nAction: deliverable\nStatus: 2.1.5\n', []],
  ])('what programs read is read as it was meant: %s', (_, fields, expected) => {
    const status = `Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n${fields}`;
    const { outcomes } = viewOf(`Subject: x\n${parts('report', text('plain', 'Leider'), status)}`);
    expect(outcomes.map(({ kind, recipient }) => `${kind} ${recipient}`)).toEqual(expected);
  });

  it('what a report says to programs goes along where it is passed on', () => {
    const report =
      'Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; weg@b.example\nAction: failed\n';
    const letter = parts('report', text('plain', 'Kam nicht an'), report, 'Content-Type: message/rfc822\n\nSubject: Angebot\n\nx');
    const plan = planLetter(toLetterPart(scanEntities(Buffer.from(letter), DEFAULT_MIME_LIMITS), DEFAULT_MIME_LIMITS.parameters));
    expect(passedOn(plan, []).map(({ type }) => type)).toEqual(['message/rfc822', 'message/delivery-status']);
    expect(viewOf(letter).attachments.map(({ name }) => name)).toEqual(['Angebot.eml']);
  });

  it('a delivery report is a sentence about a recipient', () => {
    const status =
      'Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\nFinal-Recipient: rfc822; weg@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n';
    const { outcomes } = viewOf(`Subject: x\n${parts('report', text('plain', 'Leider'), status)}`);
    expect(outcomes).toEqual([{ kind: 'failed', recipient: 'weg@b.example', status: '5.1.1', reason: '550 no such user' }]);
  });

  it.each([
    [
      'abuse',
      'Original-Rcpt-To: <zu@b.example>\nSource-IP: 192.0.2.1',
      { kind: 'complaint', recipient: 'zu@b.example', reason: '192.0.2.1' },
    ],
    ['abuse', 'Original-Mail-From: <von@a.example>', { kind: 'complaintAbout', recipient: 'von@a.example' }],
    ['abuse', 'Original-Rcpt-To: somebody there <zu@b.example>', { kind: 'complaint', recipient: 'zu@b.example' }],
    ['abuse', 'Version: 1', { kind: 'complaintOnly' }],
    ['not-spam', 'Removal-Recipient: zu@b.example', { kind: 'wanted', recipient: 'zu@b.example' }],
    ['auth-failure', 'Reported-Domain: a.example\nAuth-Failure: dmarc', { kind: 'unproven', recipient: 'a.example', reason: 'dmarc' }],
  ])('a complaint (%s) is a sentence, and no file', (type, fields, outcome) => {
    const report = `Content-Type: message/feedback-report\n\nFeedback-Type: ${type}\n${fields}\n`;
    const { outcomes, attachments } = viewOf(`Subject: x\n${parts('report', text('plain', 'Beschwerde'), report)}`);
    expect(outcomes).toMatchObject([outcome]);
    expect(attachments).toEqual([]);
  });
});

describe('names of files', () => {
  const nameOf = (head: string): string | undefined =>
    viewOf(`Subject: x\n${parts('mixed', text('plain', 'x'), `${head}\n\nx\n`)}`).attachments[0]?.name;
  const named = (value: string): string => `Content-Type: application/pdf\nContent-Disposition: attachment; filename=${value}`;

  it.each([
    ['"Rechnung 5/2026.pdf"', 'Rechnung 5_2026.pdf'],
    ['"../../etc/Plan.pdf"', 'Plan.pdf'],
    ['"C:\\Users\\petra\\Plan.pdf"', 'Plan.pdf'],
    ['"C:\\\\Users\\\\Plan.pdf"', 'Plan.pdf'],
    ["'Plan.pdf'", 'Plan.pdf'],
    ['"%C3%9Cber%20uns.pdf"', 'Über uns.pdf'],
    ['"100% sicher.pdf"', '100% sicher.pdf'],
    ['"Plan"', 'Plan.pdf'],
    ['"Plan Nr. 5"', 'Plan Nr. 5'],
    ['=?utf-8?Q?Mein Plan=C3=BC.pdf?=; size=5', 'Mein Planü.pdf'],
    ['"Plan\n\tWest.pdf"', 'Plan West.pdf'],
    ['"..."', 'part-2.pdf'],
  ])('%s is %s', (given, name) => expect(nameOf(named(given))).toBe(name));

  it('raw bytes are in the charset of the text', () => {
    const raw = Buffer.concat([
      Buffer.from(
        'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\nx\r\n--b\r\n',
      ),
      Buffer.from('Content-Type: application/pdf; name="\x89\xef\x8b\x63.pdf"\r\n\r\nx\r\n--b--\r\n', 'latin1'),
    ]);
    expect(viewOf(raw).attachments[0]?.name).toBe('会議.pdf');
  });
});

describe('links in plain text', () => {
  const links = (body: string): string[] =>
    viewOf(`Subject: x\nContent-Type: text/plain; charset=utf-8\n\n${body}\n`).blocks.flatMap((block) =>
      block.paragraphs.flatMap((pieces) => pieces.flatMap(({ href }) => (href ? [href] : []))),
    );

  it.each([
    ['over two lines in angle brackets', '<https://x.example/ein/pfad\n/weiter?a=b>', 'https://x.example/ein/pfad/weiter?a=b'],
    ['without a blank, as Chinese is written', '请访问https://x.example/a。谢谢', 'https://x.example/a'],
    ['in a table', 'Name       Adresse\nEins       https://x.example/a\nZwei       x', 'https://x.example/a'],
    ['to write, with its subject', '<mailto:l@x.example?subject=weg>', 'mailto:l@x.example?subject=weg'],
    [
      'to write to two, at the end of a sentence',
      'Bitte mailto:a@x.example?cc=b@x.example&subject=Ja.',
      'mailto:a@x.example?cc=b@x.example&subject=Ja',
    ],
    ['before what is drawn as nothing', 'https://x.example/a\u200b weiter', 'https://x.example/a'],
    ['between stars, before a colon', '*https://x.example/a*: ja', 'https://x.example/a'],
  ])('%s', (_, body, address) => expect(links(body)).toEqual([address]));

  it('a picture made of characters keeps its columns', () => {
    expect(viewOf('Subject: x\n\n  /\\_/\\\n ( o.o )\n  > ^ <\n').blocks).toMatchObject([{ mono: true }]);
  });
});

describe('every letter that we know', () => {
  const letters = [...corpusLetters(), ...oddLetters().map((name) => ({ name, raw: oddLetter(name) }))];

  it('opens and takes its time from its length only', () => {
    let ms = 0;
    for (const { raw } of letters) {
      const began = processorTime();
      viewOf(raw);
      ms = Math.max(ms, processorTime() - began);
    }
    // a second is promised to the reader
    expect(ms).toBeLessThan(1000);
  });

  it('harms nothing', () => {
    for (const { name, raw } of letters)
      expect(viewOf(raw).html, name).not.toMatch(/<(script|iframe|object|form|meta|link|svg)\b|\son\w+=|javascript:/i);
  });
});

describe('a letter that costs too much', () => {
  it('is ended by its deadline, and the next one is built', async () => {
    const options = {
      partAddress: '',
      partPrefix: '',
      images: 'blocked' as const,
      imageKey: new Uint8Array(32),
      characters: 1_500_000,
      dark: true,
    };
    const container = oddLetter('01-outlook-style-in-comment.eml');
    const built = await runView({ kind: 'inner', container, encoding: 'binary', path: [], options }, 1);
    expect(built?.result).toMatchObject({ subject: '[01] Angebot aus Outlook' });
  });

  it('white space of megabytes becomes little', () => {
    const view = viewOf(`Subject: x\n\nHallo${`${' '.repeat(900)}\n`.repeat(1000)}x`);
    expect(readable(view)).toBe('Hallo x');
    expect(JSON.stringify(view.blocks).length).toBeLessThan(1000);
  });
});

it('a file inside a letter inside a letter can be had', () => {
  const container = oddLetter('18-nested-rfc822.eml');
  expect(work({ kind: 'file', container, encoding: 'binary', holds: 'letter', path: ['2', '2'] })).toMatchObject({
    name: 'bescheid.pdf',
    type: 'application/pdf',
  });
});

it('a filter that would take minutes to try ends in a thread, and nobody waits for it here', async () => {
  const letter = { bytes: Buffer.from(`Subject: x\r\n\r\n${'a'.repeat(262_000)}`), sizeBytes: 262_000, dispositions: [] };
  const conditions = [`*a*${'a'.repeat(400)}b`].map((value) => ({
    kind: 'text' as const,
    field: 'body' as const,
    header: '',
    match: 'matches' as const,
    not: false,
    values: Array.from({ length: 200 }, () => value),
  }));
  const easy = { join: 'any' as const, conditions: [{ kind: 'size' as const, over: true, kilobytes: 1 }] };
  const small = { ...letter, sizeBytes: 10 };
  expect(await runView({ kind: 'filter', filter: easy, letters: [letter, small] }, 1)).toEqual({ result: { takes: [true, false] } });
  expect(await runView({ kind: 'filter', filter: { join: 'any', conditions }, letters: [letter, letter] }, 1)).toBeNull();
});

it('a letter of quotation marks that takes more memory than a worker may have ends its worker, and the next one is shown', async () => {
  const options = {
    partAddress: '',
    partPrefix: '',
    images: 'blocked' as const,
    imageKey: Buffer.alloc(32),
    dark: true,
    characters: 36_000_000,
  };
  const view = (text: string): ReturnType<typeof runView> =>
    runView({ kind: 'inner', container: Buffer.from(`From: a@b.example\r\n\r\n${text}`), encoding: 'binary', path: [], options }, 1);
  const [large, small] = await Promise.all([view(`${'> '.repeat(400)}\r\n`.repeat(15_000)), view('Servus')]);
  expect([large, small?.result]).toEqual([null, expect.objectContaining({ text: expect.stringContaining('Servus') })]);
});

it('the plain text beside a long letter is made in a worker, and the same', async () => {
  const long = '<table><tr><td>Zelle</td></tr></table>'.repeat(1_000);
  expect(await runView({ kind: 'plain', html: long }, 1)).toEqual({ result: { plain: plainTextOf(long) } });
  expect(await plainTextBeside(1, long)).toBe(plainTextOf(long));
});

describe('a picture in the dark', () => {
  const pixels = (...runs: [count: number, ...colour: [number, number, number, number]][]): number[] =>
    runs.flatMap(([count, ...colour]) => Array.from({ length: count }, () => colour).flat());
  it.each([
    ['a dark logo on nothing', pixels([70, 0, 0, 0, 0], [20, 0, 0, 0, 255], [10, 220, 0, 30, 255]), true],
    ['one with smooth edges', pixels([60, 0, 0, 0, 0], [40, 10, 20, 40, 100]), true],
    ['a light one', pixels([70, 0, 0, 0, 0], [30, 255, 255, 255, 255]), false],
    ['one on white', pixels([70, 255, 255, 255, 255], [30, 0, 0, 0, 255]), false],
    ['a round button', pixels([21, 0, 0, 0, 0], [60, 20, 20, 20, 255], [19, 255, 255, 255, 255]), false],
    ['one that cannot be read', [], false],
  ])('%s', (_, picture, needsGround) => expect(isDarkOnNothing(picture)).toBe(needsGround));
});
