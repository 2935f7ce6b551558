import { randomBytes } from 'node:crypto';
import { escapeHtml } from './escape-html.ts';
import { findPicture, type PictureNames } from './find-picture.ts';
import { withinUrl } from './safe-css.ts';
import { sanitizeMailHtml } from './sanitize-mail-html.ts';
import type { SanitizeOptions } from './sanitized-html.ts';

export interface CarriedPicture extends PictureNames {
  /** Content-ID in the new letter */
  newContentId: string;
}

/** Stands between the parts of one letter's HTML: what one of them leaves open, a comment or a title, takes nothing of the next. */
export const betweenParts = '<hr data-part="">';

/**
 * HTML of a received letter or a draft, made safe once, as it travels in a letter that is written here: pictures of the text refer to parts
 * of the new letter, remote ones stay where they are. The sanitiser lets through addresses of our own only; so each picture passes as an
 * address that nobody can guess and gets its real one afterwards. `ours`: a draft of ours, which comes out as it went in however often it is
 * opened. Runs in a worker (carried-html.ts).
 */
export function carryHtml(source: string, pictures: readonly CarriedPicture[], ours = false): string {
  const key = randomBytes(12).toString('hex');
  const addresses: string[] = [];
  const passing = (address: string): string => `/${key}/${addresses.push(address) - 1}`;
  const options: SanitizeOptions = {
    ours,
    inlineImage: (reference, unseen) => {
      // it would leave where nobody looks; so it is a file for whom the letter is passed on to
      const picture = unseen && !ours ? undefined : findPicture(pictures, reference);
      return picture ? passing(`cid:${picture.newContentId}`) : null;
    },
    remoteImage: (url) => (/^https?:\/\//i.test(url) ? passing(url) : null),
  };
  const pieces = source.split(betweenParts).map((piece) => sanitizeMailHtml(piece, options).html);
  // where a quote begins is said to those who read
  const html = (pieces.length === 1 ? (pieces[0] ?? '') : asOne(pieces, key)).replaceAll(/ data-quote="\w+"/g, () => '');
  const addressOf = (at: string): string => addresses[Number(at)] ?? '';
  // In a style an address must not end what it stands in; an attribute is escaped besides, a style sheet is not.
  const styled = html.replaceAll(new RegExp(`url\\((&#34;|")/${key}/(\\d+)\\1\\)`, 'g'), (_, mark: string, at: string) => {
    const address = withinUrl(addressOf(at));
    return `url(${mark}${mark === '"' ? address : escapeHtml(address)}${mark})`;
  });
  return styled.replaceAll(new RegExp(`/${key}/(\\d+)`, 'g'), (_, at: string) => escapeHtml(addressOf(at)));
}

/** Once more as a whole: what they may cost who draws it holds for all of them together, and the styles of one reach the next. */
const asOne = (pieces: readonly string[], key: string): string =>
  sanitizeMailHtml(pieces.map((piece) => unstyled.exec(piece)?.[1] ?? piece).join('<hr>'), {
    ours: true,
    inlineImage: (passing) => (passing.startsWith(`/${key}/`) ? passing : null),
    remoteImage: null,
  }).html;

const unstyled = /^<div class="m0"><div class="mail-page">(.*)<\/div><\/div>$/s;
