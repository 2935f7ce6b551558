/** What a sender wants to be told (RFC 3461). */
export interface NotificationRequest {
  /** "NEVER" or a list of SUCCESS, FAILURE, DELAY; null: the usual */
  notify: string | null;
  /** decoded "rfc822;address", or null */
  originalRecipient: string | null;
}

/** RET and ENVID of MAIL. Undefined if one of them is not valid. */
export function parseReturnParameters(
  parameters: ReadonlyMap<string, string | null>,
): { dsnReturn: 'FULL' | 'HDRS' | null; dsnEnvelope: string | null } | undefined {
  const given = parameters.get('RET')?.toUpperCase();
  if (parameters.has('RET') && given !== 'FULL' && given !== 'HDRS') return undefined;
  const envelope = parameters.get('ENVID');
  if (parameters.has('ENVID') && (!envelope || !isPrintable(envelope) || envelope.length > 100)) return undefined;
  if (envelope && /\p{Cc}/u.test(decodeXtext(envelope))) return undefined;
  return { dsnReturn: given === 'FULL' || given === 'HDRS' ? given : null, dsnEnvelope: envelope ? decodeXtext(envelope) : null };
}

/** NOTIFY and ORCPT of RCPT. Undefined if one of them is not valid. */
export function parseNotificationParameters(parameters: ReadonlyMap<string, string | null>): NotificationRequest | undefined {
  const notify = parameters.get('NOTIFY')?.toUpperCase() ?? null;
  if (parameters.has('NOTIFY') && (notify === null || !/^(NEVER|(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY)){0,2})$/.test(notify)))
    return undefined;
  const given = parameters.get('ORCPT');
  if (!parameters.has('ORCPT')) return { notify, originalRecipient: null };
  const matched = /^([A-Za-z0-9-]+);(.+)$/.exec(given ?? '');
  if (!given || given.length > 500 || !matched?.[1] || !matched[2]) return undefined;
  // an international address has the type utf-8 and may come as it is; "+" and "=" of other ones (VERP, subaddresses) often do
  const isInternational = matched[1].toLowerCase() === 'utf-8';
  if (!isPrintable(matched[2]) && !isInternational) return undefined;
  const decoded = isInternational ? decodePoints(matched[2]) : decodeXtext(matched[2]);
  if (/\p{Cc}/u.test(decoded)) return undefined;
  // a report is ASCII unless its address is said to be UTF-8
  const original = isPrintable(decoded) || isInternational ? decoded : matched[2];
  return { notify, originalRecipient: `${matched[1]};${original}` };
}

/** RFC 3461 section 4 */
export const isXtext = (text: string): boolean => /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(text) && !/\p{Cc}/u.test(decodeXtext(text));

const isPrintable = (text: string): boolean => /^[!-~]*$/.test(text);

/** RFC 6533 section 3: "\\x{FC}" in an address of the type utf-8, for what is no ASCII or would mean something else. */
const decodePoints = (text: string): string =>
  text.replace(/\\x\{([0-9A-F]{2,6})\}/g, (written, hex: string) => {
    const point = Number.parseInt(hex, 16);
    return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? written : String.fromCodePoint(point);
  });

const decodeXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
