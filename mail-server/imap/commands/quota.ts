import { no, ok } from '../completion.ts';
import { parseMailbox } from '../names/mailbox-name.ts';
import { formatMailbox } from '../serializer/quote.ts';
import type { ImapSession } from '../context.ts';
import { loggedIn, type Command } from './command.ts';

/** RFC 9208: one root, "", for the whole mailbox. */
export const getquota: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    args.space();
    const root = args.astring();
    args.end();
    if (root.length > 0) return no('No such quota root', 'NONEXISTENT');
    await tell(session);
    return ok('GETQUOTA done');
  },
};

export const getquotaroot: Command = {
  states: loggedIn,
  updates: 'all',
  async run(session, args) {
    args.space();
    const name = parseMailbox(args, session.isRev2);
    args.end();
    const folder = await session.store.findFolder(session.account, name);
    if (!folder) return no('No such mailbox', 'NONEXISTENT');
    session.writer.untagged(`QUOTAROOT ${formatMailbox(folder.name, session.isRev2)} ""`);
    await tell(session);
    return ok('GETQUOTAROOT done');
  },
};

/**
 * STORAGE counts units of 1024 octets (RFC 9208 section 5.1). It is the only thing limited: a limit that nobody set is not listed.
 * Ruby's net-imap gives up the connection at a second resource, Thunderbird would show "0 of 2147483647 messages".
 */
async function tell(session: ImapSession): Promise<void> {
  const { usedBytes, quotaBytes } = await session.store.quota(session.account);
  session.writer.untagged(`QUOTA "" (STORAGE ${Math.ceil(usedBytes / 1024)} ${Math.floor(quotaBytes / 1024)})`);
}
