import { beforeAll, expect, it } from 'vitest';
import { programOf } from '#lib/auth/web-session/program-name.ts';
import { hrefOf, parseLocation } from '#components/mail/mail-href.ts';
import { imageAddress, openImage } from '#lib/webmail/remote/image-address.ts';

beforeAll(() => {
  process.env['DATABASE_URL'] ??= 'postgresql://nobody@127.0.0.1/none';
  process.env['POSTAMT_SECRET'] ??= 'a secret of this test that is long enough';
});

it('the address of a picture says nothing of where it lies, is the same each time, and only ours is opened', () => {
  const url = 'https://newsletter.example/open.gif?reader=max%40muster.at';
  const address = imageAddress(url) ?? '';
  expect(address).toMatch(/^\/api\/mail\/image\?of=[\w-]+$/);
  expect(address).not.toMatch(/newsletter|example|max/);
  expect(imageAddress(url)).toBe(address);
  const sealed = address.slice(address.indexOf('=') + 1);
  expect(openImage(sealed)).toBe(url);
  for (const forged of ['', 'abc', `${sealed.slice(0, -2)}AA`, `A${sealed.slice(1)}`, Buffer.from(url).toString('base64url')]) {
    expect(openImage(forged)).toBeNull();
  }
});

it('the words of a search stand behind the "#", which browsers send to nobody, and come back from there', () => {
  const target = { folder: 'Kunden/Müller & Söhne', query: 'von:"Anna Öztal" #7 50% a=b&m=9 ?q=x', uid: 12, messageFolder: 'Archiv' };
  const href = hrefOf(target);
  const [sent = ''] = href.split('#');
  expect(decodeURIComponent(sent)).toBe('/mail/Kunden/Müller & Söhne?m=12&in=Archiv');
  expect(parseLocation(href)).toEqual({ ...target, view: 'mail' });
  expect(new URL(href, 'https://mail.example').search).not.toContain('q=');
});

it('a bookmark of before still searches', () => {
  expect(parseLocation('/mail/INBOX?q=Rechnung').query).toBe('Rechnung');
  expect(parseLocation('/mail/INBOX#q=').query).toBe('');
  expect(parseLocation('/mail/INBOX#liste').query).toBeNull();
});

it.each(['javascript:alert(1)', 'file:///etc/passwd', 'https://user:secret@x.at/', 'cid:x', `https://x.at/${'a'.repeat(3000)}`])(
  'no picture is loaded from %s',
  (url) => expect(imageAddress(url)).toBeNull(),
);

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    'Safari',
    'macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1',
    'Chrome',
    'iPhone',
  ],
  ['Mozilla/5.0 (Android 16; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0', 'Firefox', 'Android'],
  ['curl/8.14.1', 'curl', ''],
  ['', '', ''],
])('%s is called %s on %s', (userAgent, browser, system) => expect(programOf(userAgent)).toEqual({ browser, system }));
