import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { createSharedTurns } from '../workers/shared-turns.ts';

/** OWASP's minimum for argon2id: 15 ms of one core. App passwords and tokens carry the entropy that a person's password lacks. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hash of a random value that nobody kept, with the parameters above. */
const nobodysHash = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$aIeb99TBbauOHtxFMQoxWQ$hDwLZ/7kkqPkfUdYriJR+fiKC4DkMfWIrTHfFbETc8Q`;

/** So many hashes wait already that another would time out; tell the client to try again. */
export class PasswordHashingBusy extends Error {
  constructor() {
    super('too many password verifications wait');
    this.name = 'PasswordHashingBusy';
  }
}

// argon2 runs on libuv's threads. One of them stays free for files, name look-ups and compression; more at once than cores only costs
// memory traffic. UV_THREADPOOL_SIZE is libuv's own variable, not a setting of ours.
const poolThreads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) || 4;
const running = Math.max(1, Math.min(availableParallelism(), poolThreads - 1));
const turns = createSharedTurns<'all'>({ running, ofOne: running, waiting: 200 });

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = await turns.run('all', work);
  if (done === null) throw new PasswordHashingBusy();
  return done;
}

const longestBytes = 1024;
/** Whether it can be anybody's; what cannot is not hashed. */
export const isPossiblePassword = (plain: string): boolean =>
  plain !== '' && !plain.includes('\0') && Buffer.byteLength(plain) <= longestBytes;

/** NFC, so that "ü" typed on a Mac (two code points) is the "ü" of everybody else (RFC 8265 section 4.2.2). */
const prepare = (plain: string): string => plain.normalize('NFC');

/** The PHC string ("$argon2id$v=19$m=…") of a password. Throws PasswordHashingBusy. */
export const hashPassword = (plain: string): Promise<string> => inTurn(() => hash(prepare(plain), parameters));

/** True if the password belongs to the PHC string; false also for a string that is none. Throws PasswordHashingBusy. */
export const verifyPassword = (plain: string, phc: string): Promise<boolean> =>
  inTurn(() => verify(phc, prepare(plain)).catch(() => false));

/** Takes as long as verifyPassword, for a mailbox that does not exist; so the answer's time does not tell which do. Always false. */
export const verifyNobodysPassword = async (plain: string): Promise<false> => {
  await verifyPassword(plain, nobodysHash);
  return false;
};
