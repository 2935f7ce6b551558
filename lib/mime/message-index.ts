/** What is computed once, when a message comes in, and stored beside it. */
export interface MessageIndex {
  /** bytes of the header block with its empty line; content begins here */
  headerLength: number;
  /** final wire bytes of FETCH ENVELOPE, BODY and BODYSTRUCTURE, with parentheses */
  envelope: Buffer;
  body: Buffer;
  bodystructure: Buffer;
  /** serialised part map (mime/part-map.ts) */
  parts: Buffer;
  /** RFC 8970 PREVIEW text, at most 200 characters, no control characters */
  preview: string;
  /** Date header in ms since the epoch, or null */
  sentMs: number | null;
  /** decoded, not normalised: subject, base subject (RFC 5256), From, To, Cc as "Name <address>, …" */
  subject: string;
  baseSubject: string;
  from: string;
  to: string;
  cc: string;
  /** decoded header, then from character bodyStart (counted from 1) the text of all text parts; not normalised, no NUL */
  text: string;
  bodyStart: number;
  /** 64-bit signed hashes of the Message-ID, then of In-Reply-To and References, without doubles, at most 50 */
  references: bigint[];
}
