import { authenticate } from './commands/authenticate.ts';
import type { Command } from './commands/command.ts';
import { capability, logout, noop, startTls, unauthenticate } from './commands/connection-commands.ts';
import {
  checkScriptCommand,
  deleteScriptCommand,
  getScript,
  haveSpace,
  listScriptsCommand,
  putScriptCommand,
  renameScriptCommand,
  setActive,
} from './commands/script-commands.ts';

export const commands: ReadonlyMap<string, Command> = new Map([
  ['AUTHENTICATE', authenticate],
  ['STARTTLS', startTls],
  ['LOGOUT', logout],
  ['CAPABILITY', capability],
  ['NOOP', noop],
  ['UNAUTHENTICATE', unauthenticate],
  ['HAVESPACE', haveSpace],
  ['PUTSCRIPT', putScriptCommand],
  ['LISTSCRIPTS', listScriptsCommand],
  ['SETACTIVE', setActive],
  ['GETSCRIPT', getScript],
  ['DELETESCRIPT', deleteScriptCommand],
  ['RENAMESCRIPT', renameScriptCommand],
  ['CHECKSCRIPT', checkScriptCommand],
]);
