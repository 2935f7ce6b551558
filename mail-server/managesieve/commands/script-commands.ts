import {
  activateScript,
  deleteScript,
  hasSpace,
  listScripts,
  type PutResult,
  putScript,
  readScript,
  readScripts,
  renameScript,
} from '../../store/sieve-scripts.ts';
import type { AccountId } from '../../../lib/db/ids.ts';
import { checkInWorker } from '../../delivery/letter-work.ts';
import type { CheckedScript } from '../../sieve/check-script.ts';
import type { ManageSieveContext } from '../context.ts';
import { isScriptName } from '../script-name.ts';
import { no, ok, type ResponseCode, writeString } from '../reply.ts';
import { type Command, withStrings } from './command.ts';

const noName = no('This cannot be the name of a script');
const unknown = no('There is no script of that name', 'NONEXISTENT');

const noRoom: Record<Exclude<PutResult, 'stored'>, { text: string; code: ResponseCode }> = {
  TooManyScripts: { text: 'The mailbox has as many scripts as it may have', code: 'QUOTA/MAXSCRIPTS' },
  TooLarge: { text: 'The script is too large', code: 'QUOTA/MAXSIZE' },
  OverQuota: { text: 'The scripts of the mailbox are too large together', code: 'QUOTA' },
};

const refuse = (result: Exclude<PutResult, 'stored'>): string => no(noRoom[result].text, noRoom[result].code);

/** RFC 5804 section 2.5. */
export const haveSpace: Command = {
  states: ['signed in'],
  async run({ connection, principal, services }, [name, size, ...more]) {
    if (principal === null) return;
    if (name?.kind !== 'string' || size?.kind !== 'number' || more.length > 0)
      return connection.write(no('HAVESPACE takes a name and a number'));
    if (!isScriptName(name.value)) return connection.write(noName);
    const result = await hasSpace(services.database, principal.accountId, services.settings.sieve, name.value, size.value);
    return connection.write(result === 'stored' ? ok() : refuse(result));
  },
};

/** RFC 5804 section 2.6: what is not valid is never stored. */
export const putScriptCommand = withStrings(2, async (session, account, [name = '', content = '']) => {
  if (!isScriptName(name)) return noName;
  const { database, settings } = session.services;
  const checked = await check(session, account, name, content);
  if (!checked.valid) return no(checked.text);
  const result = await putScript(database, account, settings.sieve, { name, content });
  if (result !== 'stored') return refuse(result);
  return checked.text === '' ? ok() : ok(checked.text, 'WARNINGS');
});

/** RFC 5804 section 2.7. */
export const listScriptsCommand = withStrings(0, async ({ services }, account) => {
  const scripts = await listScripts(services.database, account);
  return `${scripts.map(({ name, active }) => `${writeString(name)}${active ? ' ACTIVE' : ''}\r\n`).join('')}${ok()}`;
});

/** RFC 5804 section 2.8: the empty name makes none active. A script that became invalid since it was stored stays as it is. */
export const setActive = withStrings(1, async (session, account, [name = '']) => {
  const { database } = session.services;
  if (name !== '') {
    const content = await readScript(database, account, name);
    if (content === null) return unknown;
    const checked = await check(session, account, name, content);
    if (!checked.valid) return no(checked.text);
  }
  return (await activateScript(database, account, name === '' ? null : name)) === 'UnknownScript' ? unknown : ok();
});

/** RFC 5804 section 2.9. */
export const getScript = withStrings(1, async ({ services }, account, [name = '']) => {
  const content = await readScript(services.database, account, name);
  if (content === null) return unknown;
  return `{${Buffer.byteLength(content)}}\r\n${content}\r\n${ok()}`;
});

/** RFC 5804 section 2.10. */
export const deleteScriptCommand = withStrings(1, async ({ services }, account, [name = '']) => {
  const result = await deleteScript(services.database, account, name);
  if (result === 'ActiveScript') return no('An active script cannot be deleted', 'ACTIVE');
  return result === 'UnknownScript' ? unknown : ok();
});

/** RFC 5804 section 2.11. */
export const renameScriptCommand = withStrings(2, async ({ services }, account, [from = '', to = '']) => {
  if (!isScriptName(to)) return noName;
  const result = await renameScript(services.database, account, from, to);
  if (result === 'ScriptExists') return no('There is a script of that name', 'ALREADYEXISTS');
  return result === 'UnknownScript' ? unknown : ok();
});

/** RFC 5804 section 2.12. */
export const checkScriptCommand = withStrings(1, async (session, account, [content = '']) => {
  const checked = await check(session, account, 'script', content);
  if (!checked.valid) return no(checked.text);
  return checked.text === '' ? ok() : ok(checked.text, 'WARNINGS');
});

async function check({ services }: ManageSieveContext, account: AccountId, name: string, content: string): Promise<CheckedScript> {
  const { database, settings } = services;
  const others = (await readScripts(database, account)).contents;
  return checkInWorker({ name, content, sieve: settings.sieve, others }, String(account));
}
