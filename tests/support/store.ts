import type { ChangeHint, EventBus } from '#mail-server/events/event-bus.ts';
import { openDatabase, type Database } from '#mail-server/store/postgres/database.ts';
import { openPostgresStore } from '#mail-server/store/postgres-store.ts';
import type { MailStore, NewMessage } from '#mail-server/store/mail-store.ts';
import { indexMessage } from '#lib/mime/index-message.ts';

/** A store as one process has it, with a bus of its own: what another process commits is seen only through the database. */
export interface TestProcess {
  store: MailStore;
  database: Database;
  close(): Promise<void>;
}

export function openTestProcess(connectionString: string, mostFolders = 2000): TestProcess {
  const database = openDatabase({ connectionString });
  const { store, close } = openPostgresStore({ database, bus: localBus(), mostFolders });
  return {
    store,
    database,
    async close() {
      await close();
      await database.close();
    },
  };
}

function localBus(): EventBus {
  const listeners = new Set<(hint: ChangeHint) => void>();
  return {
    publish(account) {
      for (const listener of listeners) listener(account);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch() {},
    async close() {},
  };
}

export function newMessage(text: string, flags = 0n): NewMessage {
  const raw = Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'));
  return { raw, index: indexMessage(raw), flags, receivedMs: null };
}
