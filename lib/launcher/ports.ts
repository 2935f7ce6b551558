import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { basePorts, portsFor, type MailPort } from '../config/config.ts';
import { StartupFailure } from './startup-failure.ts';

/** Where ports below 1024 may not be bound, or belong to another mail server: 25 becomes 10025, 993 becomes 10993 … */
const UNPRIVILEGED_OFFSET = 10_000;

type Obstacle = 'taken' | 'forbidden' | 'no such address';

/** Why nobody can listen on this address and port now; null if one can. */
export async function obstacle(port: number, address: string | undefined): Promise<Obstacle | null> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: address, exclusive: true }, resolve);
    });
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') return 'taken';
    if (code === 'EACCES') return 'forbidden';
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'no such address';
    throw error;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Above the mail ports of UNPRIVILEGED_OFFSET, and below those that systems give to outgoing connections. */
const [lowestFree, highestFree] = [15_000, 19_999];
let next = randomInt(lowestFree, highestFree);

/**
 * A port of 127.0.0.1 that nobody has: `preferred` if it is free. None that the system may give to an outgoing connection, which would have it
 * when the server that it was for is started again.
 */
export async function freePort(preferred = 0): Promise<number> {
  if (preferred > 0 && (await obstacle(preferred, '127.0.0.1')) === null) return preferred;
  for (let tries = 0; tries < 100; tries++) {
    const port = next;
    next = port < highestFree ? port + 1 : lowestFree;
    if ((await obstacle(port, '127.0.0.1')) === null) return port;
  }
  throw new Error('no free port was found');
}

/**
 * The offset of the mail ports, after trying each: the one given, else 0, else UNPRIVILEGED_OFFSET. In production a port that another
 * program has is an error, never a silent change. Throws StartupFailure with the port and the variable.
 */
export async function chooseMailPorts(given: number | undefined, address: string | undefined, production: boolean): Promise<number> {
  const candidates = given !== undefined ? [given] : [0, UNPRIVILEGED_OFFSET];
  for (const [index, offset] of candidates.entries()) {
    const problem = await firstObstacle(offset, address);
    if (problem === null) return offset;
    const isLast = index === candidates.length - 1;
    if (isLast || problem.obstacle === 'no such address' || (production && problem.obstacle === 'taken'))
      throw portFailure(problem, address);
  }
  throw new Error('no candidate');
}

interface PortProblem {
  port: number;
  name: MailPort;
  obstacle: Obstacle;
}

async function firstObstacle(offset: number, address: string | undefined): Promise<PortProblem | null> {
  const ports = portsFor(offset);
  for (const name of Object.keys(basePorts) as MailPort[]) {
    const found = await obstacle(ports[name], address);
    if (found) return { port: ports[name], name, obstacle: found };
  }
  return null;
}

function portFailure({ port, name, obstacle: found }: PortProblem, address: string | undefined): StartupFailure {
  if (found === 'no such address') return new StartupFailure(`This machine has no address ${address}: correct POSTAMT_LISTEN.`);
  if (found === 'forbidden') {
    return new StartupFailure(
      `Port ${port} (${name}) may not be opened by this user: set POSTAMT_PORT_OFFSET to 1000 or more, or empty for ${UNPRIVILEGED_OFFSET}.`,
    );
  }
  return new StartupFailure(
    `Port ${port} (${name}) is taken by another program: stop that program or set POSTAMT_PORT_OFFSET to another number.`,
  );
}

/** Makes sure that the web can have its port; 0 gives a free one. Throws StartupFailure. */
export async function chooseWebPort(port: number, address: string | undefined): Promise<number> {
  if (port === 0) return freePort();
  const found = await obstacle(port, address);
  if (found === null) return port;
  if (found === 'no such address') throw new StartupFailure(`This machine has no address ${address}: correct POSTAMT_LISTEN.`);
  if (found === 'forbidden') throw new StartupFailure(`Port ${port} may not be opened by this user: set PORT to 1024 or more.`);
  throw new StartupFailure(`Port ${port} is taken by another program: stop that program or set PORT to another number.`);
}
