import type { FolderInfo } from '../../store/mail-store.ts';
import { formatMailbox } from '../serializer/quote.ts';

/**
 * The LIST response that IMAP4rev2 sends unasked (SELECT, CREATE). `given`: the name as the client spelled it; where the server keeps
 * another spelling (NFC, INBOX) it is told as OLDNAME (RFC 9051 section 7.3.1).
 */
export function formatListed(folder: FolderInfo, hasChildren: boolean, given: string): string {
  const attributes = `${hasChildren ? '\\HasChildren' : '\\HasNoChildren'}${folder.specialUse ? ` ${folder.specialUse}` : ''}`;
  const old = given === folder.name ? '' : ` ("OLDNAME" (${formatMailbox(given, true)}))`;
  return `LIST (${attributes}) "/" ${formatMailbox(folder.name, true)}${old}`;
}
