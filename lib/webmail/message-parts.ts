import type { MessageStructureObject } from 'imapflow';
import type { Attachment } from './types.ts';

/** What of a message is shown as its text, and what hangs on it. Section numbers are IMAP's (RFC 9051 section 6.4.5). */
export interface DisplayParts {
  /** text parts in reading order; of alternatives the richest */
  body: MessageStructureObject[];
  attachments: Attachment[];
  /** parts with a Content-ID that HTML may refer to */
  inline: { contentId: string; part: string; name: string; type: string; sizeBytes: number }[];
}

const deepest = 30;
const mostParts = 1000;

/** Types that the browser may show by itself: no script runs in them when they are served as we serve them. */
export const opensInBrowser = (type: string): boolean =>
  /^(image\/(png|jpeg|gif|webp|avif|bmp)|application\/pdf|text\/plain)$/.test(type.toLowerCase());

export const partNumber = (node: MessageStructureObject): string => node.part ?? '1';

export function displayParts(root: MessageStructureObject): DisplayParts {
  const parts: DisplayParts = { body: [], attachments: [], inline: [] };
  let seen = 0;

  const visit = (node: MessageStructureObject, parent: string, depth: number): void => {
    if (depth > deepest || ++seen > mostParts) return;
    const type = typeOf(node);
    if (node.childNodes?.length && type !== 'message/rfc822') {
      const hidden = type === 'multipart/alternative' ? poorerAlternatives(node.childNodes) : new Set();
      for (const child of node.childNodes) if (!hidden.has(child)) visit(child, type, depth + 1);
      return;
    }
    const contentId = (node.id ?? '').replace(/^<|>$/g, '');
    const name = fileName(node);
    const isAttachment = (node.disposition ?? '').toLowerCase() === 'attachment';
    if (isShownText(node, parent)) {
      parts.body.push(node);
      return;
    }
    const shownName = () => name || fallbackName(node, type, parts.attachments.length + parts.inline.length + 1);
    if (contentId) parts.inline.push({ contentId, part: partNumber(node), name: shownName(), type, sizeBytes: decodedSize(node) });
    // A picture inside multipart/related belongs to the HTML; everything else is offered as a file.
    if (contentId && parent === 'multipart/related' && type.startsWith('image/') && !isAttachment) return;
    parts.attachments.push({
      part: partNumber(node),
      name: shownName(),
      type,
      sizeBytes: decodedSize(node),
      opens: opensInBrowser(type),
    });
  };

  visit(root, '', 0);
  return parts;
}

const typeOf = (node: MessageStructureObject): string => (node.type || 'text/plain').toLowerCase();

function isShownText(node: MessageStructureObject, parent: string): boolean {
  const type = typeOf(node);
  if (type !== 'text/html' && type !== 'text/plain' && type !== 'text/enriched') return false;
  if ((node.disposition ?? '').toLowerCase() === 'attachment') return false;
  // Text with a file name is a file, except where it is one of the alternatives or the whole message.
  return parent === '' || parent === 'multipart/alternative' || !fileName(node);
}

/** All text alternatives but the best: the last that holds HTML, else the last that holds text (RFC 2046 section 5.1.4). */
function poorerAlternatives(children: MessageStructureObject[]): Set<MessageStructureObject> {
  const holds = (node: MessageStructureObject, type: string): boolean =>
    typeOf(node) === type || (node.childNodes ?? []).some((child) => holds(child, type));
  const texts = children.filter((child) => holds(child, 'text/html') || holds(child, 'text/plain'));
  const best = texts.findLast((child) => holds(child, 'text/html')) ?? texts.at(-1);
  return new Set(texts.filter((child) => child !== best));
}

export const attachmentsOf = (root: MessageStructureObject): Attachment[] => displayParts(root).attachments;

export function findPart(root: MessageStructureObject, part: string): MessageStructureObject | null {
  if (partNumber(root) === part && !root.childNodes?.length) return root;
  if (root.part === part) return root;
  for (const child of root.childNodes ?? []) {
    const found = findPart(child, part);
    if (found) return found;
  }
  return null;
}

const decodedSize = (node: MessageStructureObject): number =>
  (node.encoding ?? '').toLowerCase() === 'base64' ? Math.floor(((node.size ?? 0) * 57) / 78) : (node.size ?? 0);

/** A file name that is safe to show and to save: no path, no control characters, no direction overrides. */
export function fileName(node: MessageStructureObject): string {
  const given = node.dispositionParameters?.['filename'] ?? node.parameters?.['name'] ?? '';
  return safeFileName(given);
}

export const safeFileName = (given: string): string =>
  (given.split(/[\\/]/).at(-1) ?? '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .slice(0, 200);

const extensions: Record<string, string> = {
  'text/calendar': 'ics',
  'text/html': 'html',
  'text/plain': 'txt',
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
};

function fallbackName(node: MessageStructureObject, type: string, position: number): string {
  if (type === 'message/rfc822') return `${safeFileName(node.envelope?.subject ?? '') || `message-${position}`}.eml`;
  const subtype = type.split('/')[1]?.replace(/[^a-z0-9]/g, '') || 'bin';
  return `part-${position}.${extensions[type] ?? subtype.slice(0, 8)}`;
}
