import type { Cursor } from '../parser/cursor.ts';
import { ParseError } from '../parser/parse-error.ts';
import { append } from './append.ts';
import { authenticate } from './authenticate.ts';
import { capability } from './capability.ts';
import { close } from './close.ts';
import type { Command } from './command.ts';
import { copy, move } from './copy.ts';
import { create } from './create.ts';
import { deleteMailbox } from './delete.ts';
import { enable } from './enable.ts';
import { expunge } from './expunge.ts';
import { fetch } from './fetch.ts';
import { id } from './id.ts';
import { idle } from './idle.ts';
import { list } from './list.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { lsub } from './lsub.ts';
import { namespace } from './namespace.ts';
import { check, noop } from './noop.ts';
import { getquota, getquotaroot } from './quota.ts';
import { rename } from './rename.ts';
import { search } from './search.ts';
import { examine, select } from './select.ts';
import { sort } from './sort.ts';
import { starttls } from './starttls.ts';
import { status } from './status.ts';
import { store } from './store.ts';
import { subscribe, unsubscribe } from './subscribe.ts';
import { thread } from './thread.ts';
import { unselect } from './unselect.ts';

const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    APPEND: append,
    AUTHENTICATE: authenticate,
    CAPABILITY: capability,
    CHECK: check,
    CLOSE: close,
    COPY: copy,
    CREATE: create,
    DELETE: deleteMailbox,
    ENABLE: enable,
    EXAMINE: examine,
    EXPUNGE: expunge,
    FETCH: fetch,
    GETQUOTA: getquota,
    GETQUOTAROOT: getquotaroot,
    ID: id,
    IDLE: idle,
    LIST: list,
    LOGIN: login,
    LOGOUT: logout,
    LSUB: lsub,
    MOVE: move,
    NAMESPACE: namespace,
    NOOP: noop,
    RENAME: rename,
    SEARCH: search,
    SELECT: select,
    SORT: sort,
    STARTTLS: starttls,
    STATUS: status,
    STORE: store,
    SUBSCRIBE: subscribe,
    THREAD: thread,
    UNSELECT: unselect,
    UNSUBSCRIBE: unsubscribe,
  } satisfies Record<string, Command>),
);

/** For the test that asks of each command what it costs. */
export const commandNames: readonly string[] = Array.from(commands.keys());

export interface FoundCommand {
  command: Command;
  /** called as UID command */
  byUid: boolean;
  /** for logs and metrics: "UID FETCH" */
  name: string;
}

/** Takes the command's name; null if there is no such command. */
export function findCommand(args: Cursor): FoundCommand | null {
  let name = args.keyword();
  const byUid = name === 'UID';
  if (byUid) {
    args.space();
    name = args.keyword();
  }
  const command = commands.get(name);
  if (!command || (byUid && !command.uid)) return null;
  if (!args.atEnd && args.peek() !== 32) throw new ParseError('Expected a space');
  return { command, byUid, name: byUid ? `UID ${name}` : name };
}
