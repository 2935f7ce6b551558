import pg from 'pg';
import { endsWithItsHost } from '../../lib/db/ends-with-its-program.ts';
import { StoreError } from './store-error.ts';
import type { AccountId } from '../../lib/db/ids.ts';

/** Gives one POP3 session at a time the mailbox (RFC 1939 section 4), over all processes. */
export interface MaildropLocks {
  /**
   * Call what is returned once, to give the mailbox back; when that has resolved (it never rejects) another session may have it.
   * Null: another session has it. StoreError Unavailable.
   */
  take(account: AccountId): Promise<(() => Promise<void>) | null>;
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;
const answerTimeoutMs = 5_000;
/** "POP3" in the upper half of the key; ids of accounts never reach it. */
const key = (account: AccountId): string => String((0x504f_5033n << 32n) | BigInt(account));

/**
 * Advisory locks on one connection that all POP3 sessions of the process share, and within the process a set. Postgres gives the locks
 * back when the process dies. If only the connection is lost, the sessions go on and their locks are taken again with the next one:
 * until then a second session elsewhere could get in, which does no harm beyond one of them deleting what the other has deleted.
 */
export function openMaildropLocks(connectionString: string): MaildropLocks {
  /** true once Postgres has given the lock */
  const held = new Map<AccountId, boolean>();
  let connection: Promise<pg.Client> | null = null;

  const connected = (): Promise<pg.Client> => {
    if (connection) return connection;
    // one that is lost may end when the next one is there already: what that one holds would never be given back
    const opening: Promise<pg.Client> = connect(() => {
      if (connection === opening) connection = null;
    });
    connection = opening;
    return opening;
  };
  const connect = async (lost: () => void): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: answerTimeoutMs,
      keepAlive: true,
      options: endsWithItsHost,
      application_name: 'postamt-pop3-locks',
      // several sessions ask at once; answers come in order
      pipeline: true,
    } as pg.ClientConfig);
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      // only those of a connection that was lost: a lock that is taken twice must be given back twice
      for (const [account, locked] of held) if (locked) await client.query('SELECT pg_try_advisory_lock($1)', [key(account)]);
      return client;
    } catch (error) {
      lost();
      client.end().catch(() => undefined);
      throw error;
    }
  };
  const ask = async (statement: string, account: AccountId): Promise<boolean> => {
    const asked = connected();
    const client = await asked;
    try {
      const { rows } = await client.query<{ done: boolean }>({
        name: statement,
        text: `SELECT ${statement}($1) AS done`,
        values: [key(account)],
      });
      return rows[0]?.done === true;
    } catch (error) {
      // what came too late to be heard may have been done: that ends with the connection, and what others hold is taken again
      if (connection === asked) connection = null;
      client.end().catch(() => undefined);
      throw error;
    }
  };

  return {
    async take(account) {
      if (held.has(account)) return null;
      held.set(account, false);
      const giveBack = async (): Promise<void> => {
        // the connection is gone: so is the lock. A take that follows at once is asked behind this on the same connection.
        if (held.delete(account) && connection) await ask('pg_advisory_unlock', account).catch(() => undefined);
      };
      try {
        if (await ask('pg_try_advisory_lock', account)) {
          held.set(account, true);
          return giveBack;
        }
      } catch (error) {
        held.delete(account);
        throw new StoreError('Unavailable', { cause: error });
      }
      held.delete(account);
      return null;
    },
    async close() {
      const client = connection;
      connection = null;
      held.clear();
      await client?.then((open) => open.end()).catch(() => undefined);
    },
  };
}
