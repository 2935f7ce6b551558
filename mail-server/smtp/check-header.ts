import { headerEnd, MessageHeader } from '../../lib/mime/read-header.ts';
import { isLooping } from '../delivery/trace-header.ts';
import { reply, type Reply } from './reply.ts';

const mostFields = 2_000;

/**
 * The header of a message that comes in, or why the message cannot be taken. A header that no mail program writes is refused before
 * anything parses it (Postfix allows 100 KiB a field, Gmail 500 KB in all), so nothing behind what is looked at can be shown.
 */
export function checkHeader(content: Buffer, headerBytes: number): MessageHeader | Reply {
  if (headerEnd(content.subarray(0, headerBytes + 1)) > headerBytes) return excessive(headerBytes);
  const header = new MessageHeader(content);
  if (header.fields.length > mostFields) return excessive(headerBytes);
  return isLooping(header) ? loop : header;
}

const excessive = (headerBytes: number): Reply =>
  reply(
    554,
    '5.6.0',
    `Kopf der Nachricht zu gross, erlaubt sind ${headerBytes} Oktette und ${mostFields} Felder - ` +
      `message header too large, at most ${headerBytes} octets and ${mostFields} fields`,
  );

const loop = reply(554, '5.4.6', 'Nachricht laeuft im Kreis - mail loop detected');
