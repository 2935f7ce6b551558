import { type Entity, isMultipart } from './entity.ts';
import { findField } from './parse-header.ts';

/** text for other programs, or for none to read */
const NOT_FOR_PEOPLE = new Set(['x-amp-html', 'watch-html', 'css', 'vcard', 'x-vcard', 'directory', 'rfc822-headers']);

const PREVIEW_LENGTH = 200;
/** Characters that are looked at: newsletters pad their first line with invisible ones. */
const LOOK_AT = 4000;
const MOSTLY_ENOUGH = 500;

/**
 * The first words of a message (RFC 8970): of the first text that is no attachment, in multipart/alternative of the plain one. White
 * space and invisible characters collapsed, drawn lines and what is encrypted left out, at most 200 UTF-16 units, no half character. Empty if there is no
 * text.
 */
export function makePreview(root: Entity, texts: ReadonlyMap<Entity, string>): string {
  return previewOf(root, texts, true);
}

function previewOf(entity: Entity, texts: ReadonlyMap<Entity, string>, isAll: boolean): string {
  if (isMultipart(entity)) {
    const children = entity.subtype === 'alternative' ? plainFirst(entity.children) : entity.children;
    for (const child of children) {
      const preview = previewOf(child, texts, false);
      if (preview !== '') return preview;
    }
    return '';
  }
  // a letter that was signed as one file: its own first words
  if (entity.type === 'application') return texts.get(entity) ?? '';
  const text = entity.type === 'text' && !NOT_FOR_PEOPLE.has(entity.subtype) ? texts.get(entity) : undefined;
  return text === undefined || isFile(entity, isAll) ? '' : shorten(text);
}

/** Without a name and with nothing beside it, what is attached is the letter (plan-letter.ts). */
function isFile({ fields, parameters }: Entity, isAll: boolean): boolean {
  const disposition = findField(fields, 'content-disposition') ?? '';
  return (
    /^\s*attachment/i.test(disposition) && !(isAll && !/name/i.test(disposition) && parameters.every(({ name }) => !/^name/i.test(name)))
  );
}

function plainFirst(children: readonly Entity[]): Entity[] {
  const plain = children.filter((child) => child.type === 'text' && child.subtype === 'plain');
  return plain.length === 0 ? [...children] : [...plain, ...children.filter((child) => !plain.includes(child))];
}

const visible = (words: readonly string[]): string =>
  words.filter((word) => word !== '' && !INVISIBLE.test(word) && !RULE.test(word)).join(' ');

function shorten(given: string): string {
  const text = given.slice(0, LOOK_AT).replace(ARMOUR, ' ');
  // the last of them may be a part of a word
  const some = visible(text.slice(0, MOSTLY_ENOUGH).split(GAP).slice(0, -1));
  const collapsed = some.length > PREVIEW_LENGTH ? some : visible(text.split(GAP));
  if (collapsed.length <= PREVIEW_LENGTH) return collapsed.toWellFormed() === collapsed ? collapsed : collapsed.slice(0, -1);
  const last = collapsed.charCodeAt(PREVIEW_LENGTH - 1);
  const half = last >= 0xd800 && last <= 0xdbff;
  return collapsed.slice(0, half ? PREVIEW_LENGTH - 1 : PREVIEW_LENGTH).trimEnd();
}

/** what is encrypted, a key, a certificate (RFC 7468, RFC 9580 section 6.2); text that is only signed is read */
const ARMOUR =
  /^-----BEGIN (?:PGP (?!SIGNED)|CMS|PKCS7|[A-Z0-9 ]{0,30}(?:CERTIFICATE|CRL|KEY)\b)[A-Z0-9 ]{0,30}-----.*?(?:^-----END [A-Z0-9 ]{1,40}-----|(?!.))/gms;
const GAP = /[\s\p{Cc}\u2028\u2029]+/u;
/** joiners, marks and blanks that are drawn as nothing */
const INVISIBLE =
  /^(?:[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]|\u034f)+$/;
/** a line that is drawn between texts: Teams begins its invitations with one */
const RULE = /^([_=*#~–—-])\1{7,}$/;
