import type { ImapAttribute, ImapAttributeNode, ImapResponse } from 'imapflow';

export const textOf = (attribute: ImapAttribute | undefined): string => {
  const value = Array.isArray(attribute) ? attribute[0]?.value : (attribute as ImapAttributeNode | null | undefined)?.value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : value === null || value === undefined ? '' : String(value);
};

/** Attribute list of an untagged FETCH: names and values take turns. */
export function* pairs(response: ImapResponse): Generator<[string, ImapAttribute | undefined]> {
  const list = response.attributes?.[1];
  if (!Array.isArray(list)) return;
  for (let at = 0; at + 1 < list.length; at += 2) yield [textOf(list[at]).toUpperCase(), list[at + 1]];
}
