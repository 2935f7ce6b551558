import { no, ok, type Completion } from '../completion.ts';
import { parseMailbox } from '../names/mailbox-name.ts';
import type { Cursor } from '../parser/cursor.ts';
import { parseSequenceSet } from '../parser/sequence-set.ts';
import { resolveSet, uidRanges } from '../select/index-ranges.ts';
import { formatNumbers } from '../serializer/format-set.ts';
import type { ImapSession } from '../context.ts';
import { selected, type Command } from './command.ts';

/** RFC 9051 section 6.4.7 */
export const copy: Command = {
  states: selected,
  updates: 'all',
  tryCreate: true,
  uid: true,
  run: (session, args, byUid) => transfer(session, args, byUid, false),
};

/** RFC 6851: one transaction, so no message is ever in both folders or in none. */
export const move: Command = { ...copy, run: (session, args, byUid) => transfer(session, args, byUid, true) };

async function transfer(session: ImapSession, args: Cursor, byUid: boolean, moves: boolean): Promise<Completion> {
  args.space();
  const set = parseSequenceSet(args.sequenceText());
  args.space();
  const name = parseMailbox(args, session.isRev2);
  args.end();
  const view = session.selectedView;
  const word = moves ? 'MOVE' : 'COPY';
  if (moves && view.readOnly) return no('The mailbox is open read-only');
  const { store, account } = session;
  const indexes = resolveSet(set, view.shown, byUid, view.saved);
  const target = await store.findFolder(account, name);
  if (!target) return no('No such mailbox', 'TRYCREATE');
  if (indexes.length === 0) return ok(`${word} done`);
  const done = await store.copy(account, view.folderId, target.folderId, uidRanges(view.shown, indexes), moves);
  // all of them were expunged by another session meanwhile
  if (done.source.length === 0) return byUid ? ok(`${word} done`) : no('The messages are gone', 'EXPUNGEISSUED');
  const code = `COPYUID ${done.uidvalidity} ${formatNumbers(done.source)} ${formatNumbers(done.target)}`;
  if (!moves) return ok('COPY done', code);
  // RFC 6851 section 4.3: before the EXPUNGE responses, which the session sends next
  session.writer.untagged(`OK [${code}] Moved`);
  return ok('MOVE done');
}
