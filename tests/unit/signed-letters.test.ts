import { describe, expect, it } from 'vitest';
import { DEFAULT_MIME_LIMITS as limits } from '#lib/mime/limits.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { findEntity, toLetterPart } from '#lib/mime/letter-part.ts';
import { planLetter } from '#lib/mime/plan-letter.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { calendarBytes } from '#lib/webmail/view/needed-parts.ts';
import { signedPlace } from '#lib/webmail/view/verify-letter.ts';
import work from '#lib/webmail/view/view-worker.ts';
import { indexIncoming, programIn, readIncoming } from '#mail-server/delivery/letter-work.ts';
import { extractFeatures } from '#mail-server/spam/extract-features.ts';
import { findProgram } from '#mail-server/spam/find-program.ts';
import { readable, sourceOf, viewOf } from '#tests/support/letter-view.ts';
import { processorTime } from '#tests/support/processor-time.ts';

/** S/MIME letters that are one file (RFC 8551 section 3.5.2), as authorities and companies' gateways send them. */

const der = (tag: number, ...contents: Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : [0x83, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const object = (last: number): Buffer => Buffer.from(`06092a864886f70d0107${last.toString(16).padStart(2, '0')}`, 'hex');
/** SignedData (RFC 5652 section 5.1) around a content, of nobody */
const signed = (content: string): Buffer => {
  const inner = der(0x30, object(1), der(0xa0, der(0x04, Buffer.from(content))));
  return der(0x30, object(2), der(0xa0, der(0x30, der(0x02, Buffer.from([1])), der(0x31), inner, der(0x31))));
};
const part = (content: Buffer, type = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'): string =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64')}\r\n`;
const letter = (content: Buffer, type?: string): Buffer =>
  Buffer.from(`From: amt@x.example\r\nSubject: Bescheid\r\n${part(content, type)}`);

const pdf =
  'Content-Type: application/pdf; name="Bescheid.pdf"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n';
const mixed = (...parts: string[]): string =>
  `Content-Type: multipart/mixed; boundary=m\r\n\r\n${parts.map((one) => `--m\r\n${one}`).join('')}--m--\r\n`;
const text = 'Content-Type: text/plain; charset=utf-8\r\n\r\nAnbei der Bescheid.\r\n';
const event =
  'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Termin\r\n' +
  'DTSTART:20261203T100000Z\r\nORGANIZER:mailto:amt@x.example\r\nATTENDEE:mailto:max@muster.at\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
const invitation = `Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n${event}`;
const answerTo = (raw: Buffer) => {
  const entity = scanEntities(raw, limits);
  const root = toLetterPart(entity, limits.parameters);
  const parts = calendarBytes(planLetter(root)).flatMap(({ section }) => {
    const found = findEntity(entity, section);
    return found ? [{ section, bytes: raw.subarray(found.bodyStart, found.bodyEnd), cut: false }] : [];
  });
  const asked = { root, parts, own: ['max@muster.at'], fallback: { name: '', address: 'max@muster.at' }, at: '2026-11-27T10:00:00Z' };
  return work({ kind: 'answer-invitation', ...asked, answer: 'ACCEPTED' });
};
const names = (files: readonly { part: string; name: string }[]): string[] => files.map(({ part: at, name }) => `${at} ${name}`);

describe('a letter that was signed as one file', () => {
  it('shows the files in it, also where there is no text beside them', () => {
    expect(names(viewOf(letter(signed(mixed(pdf)))).attachments)).toEqual(['1/1 Bescheid.pdf']);
    expect(names(viewOf(letter(signed(pdf))).attachments)).toEqual(['1/1 Bescheid.pdf']);
  });

  it.each([
    ['once', signed(invitation)],
    ['twice', signed(part(signed(part(Buffer.from(event), 'text/calendar; method=REQUEST; charset=utf-8'))))],
  ])('shows the invitation in it, which can be answered: signed %s', (_, content) => {
    const raw = letter(content);
    expect(viewOf(raw).calendar?.title).toBe('Termin');
    expect(answerTo(raw)).toMatchObject({ invitation: { title: 'Termin' } });
  });

  it.each([1, 4])(
    'is judged as what is inside, by the spam filter and by the quarantine for programs, since that is what people see: signed %s times',
    (times) => {
      const program = 'Content-Type: application/octet-stream; name="Rechnung.pdf.exe"\r\nContent-Disposition: attachment\r\n\r\nMZ\r\n';
      const offer =
        'Content-Type: text/html; charset=utf-8\r\n\r\n<p>Congratulations, you are the winner of our lottery! Claim your million dollars now: ' +
        '<a href="http://login.bank.example.top/verify">https://www.paypal.com/</a></p>\r\n';
      const content = mixed(offer, program);
      let packed = content;
      for (let time = 0; time < times; time++) packed = part(signed(packed));
      const head = 'From: Lotto <win@x.example>\r\nSubject: You have won\r\n';
      const seen = (inside: string) => {
        const { reasons, ...features } = extractFeatures(Buffer.from(head + inside));
        return { codes: reasons.map(({ code }) => code).toSorted(), links: features.linkDomains };
      };
      expect(seen(packed)).toEqual(seen(content));
      expect(seen(packed).codes).toEqual(expect.arrayContaining(['link-disguised']));
      const raw = Buffer.from(head + packed);
      expect(findProgram(raw, indexMessage(raw).parts)).toBe('Rechnung.pdf.exe');
    },
  );

  it('is looked through for programs where it is indexed: a large one beside the event loop, once for all mailboxes', async () => {
    const program = 'Content-Type: application/octet-stream; name="Rechnung.pdf.exe"\r\nContent-Disposition: attachment\r\n\r\nMZ\r\n';
    const long = `Content-Type: text/plain\r\n\r\n${'Anbei der Bescheid.\r\n'.repeat(20_000)}`;
    for (const content of [mixed(program), mixed(long, program)]) {
      const raw = letter(signed(content));
      expect(programIn(raw, await indexIncoming(raw, 'amt@x.example'))).toBe('Rechnung.pdf.exe');
    }
    const raw = letter(signed(mixed(long, program)));
    const { index } = await readIncoming(raw, 'amt@x.example');
    const began = processorTime();
    for (let mailbox = 0; mailbox < 500; mailbox++) programIn(raw, index);
    expect(processorTime() - began).toBeLessThan(100);
  });

  it.each([
    'application/pkcs7-mime; smime-type=signed-data; name="Max.Mustermann.p7m"',
    'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
    'application/x-pkcs7-mime; name="a.pdf.p7m"',
  ])('is looked into by the filter and the quarantine whatever it is called, since other programs open it: %s', (type) => {
    const program = pdf.replaceAll('Bescheid.pdf', 'Bescheid.exe');
    const words = 'Content-Type: text/html\r\n\r\n<p>Ihr Konto wurde gesperrt, <a href="https://paypal.x.example/">hier</a></p>\r\n';
    const raw = letter(signed(mixed(words, program)), type);
    expect(findProgram(raw, indexMessage(raw).parts)).toBe('Bescheid.exe');
    const codes = extractFeatures(raw).reasons.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['words-account', 'link-of-brand', 'dangerous-attachment']));
  });

  it('is a program as well where its own name says so', () => {
    const codes = extractFeatures(letter(signed(text), 'application/pkcs7-mime; name="Bescheid.hta"')).reasons.map(({ code }) => code);
    expect(codes).toContain('dangerous-attachment');
  });

  it('bears the name of nobody whose signed text lies beside it', () => {
    const theirs = `Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s\r\n\r\n--s\r\n${text}--s\r\n${part(signed(''), 'application/pkcs7-signature; name="smime.p7s"')}--s--\r\n`;
    const placeIn = (raw: Buffer) => signedPlace(toLetterPart(scanEntities(raw, limits), limits.parameters));
    const alone = Buffer.from(`From: amt@x.example\r\n${theirs}`);
    expect(placeIn(alone)?.content?.section).toBe('1');
    const both = Buffer.from(
      `From: amt@x.example\r\n${mixed(theirs, part(signed('Content-Type: text/plain\r\n\r\nVon jemand anderem.\r\n')))}`,
    );
    expect(readable(viewOf(both))).toContain('Von jemand anderem.');
    expect(placeIn(both)).toBeNull();
  });

  it('is shown when it comes as a letter in a letter, and when it was signed twice', () => {
    const twice = viewOf(letter(signed(part(signed(mixed(text, pdf))))));
    expect(readable(twice)).toBe('Anbei der Bescheid.');
    expect(names(twice.attachments)).toEqual(['1/1/2 Bescheid.pdf']);
    const options = {
      partAddress: '',
      partPrefix: '2/',
      images: 'blocked' as const,
      imageKey: Buffer.alloc(32),
      characters: 1000,
      dark: true,
    };
    const view = work({ kind: 'inner', container: letter(signed(mixed(text, pdf))), encoding: '7bit', path: [], options });
    expect(view).toMatchObject({ text: 'Anbei der Bescheid.', attachments: [{ part: '2/1/2' }], notes: ['smime-signed'] });
  });

  it('is quoted by an answer, and its files go along where it is passed on', () => {
    const source = sourceOf(letter(signed(mixed(text, pdf))));
    expect(source.source.trim()).toBe('Anbei der Bescheid.');
    expect(names(source.files)).toEqual(['1/2 Bescheid.pdf']);
    expect(source.opened).toEqual(['1']);
  });

  it('keeps the pictures of its text where it is quoted', () => {
    const html = 'Content-Type: text/html\r\n\r\n<p>Plan: <img src="cid:plan@x"></p>\r\n';
    const plan =
      'Content-Type: image/png; name="plan.png"\r\nContent-ID: <plan@x>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n';
    const related = `Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\n${html}--r\r\n${plan}--r--\r\n`;
    const source = sourceOf(letter(signed(mixed(related, pdf))));
    expect(source.pictures).toMatchObject([{ part: '1/1.2', name: 'plan.png', contentId: 'plan@x' }]);
    expect(names(source.files)).toEqual(['1/2 Bescheid.pdf']);
    const twice = sourceOf(letter(signed(part(signed(mixed(related, pdf))))));
    expect(twice.pictures.map(({ part: at }) => at)).toEqual(['1/1/1.2']);
  });

  it.each([
    ['once', signed(mixed(text, pdf))],
    ['twice', signed(part(signed(mixed(text, pdf))))],
  ])('shows its first words in the list, and is found by what it says: signed %s', (_, content) => {
    for (const type of [undefined, 'application/pkcs7-mime; name="smime.p7m"\r\nContent-Disposition: attachment; filename="smime.p7m"']) {
      const index = indexMessage(letter(content, type));
      expect(index.preview).toBe('Anbei der Bescheid.');
      expect(index.text.slice(index.bodyStart)).toContain('Bescheid.pdf');
    }
  });

  it('that is any file shows none of its bytes in the list', () => {
    const index = indexMessage(letter(signed('%PDF-1.4\n1 0 obj\n'), 'application/octet-stream; name="smime.p7m"'));
    expect(index.preview + index.text.slice(index.bodyStart)).toBe('');
  });

  it('is found by its beginning where it is longer than what is looked at', () => {
    const long = letter(signed(mixed(text, pdf.replace('JVBERi0xLjQK', 'JVBERi0xLjQK'.repeat(2000)))));
    expect(indexMessage(long, { ...limits, textBytes: 4000 }).preview).toBe('Anbei der Bescheid.');
  });

  it('can be opened file by file', () => {
    const container = signed(part(signed(mixed(text, pdf))));
    const file = work({ kind: 'file', container, encoding: 'binary', holds: 'letter', path: ['1', '2'] });
    expect(file).toMatchObject({ name: 'Bescheid.pdf', bytes: Buffer.from('%PDF-1.4\n') });
  });

  const list = 'Content-Type: text/plain\r\n\r\nVon der Liste.\r\n';
  const besideIt = (...parts: string[]): Buffer => Buffer.from(`Subject: x\r\n${mixed(...parts)}`);

  it('with a text beside it shows both where they stand, and so does an answer', () => {
    const inside = part(signed(mixed(text, pdf)));
    for (const [parts, said] of [
      [[list, inside], 'Von der Liste. Anbei der Bescheid.'],
      [[inside, list], 'Anbei der Bescheid. Von der Liste.'],
    ] as const) {
      const raw = besideIt(...parts);
      const at = parts.indexOf(inside) + 1;
      expect(readable(viewOf(raw))).toBe(said);
      expect(viewOf(raw).notes).toEqual(['smime-signed']);
      expect(names(viewOf(raw).attachments)).toEqual([`${at}/2 Bescheid.pdf`]);
      expect(sourceOf(raw).source.replace(/\s+/g, ' ').trim()).toBe(said);
      expect(names(sourceOf(raw).files)).toEqual([`${at}/2 Bescheid.pdf`]);
      expect(sourceOf(raw).opened).toEqual([String(at)]);
    }
  });

  it('is not reached by the styles of what stands beside it, and a file beside it is a file', () => {
    const html = (words: string): string => `Content-Type: text/html\r\n\r\n<style>p{color:red}</style><p class="a">${words}</p>\r\n`;
    const view = viewOf(besideIt(html('Von der Liste.'), part(signed(html('Anbei der Bescheid.'))), pdf));
    const scopes = [...view.html.matchAll(/<div class="(\w+)"><style>\.(\w+) /g)].map(([, box, sheet]) => [box, sheet]);
    expect(scopes).toEqual([
      ['m0', 'm0'],
      ['n0', 'n0'],
    ]);
    expect(names(view.attachments)).toEqual(['3 Bescheid.pdf']);
    const source = sourceOf(besideIt(html('Von der Liste.'), part(signed(text))));
    expect(source.html).toMatch(/Von der Liste\.[\s\S]*<hr[^>]*><pre>Anbei der Bescheid\./);
  });

  it.each([
    ['Content-Type: text/plain; name="notiz.txt"\r\n\r\nNotiz\r\n', 'notiz.txt'],
    ['Content-Type: text/html; name="Bericht.html"\r\n\r\n<p>Bericht</p>\r\n', 'Bericht.html'],
  ])('before a text that is a file shows that file: %#', (file, name) => {
    const raw = besideIt(part(signed(text)), file);
    expect(readable(viewOf(raw))).toBe('Anbei der Bescheid.');
    expect(viewOf(raw)).toMatchObject({ cut: false, notes: ['smime-signed'] });
    expect(names(viewOf(raw).attachments)).toEqual([`2 ${name}`]);
    expect(sourceOf(raw)).toMatchObject({ cut: false });
    expect(sourceOf(raw).source.trim()).toBe('Anbei der Bescheid.');
  });

  it('beside an invitation is answered as the page shows it: the first of both, and no other', () => {
    const called = (title: string) => invitation.replace('SUMMARY:Termin', `SUMMARY:${title}`);
    const words = text.replace('Anbei', `${event.replace('Termin', 'Zitat')}\r\nAnbei`);
    const inside = part(signed(mixed(words, called('Signiert'))));
    const unanswerable = called('Ohne Frage').replaceAll('REQUEST', 'PUBLISH');
    for (const [parts, title, reply] of [
      [[inside, called('Daneben')], 'Signiert', true],
      [[called('Daneben'), inside], 'Daneben', true],
      [[part(signed(text)), called('Daneben')], 'Daneben', true],
      [[unanswerable, inside], 'Ohne Frage', false],
    ] as const) {
      const raw = besideIt(...parts);
      expect(viewOf(raw).calendar?.title).toBe(title);
      const answered = answerTo(raw);
      if (reply) expect(answered).toMatchObject({ invitation: { title } });
      else expect(answered).toBe(null);
    }
  });

  it.each(['Max.Mustermann.p7m', 'Bescheid vom 12.11.2026.p7m', 'postacert.eml.p7m'])('is a letter whatever it is called: %s', (name) => {
    for (const type of ['application/pkcs7-mime; smime-type=signed-data', 'application/x-pkcs7-mime']) {
      const raw = letter(signed(mixed(text, pdf)), `${type}; name="${name}"`);
      expect(readable(viewOf(raw))).toBe('Anbei der Bescheid.');
      expect(sourceOf(raw).source.trim()).toBe('Anbei der Bescheid.');
      expect(indexMessage(raw).preview).toBe('Anbei der Bescheid.');
      expect(signedPlace(toLetterPart(scanEntities(raw, limits), limits.parameters))?.signature?.section).toBe('1');
    }
  });

  it('within another a hundred times ends', () => {
    let content = signed(text);
    for (let depth = 0; depth < 100; depth++)
      content = signed(
        `Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n${content.toString('base64').slice(0, 100_000)}`,
      );
    expect(viewOf(letter(content)).attachments).toHaveLength(1);
  });
});

describe('what is called the same and is no signed letter', () => {
  const noise = Buffer.from(Array.from({ length: 40_000 }, (_, at) => (at * at * 31 + (at >> 3)) & 255));
  const encrypted = der(0x30, object(3), der(0xa0, der(0x30, der(0x02, Buffer.from([0])), der(0x04, Buffer.from('\r\n\r\nabc'), noise))));

  it.each(['application/pkcs7-mime; name="smime.p7m"', 'application/octet-stream; name="smime.p7m"'])(
    'an encrypted letter that does not say what it is, is said to be encrypted: %s',
    (type) => {
      const view = viewOf(letter(encrypted, type));
      expect(view.notes).toEqual(['smime-encrypted']);
      expect(view.blocks).toEqual([]);
      expect(view.html).toBe('');
      expect(names(view.attachments)).toEqual(['1 smime.p7m']);
    },
  );

  it.each([
    ['a document', 'Rechnung.pdf.p7m', '%PDF-1.4\n1 0 obj\n'],
    ['an e-invoice of Italy', 'IT01234567890_FPA01.xml.p7m', '<?xml version="1.0"?>\n<FatturaElettronica/>\n'],
  ])('a file that was signed is a file, and the text beside it is the letter: %s', (_, name, content) => {
    const file = part(signed(content), `application/pkcs7-mime; name="${name}"`);
    const view = viewOf(Buffer.from(`Subject: x\r\n${mixed(text, file)}`));
    expect(readable(view)).toBe('Anbei der Bescheid.');
    expect(view.notes).toEqual([]);
    expect(names(view.attachments)).toEqual([`2 ${name}`]);
  });

  it('so is one whose name does not say so', () => {
    const view = viewOf(Buffer.from(`Subject: x\r\n${mixed(text, part(signed('%PDF-1.4\n1 0 obj\n')))}`));
    expect(readable(view)).toBe('Anbei der Bescheid.');
    expect(names(view.attachments)).toEqual(['2 smime.p7m']);
  });

  it('a signed file is no signed letter', () => {
    for (const name of ['a.pdf.p7m', 'a.numbers.p7m']) {
      const root = toLetterPart(scanEntities(Buffer.from(part(signed('x'), `application/pkcs7-mime; name="${name}"`)), limits), 200);
      expect(planLetter(root).seal).toBeNull();
    }
  });
});
