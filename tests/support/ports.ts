import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { portsFor } from '#lib/config/config.ts';
import { obstacle } from '#lib/launcher/ports.ts';

/**
 * An offset whose mail ports are this process's until it ends, whoever listens on them now and then: a server that a test kills finds them again.
 * They are below those that the system gives to outgoing connections. The same numbers of UDP, which no server here wants, keep them.
 */
export async function reservePortOffset(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const offset = randomInt(20_000, 28_000);
    const ports = Object.values(portsFor(offset));
    const kept = await Promise.all(ports.map(keep));
    const free = await Promise.all(ports.map(async (port) => (await obstacle(port, '127.0.0.1')) === null));
    if (kept.every((one) => one !== null) && free.every(Boolean)) return offset;
    for (const one of kept) one?.close();
  }
  throw new Error('no free ports were found');
}

const keep = (port: number): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => resolve(null));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(socket));
  });
