import { createServer } from 'node:http';
import http from 'node:http';
import { once } from 'node:events';
import { domainToASCII } from 'node:url';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { parseHeader } from '#lib/mime/parse-header.ts';
import type { Judgement, Provenance } from '#lib/mime/judgement.ts';
import { cautionsOf } from '#lib/webmail/trust/cautions.ts';
import { post, postOneClick } from '#lib/webmail/remote/post-one-click.ts';
import { unsubscribeOf, unsubscribeWays } from '#lib/webmail/trust/read-unsubscribe.ts';
import { processorTime } from '#tests/support/processor-time.ts';
import { unwrapSigned } from '#lib/mime/signed-content.ts';
import { verifySignature } from '#lib/webmail/view/smime.ts';
import { zipNames } from '#lib/webmail/files/zip-names.ts';
import { decodeContent } from '#lib/mime/decode-content.ts';
import { DEFAULT_MIME_LIMITS } from '#lib/mime/limits.ts';
import { scanEntities } from '#lib/mime/scan-entity.ts';
import { oddLetter, readable, viewOf } from '#tests/support/letter-view.ts';

const known = [
  { name: 'Erika Musterfrau', address: 'erika@muster.at' },
  { name: '', address: 'service@musterbank.at' },
  { name: 'Max', address: 'max@orf.at' },
];
const kinds = (name: string, address: string) => cautionsOf({ name, address }, known).map(({ kind }) => kind);

describe('somebody who looks like somebody known', () => {
  it('is told by name and by domain', () => {
    expect(kinds('Erika Musterfrau', 'erika.m@gmx.example')).toEqual(['same-name']);
    expect(kinds('MUSTERFRAU, Erika', 'x@gmx.example')).toEqual(['same-name']);
    expect(kinds('Erikа Musterfrau', 'x@gmx.example')).toEqual(['same-name']);
    expect(kinds('Eri\u3164ka Muster\u{e0061}frau', 'x@gmx.example')).toEqual(['same-name']);
    for (const domain of [
      'musterbnak.at',
      'rnusterbank.at',
      'musterbank1.at',
      'xn--msterbank-q9a.at',
      'mustebank.at',
      'mail.musterbamk.at',
    ])
      expect([domain, kinds('Bank', `a@${domain}`)]).toEqual([domain, ['alike']]);
    expect(kinds('', `a@${domainToASCII('musterbаnk.at')}`)).toEqual(['alike']);
  });

  it('is told where the name is the address of somebody else', () => {
    expect(kinds('service@paypal.com', 'x@evil.example')).toEqual(['name-is-address']);
    expect(kinds('"Service <service@paypal.com>"', 'x@evil.example')).toEqual(['name-is-address']);
    for (const form of ['service\uff20paypal.com', 'service\ufe6bpaypal.com', 'service@paypal\u3002com', 'service@paypal\uff61com'])
      expect([form, kinds(form, 'x@evil.example')]).toEqual([form, ['name-is-address']]);
    expect(kinds('', '"service@paypal.com"@evil.example')).toEqual(['name-is-address']);
    expect(kinds('', '"service@paypal.com>"@evil.example')).toEqual(['name-is-address']);
    expect(kinds('shop@kette.example', 'news@mail.kette.example')).toEqual([]);
  });

  it('is told where the name mixes alphabets, or is the own domain', () => {
    expect(kinds('Тruѕt Wallet', 'x@evil.example')).toEqual(['mixed-letters']);
    expect([kinds('Иван Петров (Sales)', 'x@firma.example'), kinds('Ω Electronics', 'x@firma.example')]).toEqual([[], []]);
    const named = (name: string) => cautionsOf({ name, address: 'x@evil.example' }, known, 'firma.at');
    expect(named('Firma.at IT-Support')).toEqual([{ kind: 'name-is-address', name: 'firma.at' }]);
    expect(named('Portal von www.firma.at.')).toEqual([{ kind: 'name-is-address', name: 'www.firma.at' }]);
    expect(named('meinefirma.at')).toEqual([]);
    const umlaut = cautionsOf({ name: 'Müller.at', address: 'x@evil.example' }, known, 'xn--mller-kva.at');
    expect(umlaut).toEqual([{ kind: 'name-is-address', name: 'müller.at' }]);
  });

  it('is told where a letter from outside says it is from the own domain', () => {
    const own = (address: string) => cautionsOf({ name: '', address }, known, 'firma.at').map(({ kind }) => kind);
    expect([own('chef@firma.at'), own('x@mail.firma.at'), own('x@andere-firma.at')]).toEqual([['own-domain'], ['own-domain'], []]);
  });

  it('is not seen where nothing is odd', () => {
    expect(kinds('Erika Musterfrau', 'erika@muster.at')).toEqual([]);
    expect(kinds('Erika Musterfrau', 'erika.musterfrau@muster.at')).toEqual([]);
    expect(kinds('Erika', 'erika@andere.example')).toEqual([]);
    expect(kinds('Info', 'newsletter@musterbank.at')).toEqual([]);
    expect(kinds('Info', 'news@post.musterbank.at')).toEqual([]);
    // short names are alike by chance
    expect(kinds('', 'a@ard.at')).toEqual([]);
  });
});

