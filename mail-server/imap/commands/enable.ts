import { ok } from '../completion.ts';
import { type Command, loggedIn } from './command.ts';

/**
 * RFC 5161. Extensions that cannot be enabled are left out of the answer, as it demands. Clients are to send it before they open a folder,
 * and a server need not check that they did (section 3.1).
 */
export const enable: Command = {
  states: loggedIn,
  updates: 'none',
  run(session, args) {
    args.space();
    const names: string[] = [];
    do names.push(args.keyword());
    while (args.more());
    args.end();
    const enabled: string[] = [];
    for (const name of names) {
      if (name === 'CONDSTORE' && !session.condstore) {
        session.enableCondstore();
        enabled.push(name);
      } else if (name === 'IMAP4REV2' && !session.isRev2) {
        session.enableRev2();
        enabled.push('IMAP4rev2');
      }
    }
    session.writer.untagged(['ENABLED', ...enabled].join(' '));
    return ok('ENABLE done');
  },
};
