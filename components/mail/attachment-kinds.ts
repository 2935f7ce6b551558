import type { Attachment } from '#lib/webmail/types.ts';

export type ViewerKind = 'picture' | 'pdf' | 'text' | 'audio' | 'video';

const byEnding: Record<string, ViewerKind> = {
  png: 'picture',
  jpg: 'picture',
  jpeg: 'picture',
  gif: 'picture',
  webp: 'picture',
  pdf: 'pdf',
  txt: 'text',
};

/** How the viewer shows a file; null: it can only be downloaded. */
export function viewerKindOf({ type, name, opens }: Attachment): ViewerKind | null {
  if (!opens) return null;
  if (type === 'application/octet-stream') return byEnding[/\.([a-z0-9]{2,5})$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? null;
  if (type.startsWith('image/')) return 'picture';
  if (/^application\/(x-)?pdf$/.test(type)) return 'pdf';
  if (type.startsWith('audio/')) return 'audio';
  if (type.startsWith('video/')) return 'video';
  return type.startsWith('text/') ? 'text' : null;
}

const largestThumbnail = 4_000_000;
export const hasThumbnail = (attachment: Attachment): boolean =>
  viewerKindOf(attachment) === 'picture' && attachment.sizeBytes <= largestThumbnail;
