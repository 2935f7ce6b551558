import type { AccountId } from '../../lib/db/ids.ts';
import { extractFeatures } from './extract-features.ts';
import type { Query } from '../store/postgres/database.ts';
import { countLearnt, countTokens, halveWhenMany, learnWanted, markLearnt, takeLessons, type Lesson } from '../store/spam-store.ts';
import type { MailStore } from '../store/mail-store.ts';

/** a short transaction each */
const lessonsPerBatch = 20;
/** so many letters of either kind, then what was learnt counts half */
const mostLetters = 4_000;
/** as many wanted letters as unwanted ones, and some more */
const wantedAhead = 10;
const largestLetter = 2 * 1024 * 1024;

/** Who else learns from what people move (rspamd). */
export type Pupil = (raw: Buffer, spam: boolean) => Promise<void>;

/**
 * Learns from letters that were moved into Junk or out of it, in whichever client. The counts and the mark are one transaction, so each
 * move counts once; the opposite move takes back what was learnt. True: there may be more.
 */
export async function learnLessons(
  query: Query,
  store: Pick<MailStore, 'readMessages'>,
  tell: Pupil = async () => undefined,
): Promise<boolean> {
  const taken = await takeLessons(query, lessonsPerBatch);
  for (const account of new Set(taken.map((lesson) => lesson.account))) {
    const mine = taken.filter((lesson) => lesson.account === account);
    const letters = await readLetters(store, account, mine);
    for (const lesson of mine) {
      const raw = letters.get(lesson.messageId);
      // gone, or moved there and back before anybody looked
      if (!raw || lesson.learnt === lesson.spam) continue;
      const { tokens } = extractFeatures(raw);
      const back = lesson.learnt === null ? 0 : 1;
      const spam = (lesson.spam ? 1 : 0) - (lesson.learnt === true ? back : 0);
      const ham = (lesson.spam ? 0 : 1) - (lesson.learnt === false ? back : 0);
      await countTokens(query, lesson, tokens, spam, ham);
      // nobody waits for it: the transaction is open
      void tell(raw, lesson.spam);
    }
    await markLearnt(
      query,
      account,
      mine.map(({ messageId }) => messageId),
    );
    const [first] = mine;
    if (!first) continue;
    await halveWhenMany(query, first, mostLetters);
    const counted = await countLearnt(query, account);
    if (counted.spam > 0 && counted.ham < counted.spam + wantedAhead) await learnWanted(query, account, wantedAhead);
  }
  return taken.length === lessonsPerBatch;
}

async function readLetters(
  store: Pick<MailStore, 'readMessages'>,
  account: AccountId,
  lessons: readonly Lesson[],
): Promise<Map<number, Buffer>> {
  const letters = new Map<number, Buffer>();
  const ids = lessons.map(({ messageId }) => messageId).sort((one, other) => one - other);
  for await (const chunk of store.readMessages(account, ids, ['size', 'header', 'small-content'])) {
    for (const { messageId, header, content, size } of chunk) {
      if (header && content && (size ?? 0) <= largestLetter) letters.set(messageId, Buffer.concat([header, content]));
    }
  }
  return letters;
}
