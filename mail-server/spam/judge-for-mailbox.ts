import type { Provenance, SpamVerdict } from '../../lib/mime/judgement.ts';
import type { Services } from '../services.ts';
import { readSpamContext } from '../store/spam-store.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import type { LetterFeatures } from './letter-features.ts';
import type { Reason } from './reason.ts';
import { scoreLetter } from './score-letter.ts';

export interface Judged {
  spam: SpamVerdict;
  suspicious: boolean;
}

const nothingLearntMs = 60_000;
const mostRemembered = 20_000;

/**
 * What the filter says of a letter in one mailbox; one round trip to the database. Null when that failed: the letter is delivered as if
 * there were no filter.
 */
export async function judgeForMailbox(
  { database, log }: Pick<Services, 'database' | 'log'>,
  account: AccountId,
  features: LetterFeatures,
  provenance: Provenance,
  references: readonly bigint[],
): Promise<Judged | null> {
  const author = provenance.author?.toLowerCase() ?? '';
  const untaught = learntNothing(account);
  const known = await readSpamContext(database, {
    account,
    tokens: untaught ? null : features.tokens,
    author,
    references: features.answers ? references.slice(1) : [],
  }).catch((error: unknown) => {
    log.warn({ err: error, account }, 'the spam filter could not be asked');
    return null;
  });
  if (!known) return null;
  if (!untaught && known.letters.length === 0) rememberUntaught(account);
  const { mode, wroteTo, isColleague, answersOwn, letters, tokens } = known;
  if (mode === 'off') return { spam: { percent: 0, junk: false, reasons: [] }, suspicious: false };
  const arrival = (provenance.spam?.reasons ?? []) as Reason[];
  const counts = { letters, tokens };
  const verdict = scoreLetter(features, { judgement: provenance.judgement, arrival }, { mode, wroteTo, isColleague, answersOwn, counts });
  const { percent, junk, reasons } = verdict;
  return { spam: { percent, junk, reasons }, suspicious: junk };
}

/** Mailboxes that nothing was learnt for, and until when that is believed: their words need not be looked up. */
const untaught = new Map<AccountId, number>();

function learntNothing(account: AccountId): boolean {
  const until = untaught.get(account);
  if (until === undefined) return false;
  if (until > performance.now()) return true;
  untaught.delete(account);
  return false;
}

function rememberUntaught(account: AccountId): void {
  if (untaught.size >= mostRemembered) untaught.clear();
  untaught.set(account, performance.now() + nothingLearntMs);
}
