import { type FieldSpan, MessageHeader, withoutFields } from '../../lib/mime/read-header.ts';

/** What a letter cannot do without: where one of these follows, the header was not over yet. */
const needed =
  /^(?:from|sender|to|cc|bcc|subject|date|message-id|reply-to|in-reply-to|references|mime-version|content-[a-z-]+|resent-[a-z-]+)$/;
const mailboxLine = /^>?From [^\r\n]*@/;

/**
 * Lines of a header that are no fields: some programs end the header there, others go on. So that all read one letter, the line of an mbox
 * file is taken out, text for which the empty line was forgotten becomes the text, and any other line a field. Nothing is lost.
 */
export function repairHeaderLines(message: Buffer, header: MessageHeader): Buffer {
  const [first] = header.fields;
  if (first?.key !== '' || !mailboxLine.test(header.block.slice(first.start, first.start + 1000))) return withoutOddLines(message, header);
  const rest = withoutFields(message, [first]);
  return withoutOddLines(rest, new MessageHeader(rest));
}

function withoutOddLines(message: Buffer, { fields, block }: MessageHeader): Buffer {
  const at = fields.findIndex(isNoField);
  const odd = fields[at];
  // white space at the very top goes on with what is written above it, and is refused
  if (!odd || /^[ \t]/.test(block.slice(odd.start, odd.start + 1))) return message;
  if (!fields.slice(at).some(({ key }) => needed.test(key))) return inserted(message, [odd], '\r\n');
  return inserted(message, fields.filter(isNoField), 'X-Line: ');
}

const isNoField = ({ key }: FieldSpan): boolean => key === '';

function inserted(message: Buffer, before: readonly FieldSpan[], text: string): Buffer {
  const pieces: Buffer[] = [];
  let position = 0;
  for (const { start } of before) {
    pieces.push(message.subarray(position, start), Buffer.from(text));
    position = start;
  }
  return Buffer.concat([...pieces, message.subarray(position)]);
}
