import type { ConversationRow, ListFilter, ListWindow } from '#lib/webmail/reading/conversation-list.ts';
import type { MailRequestError } from '../mail-api.ts';

export type LoadWindow = (request: {
  folder: string;
  from: number;
  count: number;
  filter: ListFilter;
  keep: string;
}) => Promise<ListWindow>;

export interface ListState {
  /** length: number of conversations; holes are not loaded yet */
  rows: (ConversationRow | undefined)[];
  loaded: boolean;
  unread: number;
  /** conversations that came while the list was scrolled, waiting in the bar */
  waiting: number;
  failure: MailRequestError | null;
}

export type Change = Partial<Pick<ConversationRow, 'unread' | 'flagged' | 'answered' | 'forwarded' | 'labels'>>;

/** What the person did and the server has not answered yet; a change of null: gone from here, so many rows. */
export interface Step {
  threadIds: ReadonlySet<string>;
  change: Change | null;
  gone: number;
  /** the server said otherwise meanwhile: before it had done it, or since something else came */
  contradicted: boolean;
}
