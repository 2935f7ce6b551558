import { findField, parseHeader } from '../../mime/parse-header.ts';
import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import type { Session } from '../session.ts';
import type { FolderSnapshot } from '../../store/types.ts';
import { collate } from './sort-messages.ts';
import type { ThreadMessage } from './thread-tree.ts';

const mostLines = 10_000;
const mostReferences = 1_000;

/** Reads what threading looks at; `withReferences`: also Message-ID, References and In-Reply-To, from the header blocks. */
export async function readThreadMessages(
  session: Session,
  shown: FolderSnapshot,
  found: readonly number[],
  withReferences: boolean,
): Promise<ThreadMessage[]> {
  const ids = found.map((index) => shown.messageIds[index] ?? 0);
  const keys = await session.store.sortKeys(session.account, ids);
  const stored = new Map<number, Pick<ThreadMessage, 'sentMs' | 'isReply' | 'messageId' | 'references'>>();
  for await (const chunk of session.store.readMessages(session.account, ids, withReferences ? ['received', 'header'] : ['received'])) {
    for (const { messageId, receivedMs = 0, header } of chunk) {
      const links = header ? linksOf(header) : { messageId: '', references: [], isReply: false };
      stored.set(messageId, { sentMs: keys.get(messageId)?.sentMs ?? receivedMs, ...links });
    }
  }
  const messages: ThreadMessage[] = [];
  for (const index of found) {
    const id = shown.messageIds[index] ?? 0;
    const read = stored.get(id);
    if (read) messages.push({ index, subject: collate(keys.get(id)?.baseSubject ?? ''), ...read });
  }
  return messages;
}

function linksOf(header: Buffer): Pick<ThreadMessage, 'messageId' | 'references' | 'isReply'> {
  const fields = parseHeader(header.toString('latin1'), mostLines);
  const [messageId = ''] = idsIn(findField(fields, 'message-id') ?? '');
  const references = idsIn(findField(fields, 'references') ?? '').slice(-mostReferences);
  // without References the first id of In-Reply-To is the only ancestor (RFC 5256 section 4)
  const ancestors = references.length > 0 ? references : idsIn(findField(fields, 'in-reply-to') ?? '').slice(0, 1);
  return { messageId, references: ancestors, isReply: isReplySubject(decodeEncodedWords(findField(fields, 'subject') ?? '')) };
}

/** Message ids with the quotes of their local part taken off, since `<"a"@b>` and `<a@b>` are the same (RFC 5256 section 2.1). */
const idsIn = (field: string): string[] =>
  Array.from(field.matchAll(/<([^<>\s]+)>/g), ([, id = '']) =>
    id.replace(/^"((?:[^"\\]|\\.)*)"@/, (_, local: string) => `${local.replace(/\\(.)/g, '$1')}@`),
  );

/** subj-refwd or a "(fwd)" at the end, behind any list tags in brackets. */
const isReplySubject = (subject: string): boolean =>
  /^\s*(?:\[[^\]]*\]\s*)*(?:re|fwd?)\s*(?:\[[^\]]*\]\s*)?:/i.test(subject) ||
  /\(fwd\)\s*$/i.test(subject) ||
  /^\s*\[fwd:.*\]\s*$/i.test(subject);
