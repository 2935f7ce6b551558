import { no, ok } from '../completion.ts';
import { canonicalName, nameProblem } from '../../folder-name.ts';
import { decodeMailbox } from '../names/mailbox-name.ts';
import { ParseError } from '../parser/parse-error.ts';
import type { Cursor } from '../parser/cursor.ts';
import { loggedIn, type Command } from './command.ts';
import { formatListed } from './listed.ts';

const specialUses = new Map(
  ['\\All', '\\Archive', '\\Drafts', '\\Flagged', '\\Junk', '\\Sent', '\\Trash'].map((use) => [use.toLowerCase(), use]),
);
/** \All and \Flagged would be views over all mail; folders are not. */
const possible = new Set(['\\Archive', '\\Drafts', '\\Junk', '\\Sent', '\\Trash']);

/** RFC 9051 section 6.3.4, CREATE-SPECIAL-USE of RFC 6154. Parents that are missing are made. */
export const create: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    args.space();
    // a trailing separator says that folders will follow below: all can have some
    const given = decodeMailbox(args.astring(), session.isRev2).replace(/\/$/, '');
    const uses = args.more() ? parseUse(args) : [];
    args.end();
    const name = canonicalName(given);
    const problem = nameProblem(name);
    if (problem) return no(problem, 'CANNOT');
    const [use, ...more] = uses;
    if (more.length > 0 || (use !== undefined && !possible.has(use))) return no('Not possible as special use of a mailbox', 'USEATTR');
    if (use && (await session.store.folders(session.account)).some((folder) => folder.specialUse === use)) {
      return no('Another mailbox has that special use', 'USEATTR');
    }
    const folder = await session.store.createFolder(session.account, name, use ?? null);
    if (session.isRev2 && given !== name) session.writer.untagged(formatListed(folder, false, given));
    return ok('CREATE done', `MAILBOXID (F${folder.folderId})`);
  },
};

function parseUse(args: Cursor): string[] {
  const uses: string[] = [];
  args.list(1, () => {
    if (args.keyword() !== 'USE') throw new ParseError('Unknown CREATE parameter');
    args.space();
    args.list(0, () => {
      const flag = args.flag();
      uses.push(specialUses.get(flag.toLowerCase()) ?? flag);
    });
  });
  return uses;
}
