import type { Reason } from './reason.ts';

/** What the filter found in a letter by itself, the same for every mailbox. Plain data: it may come from a worker. */
export interface LetterFeatures {
  reasons: Reason[];
  /** addresses of From and Reply-To as they are shown, lower case */
  fromDomain: string;
  replyDomain: string;
  /** the name in From, folded */
  fromName: string;
  /** organisations that are linked to */
  linkDomains: string[];
  /** made for many, and says how to be left out of it (RFC 2369, RFC 8058) */
  isList: boolean;
  /** In-Reply-To or References is there */
  answers: boolean;
  /** for Bayes: hashes of words, hosts and domains, without doubles */
  tokens: number[];
}