const judgement: Judgement = {
  verdict: 'attested',
  spf: null,
  dkim: [{ result: 'pass', domain: 'liste.example', selector: 's1' }],
  dmarc: [],
  arc: null,
};
const from = (given: Partial<Judgement>): Provenance => ({
  origin: 'outside',
  author: 'news@liste.example',
  judgement: { ...judgement, ...given },
  submittedBy: null,
});
const header = (signed: string, more = ''): ReturnType<typeof parseHeader> =>
  parseHeader(
    `DKIM-Signature: v=1; a=rsa-sha256; d=liste.example; s=s1;\r\n h=${signed}; bh=x; b=y\r\nList-Unsubscribe: <mailto:ab@liste.example?subject=ab%20melden>,\r\n <https://liste.example/u?x=1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n${more}\r\n`,
    100,
  );

describe('unsubscribing', () => {
  it('by one click only where the domain vouches for the author and for both fields', () => {
    const both = header('From:List-Unsubscribe:\r\n List-Unsubscribe-Post');
    expect(unsubscribeOf(unsubscribeWays(both, from({})))).toMatchObject({ how: 'one-click', where: 'liste.example' });
    expect(unsubscribeOf(unsubscribeWays(both, from({ verdict: 'unknown' })))?.how).toBe('letter');
    expect(unsubscribeOf(unsubscribeWays(header('From:List-Unsubscribe'), from({})))?.how).toBe('letter');
    expect(unsubscribeOf(unsubscribeWays(both, from({ dkim: [{ result: 'fail', domain: 'liste.example', selector: 's1' }] })))?.how).toBe(
      'letter',
    );
  });

  it('by one click not where a false signature names the key of a good one that covers less', () => {
    const letter = header(
      'From',
      'DKIM-Signature: v=1; a=rsa-sha256; d=liste.example; s=s1; h=From:List-Unsubscribe:List-Unsubscribe-Post; bh=x; b=z\r\n',
    );
    const dkim = ['pass', 'fail'].map((result) => ({ result, domain: 'liste.example', selector: 's1' }));
    expect(unsubscribeOf(unsubscribeWays(letter, from({ dkim })))?.how).toBe('letter');
  });

  it('the letter says what the list wants to read, and nothing can be put into its header', () => {
    expect(unsubscribeWays(header('From'), from({})).letter).toEqual({ to: 'ab@liste.example', subject: 'ab melden', body: 'unsubscribe' });
    const capitals = parseHeader('List-Unsubscribe: <mailto:a@b.example?Subject=ab%2B4711&BODY=weg>\r\n\r\n', 10);
    expect(unsubscribeWays(capitals, from({})).letter).toEqual({ to: 'a@b.example', subject: 'ab+4711', body: 'weg' });
    const odd = parseHeader('List-Unsubscribe: <mailto:a@b.example?subject=x%0D%0ABcc:%20c@d.example>\r\n\r\n', 10);
    expect(unsubscribeWays(odd, from({})).letter?.subject).toBe('x Bcc: c@d.example');
    const inner = parseHeader('List-Unsubscribe: <https://127.0.0.1/x>, <http://liste.example/y>, <javascript:x>\r\n\r\n', 10);
    expect(unsubscribeOf(unsubscribeWays(inner, from({})))).toBeNull();
  });

  it('thousands of blanks in the field cost nothing', () => {
    const started = processorTime();
    const blanks = parseHeader(`List-Unsubscribe: <${`${' '.repeat(70)}\r\n `.repeat(110)}x\r\n\r\n`, 10);
    expect(unsubscribeOf(unsubscribeWays(blanks, from({})))).toBeNull();
    expect(processorTime() - started).toBeLessThan(500);
    const spaced = parseHeader('List-Unsubscribe: < https://liste.example/ab\r\n melden >\r\n\r\n', 10);
    expect(unsubscribeWays(spaced, from({})).page).toBe('https://liste.example/abmelden');
  });

  it('the request is the one of RFC 8058, and goes to no address of our own network', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers['content-type'], request.headers.cookie, body]);
        response.writeHead(302, { location: '/elsewhere' }).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      expect(await post(http, new URL(`http://127.0.0.1:${port}/u?x=1`), undefined)).toBe(302);
      expect(seen).toEqual([['POST', '/u?x=1', 'application/x-www-form-urlencoded', undefined, 'List-Unsubscribe=One-Click']]);
      for (const address of [
        `https://127.0.0.1:${port}/`,
        'https://127.0.0.1/',
        'https://[::1]/',
        'http://liste.example/',
        'https://localhost/',
      ])
        expect([address, await postOneClick(address)]).toEqual([address, null]);
    } finally {
      server.close();
    }
  });
});

