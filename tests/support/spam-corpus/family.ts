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
  /** a picture of this name below the text */
  shows?: string;
  /** text that the style hides */
  hidden?: string;
  attachment?: string;
  /** sent to many, with a way out of the list */
  list?: boolean;
  /** header lines beside the usual ones */
  fields?: string;
}

/** One that nothing vouches for, unless `more` says otherwise. */
export const family = (name: string, from: string, subject: string, text: string, more: Partial<Family> = {}): Family => ({
  name,
  from,
  subject,
  text,
  vouched: 'unknown',
  ...more,
});

export const withLinks = (links: readonly (readonly [string, string])[], more: Partial<Family> = {}): Partial<Family> => ({
  html: true,
  links,
  ...more,
});
