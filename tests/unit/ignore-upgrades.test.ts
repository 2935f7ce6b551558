import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ignoreUpgrades } from '#lib/webmail/ignore-upgrades.ts';

it('who asks for another protocol is answered in this one, also by a server that listens for such requests', async () => {
  ignoreUpgrades();
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
