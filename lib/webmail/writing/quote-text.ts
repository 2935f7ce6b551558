import { escapeHtml } from '../html/escape-html.ts';
import { personName } from '../people/person-name.ts';
import type { Person } from '../reading/mail-message.ts';

/** The few sentences of an answer or a forwarded letter, in the writer's language (messages `mail.quote`). */
export interface QuoteWords {
  /** "Am 24. November 2026 um 10:47 schrieb Anna Leitner:" */
  attribution: (date: string, name: string) => string;
  forwarded: string;
  /** what is quoted goes on in the original */
  cut: string;
  from: string;
  date: string;
  subject: string;
  to: string;
  cc: string;
  formatDate: (date: Date) => string;
}

export interface QuotedMessage {
  from: Person[];
  to: Person[];
  cc: Person[];
  subject: string;
  date: string;
}

/** Room to write, always first: what is answered in one line takes its place. */
export const roomToWrite = '<p></p>';

/** `text` before everything else of a letter that was prepared, in the room it has for it. */
export const withWritten = (prepared: string, written: string): string =>
  (written || roomToWrite) + (prepared.startsWith(roomToWrite) ? prepared.slice(roomToWrite.length) : prepared);

/** What people write in one line or in plain text, as HTML: blank lines divide paragraphs, blanks in a row stay. */
export const writtenAsHtml = (text: string): string =>
  text
    .trim()
    .split(/\n{2,}/)
    .map((block) => `<p>${linesAsHtml(block)}</p>`)
    .join('');

/** Blanks in a row and at the beginning of a line are columns and indents: HTML would make them one, or none. */
const linesAsHtml = (block: string): string =>
  escapeHtml(block.replaceAll('\t', '    '))
    .replace(/^ | (?= )/gm, () => '\u00a0')
    .replaceAll('\n', '<br>');

export const signatureHtml = (signature: string): string =>
  signature.trim() === '' ? '' : `${roomToWrite}<div class="signature" data-signature="">${signature}</div>`;

/** Editor HTML of an answer: room to write, the signature, then who wrote what, quoted. `quoted`: HTML of the editor. */
export function quoteForReply(message: QuotedMessage, words: QuoteWords, quoted: string, signature = ''): string {
  const name = message.from[0] ? personName(message.from[0]) : '';
  const line = words.attribution(words.formatDate(new Date(message.date)), name);
  return `${roomToWrite}${signatureHtml(signature)}<p>${escapeHtml(line)}</p><blockquote type="cite">${quoted}</blockquote>`;
}

/** Editor HTML of a forwarded letter: room to write, the signature, then its head and its text. */
export function quoteForForward(message: QuotedMessage, words: QuoteWords, quoted: string, signature = ''): string {
  const full = (people: Person[]) => people.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ');
  const head: [string, string][] = [
    [words.from, full(message.from)],
    [words.date, words.formatDate(new Date(message.date))],
    [words.subject, message.subject],
    [words.to, full(message.to)],
    [words.cc, full(message.cc)],
  ];
  const lines = head.filter(([, value]) => value).map(([name, value]) => `${escapeHtml(name)}: ${escapeHtml(value)}`);
  const heading = `<p>---------- ${escapeHtml(words.forwarded)} ----------<br>${lines.join('<br>')}</p>`;
  return `${roomToWrite}${signatureHtml(signature)}${heading}${quoted}`;
}

/** Plain text as editor HTML: blank lines divide paragraphs, ">" lines become quotes in the quote. */
export function paragraphs(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replace(/^\n+/, '').trimEnd().split('\n');
  return quoteLevels(lines.map((line) => ({ line, depth: 0 })));
}

interface Line {
  line: string;
  depth: number;
}

const deepestQuote = 10;

function quoteLevels(lines: Line[]): string {
  let html = '';
  let plain: string[] = [];
  const flush = () => {
    const blocks = plain
      .join('\n')
      .split(/\n\s*\n/)
      .map((block) => block.replace(/^\n+|(?<!\n)\n+$/g, ''));
    html += blocks
      .filter((block) => block.trim())
      .map((block) => `<p>${linesAsHtml(block)}</p>`)
      .join('');
    plain = [];
  };
  for (let at = 0; at < lines.length; ) {
    const current = lines[at] as Line;
    if (!/^>/.test(current.line) || current.depth >= deepestQuote) {
      plain.push(current.line);
      at += 1;
      continue;
    }
    flush();
    const quoted: Line[] = [];
    while (at < lines.length && /^>/.test((lines[at] as Line).line)) {
      quoted.push({ line: (lines[at] as Line).line.replace(/^> ?/, ''), depth: current.depth + 1 });
      at += 1;
    }
    html += `<blockquote>${quoteLevels(quoted)}</blockquote>`;
  }
  flush();
  return html || '<p></p>';
}
