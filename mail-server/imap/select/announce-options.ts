import type { OwnChange } from './difference.ts';

export interface AnnounceOptions {
  /** EXPUNGE may be sent now */
  expunge: boolean;
  /** FETCH answers name the UID (UID commands) */
  withUid?: boolean;
  own?: OwnChange;
  /** the command answers for its own messages itself (FETCH that sets \Seen) */
  skip?: (index: number) => boolean;
}
