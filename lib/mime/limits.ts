/** What one message may ask of the parser. Whatever lies beyond a limit stays in the message and is treated as one opaque part. */
export interface MimeLimits {
  /** parts of all levels together, the message itself included */
  parts: number;
  /** multipart and message/rfc822 inside one another */
  depth: number;
  /** fields of one header block that are looked at; not lines: a field above may be folded into any number, and hide what was signed below */
  headerFields: number;
  /** bytes of one header block that are looked at for fields: more than the door lets in (POSTAMT_HEADER_BYTES) with what we put on top */
  headerBytes: number;
  /** parameters of one Content-Type or Content-Disposition */
  parameters: number;
  /** addresses that go into one ENVELOPE, and again into all of one BODYSTRUCTURE */
  addresses: number;
  /** bytes of decoded text that go into `text` for searching */
  textBytes: number;
}

export const DEFAULT_MIME_LIMITS: MimeLimits = {
  parts: 2000,
  // programs that read BODYSTRUCTURE give up at a hundred brackets in one another; letters have ten
  depth: 60,
  headerFields: 10_000,
  headerBytes: 1280 * 1024,
  parameters: 200,
  addresses: 10_000,
  textBytes: 32 * 1024 * 1024,
};
