import { setImmediate as nextTurn } from 'node:timers/promises';
import { unknownProvenance, type Provenance } from '../../../lib/mime/judgement.ts';
import { TaskFailure } from '../../../lib/workers/task-failure.ts';
import { no, ok, type Completion } from '../completion.ts';
import { limits } from '../limits.ts';
import { parseMailbox } from '../names/mailbox-name.ts';
import type { Literal } from '../parser/command-reader.ts';
import type { Cursor } from '../parser/cursor.ts';
import { parseDateTime } from '../parser/date-time.ts';
import { parseLabels } from '../parser/flag-list.ts';
import { splitFlags } from '../select/split-flags.ts';
import { ParseError } from '../parser/parse-error.ts';
import { formatNumbers } from '../serializer/format-set.ts';
import { indexIncoming } from '../../delivery/letter-work.ts';
import type { ImapSession } from '../context.ts';
import type { NewMessage } from '../../store/mail-store.ts';
import { loggedIn, type Command } from './command.ts';

interface AppendMessage {
  flags: string[];
  receivedMs: number | null;
  literal: Literal;
}

/** RFC 9051 section 6.3.12 with MULTIAPPEND (3502): all messages or none. */
export const append: Command = {
  states: loggedIn,
  updates: 'all',
  tryCreate: true,
  async run(session, args) {
    args.space();
    const name = parseMailbox(args, session.isRev2);
    const messages = parseMessages(args);
    if (messages.some(({ literal }) => literal.bytes.length === 0)) return no('An empty message cannot be stored');
    const folder = await session.store.findFolder(session.account, name);
    if (!folder) return no('No such mailbox', 'TRYCREATE');
    if (session.services.disk.isLow) return no('There is hardly any disk space left, no message can be stored at the moment', 'LIMIT');
    return save(session, folder.folderId, messages);
  },
};

function parseMessages(args: Cursor): AppendMessage[] {
  const messages: AppendMessage[] = [];
  do {
    if (messages.length >= limits.messagesPerAppend) throw new ParseError('Too many messages', 'LIMIT');
    args.space();
    const flags = args.peek() === 40 ? parseLabels(args) : [];
    if (args.peek() === 32) args.space();
    const receivedMs = args.peek() === 34 ? parseDateTime(args) : null;
    if (args.peek() === 32) args.space();
    messages.push({ flags, receivedMs, literal: args.literal() });
  } while (args.peek() === 32);
  args.end();
  return messages;
}

/** Nothing was stored, and the client is told whether to come again. */
function notIndexed(error: unknown): Completion {
  if (!(error instanceof TaskFailure)) throw error;
  return error.code === 'Busy'
    ? no('Too many letters at once, please try again', 'UNAVAILABLE')
    : no('This message cannot be taken apart', 'LIMIT');
}

/** Nothing vouches for a letter that its owner put there by himself. */
const provenance: Provenance = { ...unknownProvenance, origin: 'appended' };

async function save(session: ImapSession, folderId: number, messages: readonly AppendMessage[]): Promise<Completion> {
  const prepared: NewMessage[] = [];
  for (const { flags, receivedMs, literal } of messages) {
    if (prepared.length > 0) await nextTurn(); // indexing hundreds of messages would keep everybody else waiting
    const { bits, keywords } = splitFlags(flags);
    const index = await indexIncoming(literal.bytes, String(session.account)).catch(notIndexed);
    if ('status' in index) return index;
    prepared.push({ raw: literal.bytes, index, flags: bits, keywords, receivedMs, provenance });
  }
  const appended = await session.store.append(session.account, folderId, prepared);
  session.services.metrics.messages.inc({ way: 'append' }, appended.length);
  const uids = formatNumbers(appended.map(({ uid }) => uid));
  return ok('APPEND done', `APPENDUID ${appended[0]?.uidvalidity ?? 0} ${uids}`);
}
