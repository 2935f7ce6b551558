import { luminance, parseColour } from './frame-contrast.ts';
import { changeGround, restoreGrounds } from './own-ground.ts';

/**
 * Logos are drawn dark on nothing, for light paper: in the dark they would be lost. Such a picture keeps the ground it was sent on. Answers how to
 * stop: pictures come later than the letter.
 */
export function keepGroundOfPictures(root: HTMLElement, dark: boolean): () => void {
  restoreGrounds(root, mark);
  if (!dark) return () => undefined;
  /** by address: a letter shows one star a hundred times */
  const judged = new Map<string, boolean>();
  const isLost = (picture: HTMLImageElement): boolean => {
    const known = judged.get(picture.src);
    if (known !== undefined || judged.size >= mostPictures) return known === true;
    const lost = isDarkOnNothing(pixelsOf(picture));
    judged.set(picture.src, lost);
    return lost;
  };
  const look = (picture: HTMLImageElement): void => {
    if (picture.hasAttribute(mark) || !isLost(picture)) return;
    const ground = groundSent(picture);
    if (ground !== null) changeGround(picture, mark, ground);
  };
  const onLoad = ({ target }: Event): void => {
    if ((target as Element).tagName === 'IMG') look(target as HTMLImageElement);
  };
  root.addEventListener('load', onLoad, true);
  for (const picture of root.querySelectorAll('img')) if (picture.complete) look(picture);
  return () => root.removeEventListener('load', onLoad, true);
}

const mark = 'data-ground';
/** Each has to be drawn once more. */
const mostPictures = 40;
/** as large as a picture is looked at */
const widest = 160;

/** Red, green, blue, alpha of each pixel; none of a picture that is too small to be read, or cannot be asked. */
function pixelsOf(picture: HTMLImageElement): ArrayLike<number> {
  const { naturalWidth, naturalHeight } = picture;
  const scale = Math.min(1, widest / Math.max(naturalWidth, naturalHeight, 1));
  const [width, height] = [Math.round(naturalWidth * scale), Math.round(naturalHeight * scale)];
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = width < 8 || height < 8 ? null : canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return [];
  try {
    context.drawImage(picture, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  } catch {
    return [];
  }
}

/** A third shows what is behind, and of what is drawn a quarter is too dark for the dark. Round buttons and photographs with round corners show less. */
export function isDarkOnNothing(pixels: ArrayLike<number>): boolean {
  let [clear, drawn, faint] = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = [pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3]];
    if (alpha < 26) clear += 1;
    if (alpha < 64) continue;
    drawn += 1;
    // near enough to its luminance, and quick
    if ((0.21 * red ** 2 + 0.72 * green ** 2 + 0.07 * blue ** 2) / 255 ** 2 < 0.14) faint += 1;
  }
  return clear * 12 > pixels.length && drawn > 0 && faint * 4 >= drawn;
}

/** The colour behind it as its author sees it; null where that is dark, or a picture. */
function groundSent(picture: HTMLElement): string | null {
  const { documentElement, defaultView: view } = picture.ownerDocument;
  if (!view) return null;
  const { colorScheme } = documentElement.style;
  documentElement.style.colorScheme = 'light';
  let ground: string | null = 'rgb(255, 255, 255)';
  for (let at: Element | null = picture; at && at !== documentElement; at = at.parentElement) {
    const { backgroundColor, backgroundImage } = view.getComputedStyle(at);
    const solid = (parseColour(backgroundColor)?.alpha ?? 0) >= 0.99;
    if (backgroundImage === 'none' && !solid) continue;
    ground = backgroundImage === 'none' ? backgroundColor : null;
    break;
  }
  documentElement.style.colorScheme = colorScheme;
  const colour = parseColour(ground ?? '');
  return colour && luminance(colour) > 0.4 ? ground : null;
}
