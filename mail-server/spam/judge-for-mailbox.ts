import { BoundedMap } from '../../lib/workers/bounded-map.ts';
import type { Provenance, SpamVerdict } from '../../lib/mime/judgement.ts';
import type { Services } from '../services.ts';
import { readSpamContext } from '../store/spam-store.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { LetterFeatures } from './letter-features.ts';
import { arrivalOf } from './reason.ts';
import { scoreLetter, stranger } from './score-letter.ts';

export interface Judged {
  spam: SpamVerdict;
  suspicious: boolean;
}

const nothingLearntMs = 60_000;
/** whoever turns the filter on again and tries it does not wait long */
const unfilteredMs = 10_000;
const mostRemembered = 20_000;

/**
 * What the filter says of a letter in one mailbox; at most one round trip to the database. Null where its owner turned the filter off, and when that
 * failed: the letter is delivered as if there were no filter.
 *
 * Whom a mailbox knows only speaks for a letter. Where it learnt nothing else, and the letter of a stranger would not go to Junk either, it is not
 * asked.
 *
 * @param isRead how far it is from Junk is looked at: by a script, or since it goes there for another reason
 */
export async function judgeForMailbox(
  { database, log }: Pick<Services, 'database' | 'log'>,
  account: AccountId,
  features: LetterFeatures,
  provenance: Provenance,
  references: readonly bigint[],
  isRead: boolean,
): Promise<Judged | null> {
  if (isUnfiltered(account)) return null;
  const context = { judgement: provenance.judgement, arrival: arrivalOf(provenance) };
  const isUntaught = untaught.has(account);
  if (isUntaught && !isRead) {
    const { percent, junk, reasons } = scoreLetter(features, context, { ...stranger, mode: 'strict' });
    // of a borrowed name the reader is told wherever the letter lies, unless he knows its author
    if (!junk && !reasons.some(({ code }) => code === 'name-is-brand')) return { spam: { percent, junk, reasons }, suspicious: false };
  }
  const author = provenance.author?.toLowerCase() ?? '';
  const known = await readSpamContext(database, {
    account,
    tokens: isUntaught ? null : features.tokens,
    author,
    references: features.answers ? references.slice(1) : [],
  }).catch((error: unknown) => {
    log.warn({ err: error, account }, 'the spam filter could not be asked');
    return null;
  });
  if (!known) return null;
  const { mode, wroteTo, isColleague, answersOwn, letters, tokens } = known;
  if (mode === 'off') {
    unfiltered.add(account);
    // or the next letters, which are judged without asking, would be
    untaught.delete(account);
    return null;
  }
  if (!isUntaught && letters.length === 0) untaught.add(account);
  const verdict = scoreLetter(features, context, { mode, wroteTo, isColleague, answersOwn, counts: { letters, tokens } });
  const { percent, junk, reasons } = verdict;
  return { spam: { percent, junk, reasons }, suspicious: junk };
}

/** Mailboxes of which something was seen a moment ago, and is believed for so long. */
class SeenLately {
  readonly #until = new BoundedMap<AccountId, number>(mostRemembered);
  readonly #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  has(account: AccountId): boolean {
    const until = this.#until.get(account);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.#until.delete(account);
    return false;
  }

  delete(account: AccountId): void {
    this.#until.delete(account);
  }

  add(account: AccountId): void {
    this.#until.set(account, performance.now() + this.#ms);
  }
}

/** nothing was learnt for them: their words need not be looked up */
const untaught = new SeenLately(nothingLearntMs);
/** their owners turned the filter off: for them alone a letter need not be looked at */
const unfiltered = new SeenLately(unfilteredMs);

export const isUnfiltered = (account: AccountId): boolean => unfiltered.has(account);
