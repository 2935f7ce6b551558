import { expect, it } from 'vitest';
import { ownPath } from '#lib/auth/own-path.ts';

it('nobody is led elsewhere by a link to the sign-in', () => {
  const elsewhere = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/\t/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/a/b/../..//evil.example',
    '/%2e%2e//evil.example',
    '/mail\r\nX: y',
    '',
    null,
    7,
  ];
  for (const path of elsewhere) expect(new URL(ownPath(path), 'https://post.example').href, String(path)).toBe('https://post.example/');
});

it('a page of our own is found again, with what was asked of it', () => {
  const own = [
    '/',
    '/mail/INBOX',
    '/panel/search?q=max%40muster.at',
    '/@evil.example',
    // as forms and encodeURIComponent write blanks, brackets and apostrophes
    '/panel/search?q=Muster+GmbH',
    "/mail/Projekte%20(alt)/Max'%20Ablage~!*",
  ];
  for (const path of own) expect(ownPath(path)).toBe(path);
});
