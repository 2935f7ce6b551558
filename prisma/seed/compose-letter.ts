import { createTransport } from 'nodemailer';
import type { Attachment, Letter, Person } from './letter.ts';
import { max } from './letter.ts';
import { letters } from './letters/all.ts';
import { makePdf } from './make-pdf.ts';
import { makePicture } from './make-picture.ts';

const DAY_MS = 86_400_000;
const ZONE = 'Europe/Vienna';

const byId = new Map(letters.map((letter) => [letter.id, letter]));
const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

export const recipientsOf = (letter: Letter): Person[] => [...(letter.to ?? [max]), ...(letter.cc ?? [])];

export const messageId = (letter: Letter): string => `<${letter.id}@${letter.from.address.split('@')[1]}>`;

/** When the letter was written, seen from `now`; letters that answer each other stay in order. */
export function writtenAt(letter: Letter, now: Date): Date {
  if (typeof letter.at === 'number') return new Date(now.getTime() - letter.at * 60_000);
  const [daysAgo, time] = letter.at;
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(now.getTime() - daysAgo * DAY_MS);
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  const shown = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hour12: false }).format(asUtc);
  const hours = Number(shown.slice(0, 2)) - Number(time.slice(0, 2));
  return new Date(asUtc - (((hours + 36) % 24) - 12) * 3_600_000);
}

/** The letter as bytes: MIME, quotation of what it answers, attachments. */
export async function composeLetter(letter: Letter, now: Date): Promise<Buffer> {
  const answered = letter.answers ? byId.get(letter.answers) : undefined;
  const quotation = answered ? quote(answered, writtenAt(answered, now), letter.language) : null;
  const text = quotation ? `${letter.text}\n\n${quotation.introduction}\n${quotation.text}` : letter.text;
  const html = letter.html === 'from-text' ? asHtml(letter.text, quotation) : letter.html;
  const { message } = await composer.sendMail({
    messageId: messageId(letter),
    date: writtenAt(letter, now),
    from: letter.from,
    to: letter.to ?? [max],
    cc: letter.cc,
    subject: letter.subject,
    ...(answered ? { inReplyTo: messageId(answered), references: references(answered) } : {}),
    headers: letter.headers,
    text: `${text}\n`,
    html,
    attachments: letter.attachments?.map(makeAttachment),
  });
  return message as Buffer;
}

function references(letter: Letter): string[] {
  const before = letter.answers ? byId.get(letter.answers) : undefined;
  return [...(before ? references(before) : []), messageId(letter)];
}

interface Quotation {
  introduction: string;
  text: string;
}

function quote(letter: Letter, at: Date, language: 'en' | undefined): Quotation {
  const when = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'de-AT', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: ZONE,
  }).format(at);
  const introduction = language === 'en' ? `On ${when}, ${letter.from.name} wrote:` : `Am ${when} schrieb ${letter.from.name}:`;
  return { introduction, text: letter.text.replace(/^/gm, '> ').replace(/^> $/gm, '>') };
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '');

function asHtml(text: string, quotation: Quotation | null): string {
  const paragraphs = (plain: string): string =>
    plain
      .split('\n\n')
      .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
      .join('\n');
  const quoted = quotation
    ? `\n<p>${escapeHtml(quotation.introduction)}</p>\n<blockquote type="cite">${paragraphs(quotation.text.replace(/^> ?/gm, ''))}</blockquote>`
    : '';
  return `<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n${paragraphs(text)}${quoted}\n</body></html>\n`;
}

function makeAttachment(attachment: Attachment): { filename: string; content: Buffer; contentType: string } {
  const { filename } = attachment;
  if ('pdf' in attachment)
    return { filename, content: makePdf(attachment.pdf.title, attachment.pdf.lines), contentType: 'application/pdf' };
  if ('picture' in attachment) return { filename, content: makePicture(attachment.picture), contentType: 'image/png' };
  return { filename, content: Buffer.from(attachment.text), contentType: attachment.contentType ?? 'text/plain; charset=utf-8' };
}
