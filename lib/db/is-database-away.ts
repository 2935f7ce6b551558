import { driverCause } from './driver-cause.ts';
import { Prisma } from './generated/client.ts';

/**
 * Whether this failure of the web's client says that the database is away: not there, going, starting, silent, or kept from it by others, who hold a
 * lock or fill its disk. Asked again later it answers.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error instanceof Error && driverSays.test(error.message);
  // P2028: no connection for a transaction came in time; P2034: it collided with others whenever it was tried
  if (error.code === 'P2028' || error.code === 'P2034') return true;
  const cause = driverCause(error);
  // the system says that there is no way to it: its socket is gone (ENOENT), its name unknown, no file left to open
  if (!cause) return systemSays.test(error.code);
  return awayKinds.has(cause.kind) || (cause.kind === 'postgres' && awayStates.test(cause.code));
}

/** ERR_…: what Node says to a program that asked for what cannot be. */
const systemSays = /^E(?!RR_)[A-Z_]+$/;

const awayKinds: ReadonlySet<string> = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
  'TlsConnectionError',
]);

/**
 * SQLSTATE: connection exceptions; disk, memory or connections used up; a statement that took too long (57014: the web ends none itself), shutting
 * down, crashed, starting; collisions; only to be read, a standby that nobody promoted yet (25006); a transaction in which
 * the web stood still (25P03). The mail server says the same of them (store/postgres/database-errors.ts).
 */
const awayStates = /^(?:08|53|57|40001|40P01|55P03|25006|25P03)/;

/**
 * What the driver throws without a code of Prisma's or the database's: one that fell silent, or ended the connection, or to which there is no way
 * (its socket is gone, its host cannot be reached, its name is not known just now).
 */
const driverSays =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|(?:connect|getaddrinfo) E[A-Z_]+ )/;
