import { decodeUtf8 } from '../wire/decode-utf8.ts';

const western = new TextDecoder('windows-1252');

/** A user name or password as it was typed: UTF-8, as the RFCs say, or what programs of the West that are older than that take for text. */
export const credentialText = (bytes: Buffer): string => decodeUtf8(bytes) ?? western.decode(bytes);
