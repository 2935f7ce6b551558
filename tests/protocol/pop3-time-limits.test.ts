import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { Connection } from '#mail-server/wire/connection.ts';
import { limits } from '#mail-server/pop3/limits.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a line that comes byte by byte ends the connection after ten minutes, however lively its client seems', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const connection = new Connection(socket, false, '127.0.0.1', limits);
  const line = connection.readLine();
  for (const byte of 'STA') {
    const came = once(socket, 'data');
    client.write(byte);
    await came;
    vi.advanceTimersByTime(limits.timeoutMs / 4);
  }
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(limits.timeoutMs / 4);
  expect(await line).toBeNull();
  expect(socket.destroyed).toBe(true);
  client.destroy();
  server.close();
});