describe('S/MIME', () => {
  const signatureOf = (name: string) => {
    const raw = oddLetter(name);
    const [content, signature] = scanEntities(raw, DEFAULT_MIME_LIMITS).children;
    if (!content || !signature) throw new Error(name);
    const der = decodeContent(raw.subarray(signature.bodyStart, signature.bodyEnd), signature.encoding);
    return verifySignature(raw.subarray(content.headerStart, content.bodyEnd), der, Date.now());
  };

  it('says who signed, and whether it was changed since', async () => {
    const who = { name: 'Erika Musterfrau', addresses: ['erika@muster.example'], issuer: 'Muster CA', invalidSince: '' };
    expect(await signatureOf('60-smime-detached.eml')).toEqual({ ...who, state: 'unchanged' });
    expect(await signatureOf('62-smime-changed.eml')).toEqual({ ...who, state: 'changed' });
  });

  it('a letter that was signed as one file is read', () => {
    expect(readable(viewOf(oddLetter('60-smime-detached.eml')))).toContain('Der Vertrag gilt wie besprochen. Grüße');
    const raw = oddLetter('61-smime-opaque.eml');
    const root = scanEntities(raw, DEFAULT_MIME_LIMITS);
    const inside = unwrapSigned(decodeContent(raw.subarray(root.bodyStart, root.bodyEnd), root.encoding));
    expect(readable(viewOf(inside ?? Buffer.alloc(0)))).toContain('Der Vertrag gilt wie besprochen. Grüße');
  });

  it('what is shown is what was signed: who writes something around it in its own wrapping, or beside it, has changed it', async () => {
    const raw = oddLetter('61-smime-opaque.eml');
    const root = scanEntities(raw, DEFAULT_MIME_LIMITS);
    const original = decodeContent(raw.subarray(root.bodyStart, root.bodyEnd), root.encoding);
    const element = (tag: number, ...contents: Uint8Array[]): Buffer => {
      const content = Buffer.concat(contents);
      return Buffer.concat([Buffer.from([tag, 0x83, content.length >> 16, (content.length >> 8) & 255, content.length & 255]), content]);
    };
    const bodyOf = (whole: Buffer): Buffer => {
      const { start } = extentOf(whole);
      return whole.subarray(start);
    };
    const extentOf = (bytes: Buffer): { start: number; end: number } => {
      const [, first = 0] = bytes;
      if (first < 0x80) return { start: 2, end: 2 + first };
      const start = 2 + (first & 0x7f);
      return { start, end: start + bytes.readUIntBE(2, first & 0x7f) };
    };
    const within = (whole: Buffer): Buffer[] => {
      const found: Buffer[] = [];
      for (let rest = bodyOf(whole); rest.length > 0; rest = rest.subarray(extentOf(rest).end))
        found.push(rest.subarray(0, extentOf(rest).end));
      return found;
    };
    const [type = original, content = original] = within(original);
    const [data = original] = within(content);
    const [version = data, digests = data, packed = data, ...signers] = within(data);
    const [kind = packed] = within(packed);
    const around = (inner: Buffer): Buffer =>
      element(0x30, type, element(0xa0, element(0x30, version, digests, element(0x30, kind, element(0xa0, inner)), ...signers)));
    const genuine = element(4, unwrapSigned(original) ?? Buffer.alloc(0));
    const added = element(4, Buffer.from('Content-Type: text/plain\r\n\r\nZahlen Sie an ...\r\n'));
    const stateOf = async (der: Buffer) => (await verifySignature(null, der, Date.now())).state;
    for (const same of [original, around(genuine), around(element(0x24, genuine)), around(element(0x24, element(0x24, genuine)))])
      expect(await stateOf(same)).toBe('unchanged');
    for (const other of [
      element(0x24, element(0x24, added), genuine),
      element(0x24, genuine, element(0x24, added)),
      element(0x24, added, genuine),
      added,
    ])
      expect(await stateOf(around(other))).toBe('changed');
    expect((await verifySignature(bodyOf(added), original, Date.now())).state).toBe('changed');
  });

  it('what is no signature is none', async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('0'.repeat(1000)),
      Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from([0x30, 0x80]))),
    ]) {
      expect(unwrapSigned(bytes)).toBeNull();
      expect((await verifySignature(Buffer.from('x'), bytes, Date.now())).state).toBe('unreadable');
    }
  });
});

it('names in an archive can be unpacked everywhere, and keep their endings', () => {
  const nameOf = zipNames();
  expect(
    ['Angebot.pdf', 'angebot.PDF', '../../etc/passwd', '..', 'CON.txt', 'a:b?.doc', 'Über "uns".pdf', '.profil', 'x. '].map((name) =>
      nameOf(name),
    ),
  ).toEqual(['Angebot.pdf', 'angebot (2).PDF', 'passwd', 'datei', '_CON.txt', 'a_b_.doc', 'Über _uns_.pdf', 'profil', 'x']);
  expect(['x (3)', 'x', 'x', 'X (2)', 'x'].map((name) => nameOf(name))).toEqual(['x (3)', 'x (2)', 'x (4)', 'X (2) (2)', 'x (5)']);
});

it('ten thousand files of one name are named as soon as those of many', () => {
  const nameOf = zipNames();
  const asked = vi.spyOn(Set.prototype, 'has');
  for (let at = 0; at < 10_000; at++) nameOf('Bild.png');
  const count = asked.mock.calls.length;
  asked.mockRestore();
  expect(nameOf('Bild.png')).toBe('Bild (10001).png');
  expect(count).toBeLessThan(30_000);
});
