/** Letters of one kind, with variations. */
export interface Family {
  name: string;
  from: string;
  replyTo?: string;
  subject: string;
  text: string;
  /** what the checks at the door say of the author */
  vouched: 'attested' | 'unknown' | 'softfail' | 'failed' | 'list';
  html?: boolean;
  /** [text, address] */
  links?: readonly (readonly [string, string])[];
  /** a picture of what is linked, and hardly a word */
  picture?: boolean;
  /** text that the style hides */
  hidden?: string;
  attachment?: string;
  /** sent to many, with a way out of the list */
  list?: boolean;
  /** header lines beside the usual ones */
  fields?: string;
}
