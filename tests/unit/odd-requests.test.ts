import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { format } from 'node:util';
import { expect, it } from 'vitest';
import { keepAnswersPrivate } from '#lib/http/keep-answers-private.ts';
import { sayOnce } from '#lib/http/say-once.ts';
import { takeOddRequests } from '#lib/http/take-odd-requests.ts';

it('who asks for another protocol is answered in this one, also by a server that listens for such requests', async () => {
  takeOddRequests();
  const server = createServer((_, response) => response.end('x')).on('upgrade', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const statusOf = (protocol: string) =>
    new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', agent: false, headers: { connection: 'Upgrade', upgrade: protocol } });
      asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      asked.end();
    });
  try {
    expect(await statusOf('h2c')).toBe(200);
    expect(await statusOf('websocket')).toBe(200);
  } finally {
    server.close();
  }
});

it('what is asked of the whole server is asked of a page, and a whole address means its path', async () => {
  takeOddRequests();
  const server = createServer(({ method, url, headers }, response) =>
    response.setHeader('seen', `${method} ${headers.host === `127.0.0.1:${port}` ? '' : headers.host}${url}`).end(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const seen = (method: string, path: string) =>
    new Promise((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', agent: false, method, path });
      asked.on('response', (response) => resolve(response.resume().headers['seen'])).on('error', reject);
      asked.end();
    });
  try {
    expect(await seen('OPTIONS', '*')).toBe('OPTIONS /');
    expect(await seen('PUT', '/sign-in')).toBe('PUT /sign-in');
    expect(await seen('GET', 'http://another.example/sign-in?next=http://x/')).toBe('GET another.example/sign-in?next=http://x/');
    expect(await seen('GET', 'HTTPS://another.example?a')).toBe('GET another.example/?a');
  } finally {
    server.close();
  }
});

it('an answer that says nothing of caches is kept by none', async () => {
  keepAnswersPrivate();
  const server = createServer(({ url }, response) => {
    if (url === '/picture') response.setHeader('Cache-Control', 'public, max-age=60');
    if (url === '/headers') response.writeHead(200, { 'X-Any': 'a' });
    response.end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const kept = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).headers.get('cache-control');
  try {
    expect(await kept('/zone')).toBe('private, no-store');
    expect(await kept('/headers')).toBe('private, no-store');
    expect(await kept('/picture')).toBe('public, max-age=60');
  } finally {
    server.close();
  }
});

it('what a stranger makes the framework say does not push all else out of the log', () => {
  let nowMs = 0;
  const said: string[] = [];
  const say = sayOnce(
    (...given) => void said.push(given.map((one) => (one instanceof Error ? String(one) : format(one))).join(' ')),
    () => nowMs,
  );
  const broken = (text: string): Error => new TypeError(text);
  for (let count = 0; count < 1000; count++) say('⨯', broken(`unexpected ${count}\n    at ${count}`));
  for (let count = 0; count < 1000; count++) say(`\`x-forwarded-host\` header with value \`${count}\` does not match`);
  // another place is heard
  say('⨯', new Error('the letter could not be shown'));
  // and whatever else is thrown
  say(Object.create(null));
  expect(said).toHaveLength(4);
  nowMs = 60_001;
  say('⨯', broken('again'));
  expect(said.slice(4)).toEqual([
    '999 times more within a minute: ⨯ TypeError: unexpected 0\n    at 0',
    '999 times more within a minute: `x-forwarded-host` header with value `0` does not match',
    '⨯ TypeError: again',
  ]);
});
