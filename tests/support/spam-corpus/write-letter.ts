import type { Judgement } from '#lib/mime/judgement.ts';
import type { Family } from './family.ts';

export interface WrittenLetter {
  family: string;
  raw: Buffer;
  judgement: Judgement;
  author: string;
}

/** The third of the families that words and weights were never looked at with: how the filter does there is how it does with what is new. */
export const isHeldOut = (index: number): boolean => index % 3 === 2;

/** Letters of a family, the same ones each time. */
export function writeLetters(family: Family, count: number, seed: number): WrittenLetter[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => writeLetter(family, random));
}

function generator(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** "{one|other}", innermost first. */
function draw(text: string, random: () => number): string {
  let result = text;
  for (let rounds = 0; rounds < 3; rounds++) {
    result = result.replace(/\{([^{}]*)\}/g, (_, options: string) => {
      const all = options.split('|');
      return all[Math.floor(random() * all.length)] ?? '';
    });
  }
  return result;
}

const word = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);
const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function writeLetter(family: Family, random: () => number): WrittenLetter {
  const drawn = (text: string): string => draw(text, random);
  const from = /^(.*) <(.*)>$/.exec(drawn(family.from));
  const [, name = '', author = ''] = from ?? [];
  const domain = author.slice(author.indexOf('@') + 1);
  const text = drawn(family.text);
  const fields = [
    `From: ${word(name)} <${author}>`,
    ...(family.replyTo ? [`Reply-To: ${drawn(family.replyTo)}`] : []),
    'To: Max Muster <max@muster.at>',
    `Subject: ${word(drawn(family.subject))}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${Math.floor(random() * 1e9)}@${domain}>`,
    ...(family.list ? [`List-Unsubscribe: <https://${domain}/u?1>`, 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'] : []),
    'MIME-Version: 1.0',
  ];
  const parts: string[] = [];
  if (family.html) parts.push(part('text/html; charset=utf-8', base64(pageOf(family, text, drawn))));
  else parts.push(part('text/plain; charset=utf-8', base64(text)));
  if (family.attachment) {
    const file = drawn(family.attachment);
    const type = file.endsWith('.jpg') ? 'image/jpeg' : 'application/octet-stream';
    parts.push(part(`${type}; name="${file}"`, base64('x'.repeat(3000)), `Content-Disposition: attachment; filename="${file}"\r\n`));
  }
  if (family.shows) parts.push(part(`image/png; name="${family.shows}"`, base64('PNG'.repeat(700)), 'Content-ID: <shown>\r\n'));
  const extra = family.fields ?? '';
  const [only = ''] = parts;
  const raw =
    parts.length === 1
      ? `${fields.join('\r\n')}\r\n${extra}${only}`
      : `${fields.join('\r\n')}\r\n${extra}Content-Type: multipart/mixed; boundary=b1\r\n\r\n${parts.map((each) => `--b1\r\n${each}\r\n`).join('')}--b1--\r\n`;
  return { family: family.name, raw: Buffer.from(raw), judgement: judgementOf(family.vouched, domain), author };
}

const part = (type: string, body: string, fields = ''): string =>
  `Content-Type: ${type}\r\n${fields}Content-Transfer-Encoding: base64\r\n\r\n${body}\r\n`;

function pageOf(family: Family, text: string, drawn: (text: string) => string): string {
  const links = (family.links ?? []).map(([shown, address]) => {
    const inside = family.picture ? '<img src="https://img.example/1.png" width=600>' : escaped(drawn(shown));
    return `<p><a href="${escaped(drawn(address))}" style="color:#fff;background:#06c">${inside}</a></p>`;
  });
  const hidden = family.hidden ? `<div style="display:none;max-height:0">${family.hidden}</div>` : '';
  const below = family.shows ? '<img src="cid:shown">' : '';
  return `<!DOCTYPE html><html><head><title>x</title><style>p{margin:1em}</style></head><body>${hidden}<table><tr><td>${text
    .split('\n\n')
    .map((each) => `<p>${escaped(each)}</p>`)
    .join('')}${links.join('')}${below}</td></tr></table></body></html>`;
}

function judgementOf(vouched: Family['vouched'], domain: string): Judgement {
  const dkim = (result: string) => [{ result, domain, selector: 's' }];
  switch (vouched) {
    case 'attested':
      return {
        verdict: 'attested',
        spf: { result: 'pass', domain },
        dkim: dkim('pass'),
        dmarc: [{ result: 'pass', domain, policy: 'none' }],
        arc: null,
      };
    case 'failed':
      return {
        verdict: 'failed',
        spf: { result: 'fail', domain },
        dkim: [],
        dmarc: [{ result: 'fail', domain, policy: 'none' }],
        arc: null,
      };
    case 'list':
      return {
        verdict: 'failed',
        spf: { result: 'pass', domain: 'lists.example' },
        dkim: dkim('fail'),
        dmarc: [{ result: 'fail', domain, policy: 'none' }],
        arc: null,
      };
    case 'softfail':
      return {
        verdict: 'unknown',
        spf: { result: 'softfail', domain },
        dkim: [],
        dmarc: [{ result: 'none', domain, policy: '' }],
        arc: null,
      };
    case 'unknown':
      return { verdict: 'unknown', spf: { result: 'none', domain }, dkim: [], dmarc: [{ result: 'none', domain, policy: '' }], arc: null };
  }
}
