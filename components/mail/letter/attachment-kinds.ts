import { servedType } from '#lib/webmail/files/served-type.ts';
import type { Attachment } from '#lib/webmail/reading/mail-message.ts';

export type ViewerKind = 'picture' | 'pdf' | 'text' | 'audio' | 'video';

/** How the viewer shows a file; null: it can only be downloaded. */
export function viewerKindOf({ type: given, name, opens }: Attachment): ViewerKind | null {
  if (!opens) return null;
  const type = servedType(given, name);
  if (type.startsWith('image/')) return 'picture';
  if (type === 'application/pdf') return 'pdf';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('video/')) return 'video';
  return type.startsWith('text/') ? 'text' : null;
}

const largestThumbnail = 4_000_000;
/** What of a file can be shown small; null: its kind in letters. */
export function thumbnailOf(attachment: Attachment): 'picture' | 'pdf' | null {
  const kind = attachment.sizeBytes > largestThumbnail ? null : viewerKindOf(attachment);
  return kind === 'picture' || kind === 'pdf' ? kind : null;
}

/** "PDF" for Angebot.pdf; at most four letters ("NUMB" for Budget.numbers). A type that says nothing, or needs many letters to say it, is none. */
export function kindOf(name: string, type: string): string {
  const ending = /\.([a-z0-9]{1,20})$/i.exec(name)?.[1] ?? '';
  const said = type === 'application/octet-stream' ? '' : (type.split('/')[1]?.replace(/[^a-z0-9]/gi, '') ?? '');
  const short = [ending, said].find(({ length }) => length > 0 && length <= 4);
  return (short ?? (ending || said)).slice(0, 4).toUpperCase() || '…';
}
