import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
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
  const server = createServer(({ method, url }, response) => response.setHeader('seen', `${method} ${url}`).end());
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
    expect(await seen('GET', 'http://another.example/sign-in?next=http://x/')).toBe('GET /sign-in?next=http://x/');
    expect(await seen('GET', 'HTTPS://another.example?a')).toBe('GET /?a');
  } finally {
    server.close();
  }
});
