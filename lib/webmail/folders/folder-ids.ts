import { decodePath } from 'imapflow/lib/tools.js';
import { textOf } from '../connection/imap-attributes.ts';
import type { ImapWork } from '../connection/imap-pool.ts';
import { atom, runCommand } from '../connection/run-command.ts';

/** The ids of all folders by their paths (RFC 8474): a folder that gets another name keeps its id. */
export async function folderIds({ client }: ImapWork): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  await runCommand(client, 'LIST', ['', '*', atom('RETURN'), [atom('STATUS'), [atom('MAILBOXID')]]], {
    STATUS: async ({ attributes = [] }) => {
      const [, id] = Array.isArray(attributes[1]) ? attributes[1] : [];
      if (id) ids.set(decodePath(client, textOf(attributes[0])), textOf(id));
    },
  });
  return ids;
}
