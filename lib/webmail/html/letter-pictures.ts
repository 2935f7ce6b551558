import type { Attributes } from './read-html.ts';
import type { SanitizeOptions } from './sanitized-html.ts';
import { decodeLoosely, parseUrl } from '../../addresses/parse-url.ts';
import { isTrackingPicture } from '../../mime/tracking-picture.ts';

/** The pictures of a letter's HTML: of the message itself, as data, or from elsewhere; counted as they are met. */
export class LetterPictures {
  blocked = 0;
  trackers = 0;
  /** one at least can be seen, or could be */
  any = false;
  /** what relative addresses begin at; null: nothing */
  base: string | null = null;
  private readonly options: SanitizeOptions;

  constructor(options: SanitizeOptions) {
    this.options = options;
  }

  /** Address for an <img>; null: none to load; undefined: a tracker, to be left out. `unseen`: in something that its author does not display. */
  source(attributes: Attributes, unseen: boolean): string | null | undefined {
    const given = this.absolute((attributes.get('src') ?? '').trim() || firstOf(attributes.get('srcset')), unseen);
    if (/^(https?:)?\/\//i.test(given) && isTrackingPicture(given, attributes)) {
      this.trackers += 1;
      return undefined;
    }
    this.any ||= given !== '';
    return this.address(given, unseen);
  }

  background(url: string): string | null {
    return this.address(this.absolute(url.trim(), false), false);
  }

  /** As `<base>` says, where the message does not hold the picture itself. */
  private absolute(given: string, unseen: boolean): string {
    if (this.base === null || given === '' || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(given) || this.inside(given, unseen)) return given;
    return parseUrl(given, this.base)?.href ?? given;
  }

  private address(given: string, unseen: boolean): string | null {
    if (/^data:/i.test(given)) return dataPicture.test(given) ? given : null;
    if (/^(https?:)?\/\//i.test(given)) {
      const inside = this.inside(given, unseen);
      if (inside) return inside;
      const address = this.options.remoteImage?.(given.startsWith('//') ? `https:${given}` : given) ?? null;
      if (address === null) this.blocked += 1;
      return address;
    }
    return this.inside(given, unseen);
  }

  /** A picture that came with the message, by whatever it is called. */
  private inside(given: string, unseen: boolean): string | null {
    if (given === '' || given.length > 1000) return null;
    const reference = /^cid:/i.test(given) ? decodeLoosely(given.slice(4)).replace(/^<|>$/g, '') : given;
    const { inlineImage } = this.options;
    return inlineImage(reference, unseen) ?? inlineImage(decodeLoosely(reference), unseen);
  }
}

/** Parameters that some programs write mean nothing for a picture. */
const dataPicture = /^data:image\/(png|x-png|jpeg|jpg|pjpeg|gif|webp|avif|bmp)(;[\w-]{1,30}=[\w."-]{0,100}){0,3};base64,[a-z0-9+/=\s]*$/i;

/** The first of several sizes of a picture. */
const firstOf = (srcset: string | undefined): string => /^[\s,]*([^\s,]{1,2000})/.exec(srcset ?? '')?.[1] ?? '';
