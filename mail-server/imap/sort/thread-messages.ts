import { DEFAULT_MIME_LIMITS } from '../../../lib/mime/limits.ts';
import { findField, parseHeader } from '../../../lib/mime/parse-header.ts';
import { decodeEncodedWords } from '../../../lib/mime/decode-encoded-words.ts';
import type { Reader } from '../context.ts';
import type { FolderSnapshot } from '../../store/mail-store.ts';
import { factCaches, sharedTexts } from './fact-cache.ts';
import { unicodeCasemap } from '../../search/normalise.ts';
import type { ThreadMessage } from './thread-tree.ts';

/** of a longer References the first (the root of the thread) and the last ones, as at delivery */
const mostReferences = 50;

type ThreadFacts = Omit<ThreadMessage, 'index'>;

const cacheOf = factCaches<ThreadFacts>(async (reader, messageIds) => {
  const { store, account, signal } = reader;
  const keys = await store.sortKeys(account, messageIds, signal);
  const facts = new Map<number, ThreadFacts>();
  const shared = sharedTexts();
  for await (const chunk of store.readMessages(account, messageIds, ['received', 'header'], signal)) {
    for (const { messageId, receivedMs = 0, header = noHeader } of chunk) {
      await reader.pace();
      const key = keys.get(messageId);
      facts.set(messageId, {
        sentMs: key?.sentMs ?? receivedMs,
        subject: shared(unicodeCasemap(key?.baseSubject ?? '')),
        ...linksOf(header, shared),
      });
    }
  }
  return facts;
});
const noHeader = Buffer.alloc(0);

/** What threading looks at, from the header blocks: the subject, the date, Message-ID, References and In-Reply-To. */
export async function readThreadMessages(reader: Reader, shown: FolderSnapshot, found: readonly number[]): Promise<ThreadMessage[]> {
  const ids = found.map((index) => shown.messageIds[index] ?? 0);
  const facts = await cacheOf(reader.store).read(reader, ids);
  const messages: ThreadMessage[] = [];
  for (const [position, index] of found.entries()) {
    const fact = facts.get(ids[position] ?? 0);
    if (fact) messages.push({ index, ...fact });
  }
  return messages;
}

function linksOf(header: Buffer, shared: (id: string) => string): Pick<ThreadMessage, 'messageId' | 'references' | 'isReply'> {
  const fields = parseHeader(header.toString('latin1'), DEFAULT_MIME_LIMITS.headerFields);
  const [messageId = ''] = idsIn(findField(fields, 'message-id') ?? '');
  const all = idsIn(findField(fields, 'references') ?? '');
  const references = all.length <= mostReferences ? all : [...all.slice(0, 1), ...all.slice(1 - mostReferences)];
  // without References the first id of In-Reply-To is the only ancestor (RFC 5256 section 4)
  const ancestors = references.length > 0 ? references : idsIn(findField(fields, 'in-reply-to') ?? '').slice(0, 1);
  return {
    messageId: shared(apart(messageId)),
    references: ancestors.map((id) => shared(apart(id))),
    isReply: isReplySubject(decodeEncodedWords(findField(fields, 'subject') ?? '')),
  };
}

/** A copy: what a regular expression cuts out of a text keeps the whole text in memory, here a header for each fact. */
const apart = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

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
