import { readFileSync } from 'node:fs';
import { type Family, family } from './family.ts';
import { type WrittenLetter, writeLetters } from './write-letter.ts';

/** A letter of letters/*.txt, and which half of its file it is of: the second one was never looked at when the filter was changed. */
export interface ReadLetter extends WrittenLetter {
  half: 0 | 1;
}

const linked = /\[([^\]]+)\]\(([^)\s]+)\)/g;
const vouched: Record<string, Family['vouched']> = { pass: 'attested', none: 'unknown', fail: 'failed' };

/**
 * "### kind|From|Subject|auth=pass|…", then its text, in which "[text](address)" is a link. What may follow `auth`: `list` (can be left), `reply=`
 * (Reply-To), `reply_chain` (answers a letter), `att=` (a file), `img=` (a picture below the text), `imgonly=` (nothing but a picture), `ics=`
 * (an invitation and what it says).
 */
export function readLetters(name: string): ReadLetter[] {
  const text = readFileSync(new URL(`letters/${name}.txt`, import.meta.url), 'utf8');
  return text
    .split(/^### /m)
    .slice(1)
    .flatMap((block, index) => writeLetters(familyOf(block), 1, index + 1).map((letter) => ({ ...letter, half: index % 2 === 0 ? 0 : 1 })));
}

function familyOf(block: string): Family {
  const end = block.indexOf('\n');
  const [, kind = '', from = '', subject = '', rest = ''] = /^([^|]*)\|([^|]*)\|(.*?)\|(auth=.*)$/.exec(block.slice(0, end)) ?? [];
  const options = new Map(rest.split('|').map((option) => [option.split('=', 1)[0] ?? '', option.slice(option.indexOf('=') + 1)]));
  const body = block.slice(end + 1).trim();
  const links = [...body.matchAll(linked)].map(([, shown = '', address = '']) => [shown, address] as const);
  const picture = options.get('img') ?? options.get('imgonly');
  const invitation = options.get('ics');
  const shown = [body.replace(linked, '$1'), ...(invitation === undefined ? [] : [invitation])].join('\n\n');
  return family(kind, from.replace(/^\(none\) /, ' '), subject, options.has('imgonly') ? '' : shown, {
    vouched: vouched[options.get('auth') ?? ''] ?? 'unknown',
    html: links.length > 0 || picture !== undefined,
    links,
    ...(picture === undefined ? {} : { shows: picture }),
    ...(options.has('att') ? { attachment: (options.get('att') ?? '').replace(/!(?:smuggle|form|svg)$/, '') } : {}),
    ...(options.has('reply') ? { replyTo: options.get('reply') ?? '' } : {}),
    ...(options.has('reply_chain') ? { fields: 'In-Reply-To: <77.x@musterhaus.at>\r\n' } : {}),
    list: options.has('list'),
  });
}
