import pg from 'pg';
import { StoreError } from './store-error.ts';
import type { AccountId } from './types.ts';

/** Gives one POP3 session at a time the mailbox (RFC 1939 section 4), over all processes. */
export interface MaildropLocks {
  /** Call what is returned once, to give the mailbox back; null: another session has it. StoreError Unavailable. */
  take(account: AccountId): Promise<(() => void) | null>;
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
  const held = new Set<AccountId>();
  let connection: Promise<pg.Client> | null = null;

  const connected = (): Promise<pg.Client> => {
    connection ??= connect();
    return connection;
  };
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: answerTimeoutMs,
      keepAlive: true,
      application_name: 'postamt-pop3-locks',
    });
    const lost = (): void => {
      connection = null;
    };
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      for (const account of held) await client.query('SELECT pg_try_advisory_lock($1)', [key(account)]);
      return client;
    } catch (error) {
      lost();
      client.end().catch(() => undefined);
      throw error;
    }
  };
  const ask = async (statement: string, account: AccountId): Promise<boolean> => {
    const client = await connected();
    const { rows } = await client.query<{ done: boolean }>({
      name: statement,
      text: `SELECT ${statement}($1) AS done`,
      values: [key(account)],
    });
    return rows[0]?.done === true;
  };

  return {
    async take(account) {
      if (held.has(account)) return null;
      held.add(account);
      const giveBack = (): void => {
        // the connection is gone: so is the lock
        if (held.delete(account) && connection) ask('pg_advisory_unlock', account).catch(() => undefined);
      };
      try {
        if (await ask('pg_try_advisory_lock', account)) return giveBack;
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
