import { wordTable } from '../../mime/word-table.ts';

/** Types that the browser may show by itself: no script runs in them when they are served as we serve them. */
export const opensInBrowser = (type: string): boolean =>
  /^(image\/(png|jpeg|gif|webp|avif|bmp)|application\/pdf|text\/plain|audio\/(mpeg|mp4|aac|ogg|opus|wav|webm|flac|amr)|video\/(mp4|webm|ogg|quicktime|3gpp))$/.test(
    type.toLowerCase(),
  );

/** The type a part is served as: other names of the same, and files of a known ending whose type says nothing. */
export function servedType(type: string, name: string): string {
  const known = otherNames.get(type);
  if (known) return known;
  return unknownTypes.has(type) || (type.startsWith('image/') && !opensInBrowser(type) && type !== 'image/svg+xml')
    ? typeByName(name, type)
    : type;
}

/** What the ending of a name says. */
export const typeByName = (name: string, otherwise = 'application/octet-stream'): string =>
  typesByEnding.get(/\.([a-z0-9]{2,5})$/i.exec(name)?.[1]?.toLowerCase() ?? '') ?? otherwise;

/** They say nothing, or what the sender's machine opens such files with. */
const unknownTypes = new Set(
  ['octet-stream', 'x-download', 'force-download', 'unknown', 'vnd.ms-excel'].map((subtype) => `application/${subtype}`),
);

const otherNames = wordTable<string>({
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/x-ms-bmp': 'image/bmp',
  'application/x-pdf': 'application/pdf',
  'text/csv': 'text/plain',
  'text/markdown': 'text/plain',
  'text/x-log': 'text/plain',
  'application/csv': 'text/plain',
  'application/json': 'text/plain',
  'audio/mp3': 'audio/mpeg',
  'audio/x-mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/x-flac': 'audio/flac',
  'audio/x-aac': 'audio/aac',
  'video/x-m4v': 'video/mp4',
  'application/mp4': 'video/mp4',
  'application/ogg': 'audio/ogg',
});
const typesByEnding = wordTable<string>({
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/plain',
  log: 'text/plain',
  md: 'text/plain',
  json: 'text/plain',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
});
