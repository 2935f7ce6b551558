import type { DrawingCost } from './drawing-cost.ts';

export interface SanitizedHtml {
  /** one element with the part's scope as its class; style sheets stand at its beginning */
  html: string;
  /** remote pictures that were not loaded */
  blockedImages: number;
  /** pictures of a pixel or two, taken out for good */
  removedTrackers: number;
  /** something can be read or seen */
  empty: boolean;
  /** there is text that its author does not display */
  hidden: boolean;
  /** there is a form to be filled in, which is shown and does nothing */
  form: boolean;
  /** text of the quotation at its end, behind which nothing stands; empty if there is none */
  tailQuote: string;
}

export interface SanitizeOptions {
  /**
   * Address of a picture of the message by its Content-ID ("cid:…") or by Content-Location or name; null if there is none. `unseen`: it stands where its
   * author displays nothing.
   */
  inlineImage: (reference: string, unseen: boolean) => string | null;
  /** address a remote picture is loaded from, or null while they are blocked */
  remoteImage: ((url: string) => string | null) | null;
  /** of what else is drawn with it; default: nothing */
  cost?: DrawingCost;
  /** put before classes and ids, so that parts of a letter do not reach each other, nor the page; default "m0" */
  scope?: string;
  /** it was made safe by us before, for a letter of ours: names that are bound to `scope` already stay as they are, and style sheets where they are */
  ours?: boolean;
  /** colours with what they become in the dark; for showing, not for sending */
  dark?: boolean;
}
