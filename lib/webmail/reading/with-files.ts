import { planLetter } from '../../mime/plan-letter.ts';
import { uidFetch } from './fetch-rows.ts';
import { pairs } from '../connection/imap-attributes.ts';
import type { ImapWork } from '../connection/imap-pool.ts';
import { readStructure, wireText } from './read-structure.ts';
import { uidSet } from '../connection/uid-set.ts';

const atOnce = 500;

/**
 * Those of the given messages of the selected folder that have files, by their structure: the same judgement as the paper clip and the letter
 * itself. Structures never change, so each is asked for once while the connection lasts.
 */
export async function withFiles(imap: ImapWork, uids: readonly number[]): Promise<Set<number>> {
  const { client, memory } = imap;
  if (client.mailbox === false) return new Set();
  const key = `files ${client.mailbox.path} ${client.mailbox.uidValidity}`;
  const known = (memory.get(key) as Map<number, boolean> | undefined) ?? new Map<number, boolean>();
  memory.set(key, known);
  const asked = uids.filter((uid) => !known.has(uid));
  for (let at = 0; at < asked.length; at += atOnce) {
    await uidFetch(client, uidSet(asked.slice(at, at + atOnce)), ['UID', 'BODYSTRUCTURE'], [], (response) => {
      const given = new Map(pairs(response));
      if (given.has('BODYSTRUCTURE'))
        known.set(Number(wireText(given.get('UID'))), planLetter(readStructure(given.get('BODYSTRUCTURE'))).files.length > 0);
    });
  }
  return new Set(uids.filter((uid) => known.get(uid) === true));
}
