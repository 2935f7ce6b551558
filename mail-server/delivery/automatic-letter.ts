import { randomUUID } from 'node:crypto';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { encode, wrap } from 'nodemailer/lib/qp';
import { mailDate } from './trace-header.ts';

interface Automatic {
  hostName: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  submitted: 'auto-generated' | 'auto-replied';
  answers?: string | null;
  at?: Date;
}

/** A letter that no person wrote (RFC 3834 section 3), as it goes into the queue. */
export function automaticLetter({ hostName, from, to, subject, text, submitted, answers = null, at = new Date() }: Automatic): Buffer {
  const id = answers !== null && /^<[^<>\s]{1,900}>$/.test(answers) ? answers : null;
  return Buffer.from(
    [
      `From: ${from}`,
      `To: <${to}>`,
      `Subject: ${encodeText(subject)}`,
      `Date: ${mailDate(at)}`,
      `Message-ID: <${randomUUID()}@${hostName}>`,
      ...(id === null ? [] : [`In-Reply-To: ${id}`, `References: ${id}`]),
      `Auto-Submitted: ${submitted}`,
      'Precedence: bulk',
      'X-Auto-Response-Suppress: All',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      wrap(encode(text.replaceAll('\n', '\r\n'))),
    ].join('\r\n'),
  );
}

/** A letter of the house itself to one of its people. */
export const houseLetter = (letter: Pick<Automatic, 'hostName' | 'to' | 'subject' | 'text' | 'at'>): Buffer =>
  automaticLetter({ ...letter, from: `Postamt <postmaster@${letter.hostName}>`, submitted: 'auto-generated' });

const encodeText = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : encodeWord(text, 'Q', 52).replace(/ /g, '\r\n '));
export const encodePhrase = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? `"${text.replace(/[\\"]/g, '')}"` : encodeWord(text, 'Q', 52);
