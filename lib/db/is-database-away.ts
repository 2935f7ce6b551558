import { driverCause } from './driver-cause.ts';
import { Prisma } from './generated/client.ts';

/** Whether this failure of the web's client says that the database is away: not there, going, starting, or silent. Asked again later it answers. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error instanceof Error && driverSays.test(error.message);
  // P2028: no connection for a transaction came in time
  if (error.code === 'P2028') return true;
  const cause = driverCause(error);
  if (!cause) return false;
  return awayKinds.has(cause.kind) || (cause.kind === 'postgres' && awayStates.test(cause.code));
}

const awayKinds: ReadonlySet<string> = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
]);

/** SQLSTATE: connection exceptions; shutting down, crashed, starting (57P01 to 57P03); only to be read, a standby that nobody promoted yet (25006). */
const awayStates = /^(?:08|57P0[123]|25006)/;

/** What the driver throws without a code of any kind: a database that fell silent, or ended the connection. */
const driverSays =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;
