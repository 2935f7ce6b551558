import { decodeEncodedWords } from '../../mime/decode-encoded-words.ts';
import { givenName, type LetterPart } from '../../mime/letter-part.ts';

/** What a letter's HTML may call one of its pictures. */
export interface PictureNames {
  /** without brackets */
  contentId: string;
  /** as it stands in the HTML, which has no raw bytes and no encoded words */
  location: string;
  givenName: string;
}

export const pictureNames = (part: LetterPart): PictureNames => ({
  contentId: part.contentId,
  location: decodeEncodedWords(part.location, part.textCharset),
  givenName: givenName(part),
});

/** By its Content-ID, its Content-Location (or how that ends), or its name: the same where it is read, quoted and passed on. */
export function findPicture<T extends PictureNames>(pictures: readonly T[], reference: string): T | undefined {
  const lower = reference.toLowerCase();
  const ends = `/${reference.replace(/^\.\//, '')}`;
  return (
    pictures.find(({ contentId, location }) => contentId === reference || (location !== '' && location === reference)) ??
    pictures.find(({ location, givenName: name }) => location.endsWith(ends) || name === reference) ??
    pictures.find(({ contentId }) => contentId.toLowerCase() === lower)
  );
}
