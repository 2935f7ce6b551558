import { storableJson } from './storable-json.ts';

/**
 * What became of a message at the door, as data beside it. The Authentication-Results field is written from it for others; here nobody
 * reads that field.
 */

/**
 * How a message came into a mailbox:
 * - submitted: by a mailbox of this installation that had signed in
 * - outside: from another host, on port 25
 * - lmtp: from a trusted host in front of us, which checks by itself
 * - appended: put there by the owner's own program (IMAP APPEND)
 * - report: written by us, about a message of his
 * - unknown: it was here before this was noted
 */
export type Origin = 'submitted' | 'outside' | 'lmtp' | 'appended' | 'report' | 'unknown';

export interface SenderCheck {
  result: string;
  /** the domain that was checked, A-label; empty if there was none */
  domain: string;
}

export interface SignatureCheck extends SenderCheck {
  selector: string;
}

export interface PolicyCheck extends SenderCheck {
  /** what the owner of the domain asks to be done with what fails: none, quarantine, reject; empty without a record */
  policy: string;
}

/**
 * - attested: who is shown as the author is vouched for by his domain
 * - failed: a check that the author's domain promises to pass did not
 * - undecided: the checks could not be finished
 * - unknown: nothing speaks for the author and nothing against him
 */
export type Verdict = 'attested' | 'failed' | 'undecided' | 'unknown';

export interface Judgement {
  verdict: Verdict;
  spf: SenderCheck | null;
  dkim: SignatureCheck[];
  /** one for each domain that some program might take for the author's */
  dmarc: PolicyCheck[];
  arc: string | null;
}

/** Why a letter is in Junk or not: codes with data, strongest first (mail-server/spam/reason.ts). */
export interface SpamVerdict {
  /** 0 to 100; 50 is where the usual mailbox's Junk begins */
  percent: number;
  junk: boolean;
  /** negative points speak for the letter */
  reasons: { code: string; points: number; data?: string }[];
}

/** What is stored with a message. */
export interface Provenance {
  origin: Origin;
  /** the one author that was determined, null where there are several or none */
  author: string | null;
  /** of what came from outside */
  judgement: Judgement | null;
  /** the mailbox that submitted it */
  submittedBy: number | null;
  /** what the spam filter said of it in this mailbox; on the way there: what the door found out for it */
  spam?: SpamVerdict;
  /** the name of the malware that a scanner found; such a letter goes nowhere but into a quarantine, until somebody releases it */
  virus?: string;
  /** somebody released it from the quarantine, where it was for this */
  released?: Released;
  /** ids of groups whose moderators let it pass */
  approved?: number[];
  /** of a letter that moderators let pass: what makes its copies, by whichever groups, the same letter */
  heldAs?: string;
  /**
   * of what its author wrote, where a group of ours sent it on in its own dress: sent to many who can leave; where answers went; by what it is
   * known as the same letter (mail-server/store/rules-store.ts)
   */
  written?: { isList: boolean; replyDomain: string; mark?: string };
}

export interface Released {
  cause: 'virus' | 'program';
  /** the name of the malware, or of the file */
  detail: string;
}

export const unknownProvenance: Provenance = { origin: 'unknown', author: null, judgement: null, submittedBy: null };

/** Of a letter that the house writes by itself: a report, a notice, an answer. */
export const writtenHere: Provenance = { ...unknownProvenance, origin: 'report' };

/** The three columns of a message and of a queued one. */
export function provenanceColumns({ origin, author, judgement, submittedBy, ...more }: Provenance): [string, string | null, string | null] {
  const kept = { ...judgement, ...(submittedBy === null ? {} : { submittedBy }), ...given(more) };
  return [origin, author, Object.keys(kept).length === 0 ? null : storableJson(kept)];
}

type More = Pick<Provenance, 'spam' | 'virus' | 'released' | 'approved' | 'heldAs' | 'written'>;
type Kept = Partial<Judgement> & Pick<Partial<Provenance>, 'submittedBy'> & More;

const given = ({ spam, virus, released, approved, heldAs, written }: More): More => ({
  ...(spam ? { spam } : {}),
  ...(virus === undefined ? {} : { virus }),
  ...(released ? { released } : {}),
  ...(approved ? { approved } : {}),
  ...(heldAs === undefined ? {} : { heldAs }),
  ...(written ? { written } : {}),
});

const origins: readonly string[] = ['submitted', 'outside', 'lmtp', 'appended', 'report'] satisfies Origin[];
const isOrigin = (text: string): text is Origin => origins.includes(text);

/** Reads those columns back. They are ours, so what is in them is believed. */
export function readProvenance(origin: string, author: string | null, kept: string | null): Provenance {
  const columns = (kept === null ? {} : JSON.parse(kept)) as Kept;
  const { verdict, spf = null, dkim = [], dmarc = [], arc = null, submittedBy = null } = columns;
  return {
    origin: isOrigin(origin) ? origin : 'unknown',
    author,
    judgement: verdict === undefined ? null : { verdict, spf, dkim, dmarc, arc },
    submittedBy,
    ...given(columns),
  };
}
