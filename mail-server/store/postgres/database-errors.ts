import pg from 'pg';
import { StoreError } from '../store-error.ts';

const codes: Record<string, StoreError['code']> = {
  PA001: 'UnknownAccount',
  PA002: 'OverQuota',
  PA003: 'UnknownFolder',
  PA004: 'FolderExists',
  PA005: 'NotAllowed',
  PA006: 'FolderHasChildren',
  PA008: 'TooManyKeywords',
};

/** The delivery's key was there already (PA007 of append_message): an answer to a retry, not a failure. */
export const isAlreadyDelivered = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === 'PA007';

/** Deadlock, serialisation, a lock that was not to be had in time: the statement did nothing, and the same one may succeed now. */
const collisions = new Set(['40P01', '40001', '55P03']);
/**
 * A statement that took too long or was cancelled (57014), a transaction that was ended since this process stood still in it (25P03), and what means
 * that the database is away, or only to be read (25006: a standby that nobody promoted yet); said as "again" to whoever asked.
 */
const temporary = /^(08|57|53|25006|25P03)/;

export const isCollision = (error: unknown): boolean =>
  error instanceof StoreError && error.cause instanceof pg.DatabaseError && collisions.has(error.cause.code ?? '');

/** Somebody held what it wanted to lock. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof StoreError && error.cause instanceof pg.DatabaseError && error.cause.code === '55P03';

/** The statement itself took too long (57014), which it may do again; whoever repeats it at once keeps a connection busy for good. */
export const tookTooLong = (error: unknown): boolean =>
  error instanceof StoreError && error.cause instanceof pg.DatabaseError && error.cause.code === '57014';

/** What this program asked or could not read: the same again would fail again. */
const isOurFault = (error: unknown): boolean => error instanceof TypeError || error instanceof RangeError;

/** PA… are our own (see prisma/functions). What never came from the database and is no fault of ours is one that is away. */
export function translate(error: unknown): unknown {
  if (error instanceof StoreError || isOurFault(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const own = codes[code];
  if (own) return new StoreError(own, { cause: error });
  if (error instanceof pg.DatabaseError && !temporary.test(code) && !collisions.has(code)) return error;
  return new StoreError('Unavailable', { cause: error });
}
