import type { Logger } from 'pino';
import type { AccountId } from '../../lib/db/ids.ts';
import type { Directory, OpenMailbox } from '../store/mail-directory.ts';
import type { Authenticator, Client, Principal } from './types.ts';

export interface LoginWatchOptions {
  directory: Directory;
  log: Logger;
  /** pause between looks, ms */
  everyMs: number;
}

interface Login {
  principal: Principal;
  client: Client;
  since: number;
  revoked: () => void;
}

type LoginWatch = Pick<Authenticator, 'watch' | 'signedIn' | 'end'>;

/** a short read each: it shares its connection with others, but never with a search, which may take long on purpose */
const accountsPerQuestion = 1_000;

/**
 * Looks every few seconds (± 20 %, so that many processes do not ask at once) whether what the open sessions signed in with still opens their
 * mailboxes, and ends those where it does not. One question a process for a thousand of them; while nobody is signed in none is asked. So it is
 * also what knows who is here.
 */
export function createLoginWatch({ directory, log, everyMs }: LoginWatchOptions): LoginWatch {
  const logins = new Set<Login>();
  let timer: NodeJS.Timeout | null = null;

  const look = async (): Promise<void> => {
    // logins that come while the database is asked are for the next time
    const asked = [...logins];
    const open = await findOpen(directory, new Set(asked.map(({ principal }) => principal.accountId)));
    for (const login of asked) {
      if (isGood(login.principal, open.get(login.principal.accountId)) || !logins.delete(login)) continue;
      const { accountId: account, credential } = login.principal;
      log.info({ account, by: credential }, 'signed out: the mailbox or its credentials changed');
      login.revoked();
    }
  };
  const schedule = (): void => {
    if (timer || logins.size === 0) return;
    const again = (): void => {
      timer = null;
      schedule();
    };
    const failed = (error: unknown): void => log.warn({ err: error }, 'open sessions could not be looked at');
    timer = setTimeout(() => void look().catch(failed).finally(again), everyMs * (0.8 + 0.4 * Math.random())).unref();
  };

  return {
    watch(principal, client, revoked) {
      const login = { principal, client, since: Date.now(), revoked };
      logins.add(login);
      schedule();
      return () => void logins.delete(login);
    },
    signedIn: () => Array.from(logins, shown),
    end(isMeant) {
      const ended = [...logins].filter((login) => isMeant(shown(login)));
      for (const login of ended) {
        logins.delete(login);
        log.info({ account: login.principal.accountId, remoteAddress: login.client.remoteAddress }, 'signed out by the operator');
        login.revoked();
      }
      return ended.length;
    },
  };
}

const shown = ({ principal: { address, credential }, client: { protocol, remoteAddress }, since }: Login) => ({
  address,
  protocol,
  remoteAddress,
  credential,
  since,
});

async function findOpen(directory: Directory, accounts: ReadonlySet<AccountId>): Promise<Map<AccountId, OpenMailbox>> {
  const all = [...accounts];
  const open = new Map<AccountId, OpenMailbox>();
  for (let at = 0; at < all.length; at += accountsPerQuestion) {
    for (const [account, mailbox] of await directory.openMailboxes(all.slice(at, at + accountsPerQuestion))) open.set(account, mailbox);
  }
  return open;
}

/** An app password outlives a change of the mailbox's own password, as it does at login. */
function isGood({ credentialVersion, appPasswordId, sessionId }: Principal, mailbox: OpenMailbox | undefined): boolean {
  if (!mailbox || (sessionId != null && !mailbox.webSessions.includes(sessionId))) return false;
  return appPasswordId === null ? credentialVersion === mailbox.credentialVersion : mailbox.appPasswords.includes(appPasswordId);
}
