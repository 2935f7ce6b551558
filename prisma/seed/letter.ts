/** Name and address of somebody in the demo's letters. Outside addresses end in .example (RFC 2606): nothing leaves this machine. */
export interface Person {
  name: string;
  address: string;
}

export type Attachment =
  | { filename: string; pdf: { title: string; lines: string[] } }
  | { filename: string; picture: 'larch' | 'hinge' | 'roof' | 'site' | 'party' }
  | { filename: string; text: string; contentType?: string };

/** One letter of the demo, as prisma/seed/letters/ holds it. */
export interface Letter {
  /** unique; its Message-ID is <id@domain of the sender> and stays the same, so that no letter is delivered twice */
  id: string;
  /** minutes ago, or [days ago, time of day in Vienna] */
  at: number | readonly [daysAgo: number, time: string];
  from: Person;
  /** Max, if not given */
  to?: Person[];
  cc?: Person[];
  subject: string;
  /** of the line above a quotation; German, if not given */
  language?: 'en';
  /** id of the letter that this one answers; its text is quoted below */
  answers?: string;
  /** paragraphs are parted by empty lines */
  text: string;
  /** 'from-text': the paragraphs as HTML, the way mail programs send them; else HTML of its own */
  html?: 'from-text' | string;
  attachments?: Attachment[];
  headers?: Record<string, string>;
  /** how Max (or Erika, whose mailbox it is) has dealt with it */
  marks?: readonly ('seen' | 'answered' | 'flagged')[];
  /** where it was filed, if not left in the inbox */
  folder?: string;
}

export const max: Person = { name: 'Max Muster', address: 'max@muster.at' };
export const erika: Person = { name: 'Erika Musterfrau', address: 'erika@muster.at' };
