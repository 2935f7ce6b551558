/**
 * Pictures of a letter that are not loaded, or that nobody has: a quiet place of the size they would have, with the words that stand for them,
 * and not a browser's sign of something broken.
 */

interface Place {
  image: HTMLImageElement;
  display: string;
  width: string;
  /** its height, or what it has to its width */
  height: string;
  /** how it stands among what is around it */
  css: string;
  /** room for words */
  roomy: boolean;
}

/** Puts places where pictures are missing: where one turns out not to load, and at each look for those that were never to be loaded. */
export function placeMissingPictures(root: Document | ShadowRoot): { look: () => void; stop: () => void } {
  const failed = (event: Event) => {
    const image = event.target as Element | null;
    if (image?.tagName === 'IMG' && !image.closest('[data-missing]')) replace([image as HTMLImageElement]);
  };
  root.addEventListener('error', failed, true);
  return {
    look: () => replace([...root.querySelectorAll<HTMLImageElement>('img:not([src])')]),
    stop: () => root.removeEventListener('error', failed, true),
  };
}

/** All are measured before the first is replaced: a question after each change would lay the letter out again each time. */
function replace(images: readonly HTMLImageElement[]): void {
  for (const place of images.map(measure)) place.image.replaceWith(standIn(place));
}

function measure(image: HTMLImageElement): Place {
  const style = image.ownerDocument.defaultView?.getComputedStyle(image);
  const width = fluid(image) || said(image, 'width') || laidOut(style, style?.width);
  const given = [image.getAttribute('width'), image.getAttribute('height')].map((value) => Number.parseFloat(value ?? ''));
  const ratio = given.every((value) => value > 0) && !/%/.test(image.getAttribute('width') ?? '') ? `${given[0]} / ${given[1]}` : '';
  const height = pixels(image.style.height) || (ratio && width ? '' : said(image, 'height') || laidOut(style, style?.height));
  const css =
    `margin:${style?.margin || '0'}!important;float:${style?.float || 'none'}!important;` +
    `vertical-align:${style?.verticalAlign || 'baseline'}!important`;
  const display = style?.display ?? 'inline';
  const narrow = [width, height].some((value) => /px$/.test(value) && Number.parseFloat(value) < 24);
  const high = height ? `height:${height}!important` : ratio && width ? `aspect-ratio:${ratio}!important` : '';
  return { image, display, width, height: high, css, roomy: !narrow && (width !== '' || height !== '') };
}

const pixels = (value: string | null): string =>
  /^\d{1,4}(\.\d+)?\s*(px)?$/.test((value ?? '').trim()) ? `${Number.parseFloat(value ?? '')}px` : '';
const said = (image: HTMLImageElement, name: 'width' | 'height'): string => pixels(image.style[name]) || pixels(image.getAttribute(name));
/** What a style sheet makes of it; in a line, the browser has made it as wide as its words. */
const laidOut = (style: CSSStyleDeclaration | undefined, value: string | undefined): string =>
  style && !style.display.startsWith('inline') && Number.parseFloat(value ?? '') > 0 ? (value ?? '') : '';
/** A share of the line stays one when the window changes. */
const fluid = (image: HTMLImageElement): string =>
  [image.style.width, image.getAttribute('width') ?? ''].find((value) => /^\s*\d{1,3}(\.\d+)?%\s*$/.test(value))?.trim() ?? '';

const colours = 'color:light-dark(#4b5468,#b9bdc9)!important;background:light-dark(#f3f0e9,#262b36)!important';
const line = 'outline:1px dashed light-dark(#c9c2b2,#4f5668)!important;outline-offset:-1px!important';

function standIn({ image, display, width, height, css, roomy }: Place): HTMLElement {
  const words = (image.getAttribute('alt') ?? '').trim();
  const element = image.ownerDocument.createElement('span');
  element.dataset['missing'] = '';
  if (words) {
    element.role = 'img';
    element.ariaLabel = words;
    element.title = words;
  } else element.ariaHidden = 'true';
  if (display === 'none' || (!roomy && words === '' && width === '')) {
    element.style.cssText = 'display:none!important';
    return element;
  }
  const box = display.startsWith('block') || display === 'flex' ? 'block' : 'inline-block';
  const type =
    'font:400 13px/1.4 "Hanken Grotesk Variable",system-ui,sans-serif!important;text-align:left!important;text-indent:0!important';
  const fixed = width.endsWith('px');
  if (fixed) element.append(strut(image.ownerDocument, width));
  const inside = element.appendChild(image.ownerDocument.createElement('span'));
  const room = `display:block!important;box-sizing:border-box!important;overflow:hidden!important;padding:${roomy ? '4px 6px' : '0 4px'}!important`;
  inside.style.cssText = [room, height, fixed ? 'contain:inline-size!important' : ''].join(';');
  const size = fixed ? 'width:fit-content!important' : width && `width:${width}!important`;
  element.style.cssText = [`display:${box}!important;max-width:100%!important`, size, css, type, colours, line].join(';');
  if (words && (roomy || width === '')) inside.textContent = words;
  return element;
}

/** As wide as the picture, and as easily made narrower where there is less room, as only pictures are: a table makes room for other boxes. */
function strut(document: Document, width: string): HTMLElement {
  const image = document.createElement('img');
  image.alt = '';
  image.src = 'data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E';
  image.style.cssText = `display:block!important;width:${width}!important;max-width:100%!important;height:0!important`;
  return image;
}
