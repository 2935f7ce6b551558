import { isTight, separateLines } from './frame-lines.ts';

/**
 * Nobody gets a letter that cannot be read: each text stands out from what is behind it by 4.5 at least (WCAG 2.2, 1.4.3), or its colour is
 * brought there. Measured on what the browser made of the letter, so that no trick of a style sheet hides from it.
 */

export interface Colour {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

const black: Colour = { red: 0, green: 0, blue: 0, alpha: 1 };
export const white: Colour = { red: 255, green: 255, blue: 255, alpha: 1 };
const enough = 4.5;
const mark = 'data-readable';

/** Elements that are looked at before the letter is painted: more than a window shows of one. The others follow in pieces. */
const atOnce = 1500;

/**
 * Corrects colours below an element; corrections of an earlier run are taken back first. Of a long letter the beginning is put right now and
 * the rest while it is read already. Answers how to stop.
 */
export function ensureContrast(root: HTMLElement): () => void {
  for (const element of root.querySelectorAll<HTMLElement>(`[${mark}]`)) restore(element);
  const elements = [...elementsWithText(root)];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const from = (start: number): void => {
    const piece = elements.slice(start, start + atOnce);
    // what is corrected is inherited by what is inside, so that is looked at again
    for (let round = 0; round < 3; round++) if (correct(root, piece) === 0) break;
    if (start + atOnce < elements.length) timer = setTimeout(() => from(start + atOnce), 0);
  };
  from(0);
  return () => clearTimeout(timer);
}

/**
 * The same on white paper, all at once. Browsers leave backgrounds out there and make what stood light on them grey: those that carry such
 * a text are printed.
 */
export function ensureContrastOnPaper(root: HTMLElement): void {
  const view = root.ownerDocument.defaultView;
  if (!view) return;
  const elements = [...elementsWithText(root)];
  for (let round = 0; round < 3; round++) if (correct(root, elements, white) === 0) break;
  // asked for before anything is written, as in `correct`
  const carrying = new Set<HTMLElement>();
  for (const element of elements) {
    if (betterColour(view.getComputedStyle(element).color, 1, [white]) === '') continue;
    for (let at: HTMLElement | null = element; at && at !== root; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = view.getComputedStyle(at);
      const alpha = backgroundImage === 'none' ? (parseColour(backgroundColor)?.alpha ?? 0) : 1;
      if (alpha > 0) carrying.add(at);
      if (alpha >= 0.99) break;
    }
  }
  for (const element of carrying) element.style.setProperty('-webkit-print-color-adjust', 'exact');
}

function correct(root: HTMLElement, elements: readonly HTMLElement[], sheet?: Colour): number {
  const view = root.ownerDocument.defaultView;
  if (!view) return 0;
  const paper = sheet ?? parseColour(view.getComputedStyle(view.document.documentElement).backgroundColor) ?? white;
  const backgrounds = new Map<Element, Colour[] | null>();
  const opacities = new Map<Element, number>();
  const faint: [HTMLElement, string][] = [];
  const tight: HTMLElement[] = [];
  // letters use few pairs of colours many times
  const judged = new Map<string, string>();
  for (const element of elements) {
    const style = view.getComputedStyle(element);
    if (isTight(style)) tight.push(element);
    const behind = backgroundOf(element, view, paper, backgrounds);
    if (!behind) continue;
    const opacity = opacityOf(element, view, opacities);
    const key = `${style.color} ${opacity} ${keyOf(behind)}`;
    const known = judged.get(key);
    const better = known ?? betterColour(style.color, opacity, behind);
    if (known === undefined) judged.set(key, better);
    if (better === '') continue;
    if (style.visibility === 'hidden' || style.display === 'none' || Number.parseFloat(style.fontSize) < 2 || !isShown(element)) continue;
    faint.push([element, better]);
  }
  separateLines(tight);
  const translucent = new Set<HTMLElement>();
  for (const [element, colour] of faint) {
    if (!element.hasAttribute(mark))
      element.setAttribute(mark, `${element.style.getPropertyValue('color')}|${element.style.getPropertyPriority('color')}`);
    element.style.setProperty('color', colour, 'important');
    // asked for before anything was written: a question after each change would lay the letter out again each time
    if ((opacities.get(element) ?? 1) < 0.95) translucent.add(element);
  }
  for (const element of translucent) {
    for (let at: HTMLElement | null = element; at && at !== root; at = at.parentElement) at.style.setProperty('opacity', '1', 'important');
  }
  return faint.length;
}

const keyOf = (colours: readonly Colour[]): string => colours.map(({ red, green, blue }) => `${red},${green},${blue}`).join(';');

/** Empty where the text can be read as it is. */
function betterColour(text: string, opacity: number, behind: readonly Colour[]): string {
  const colour = parseColour(text);
  if (!colour) return '';
  const seen = { ...colour, alpha: colour.alpha * opacity };
  return behind.every((one) => contrast(over(seen, one), one) >= enough) ? '' : readable(colour, behind);
}

function restore(element: HTMLElement): void {
  const [colour = '', priority = ''] = (element.getAttribute(mark) ?? '').split('|');
  element.removeAttribute(mark);
  if (colour) element.style.setProperty('color', colour, priority);
  else element.style.removeProperty('color');
}

function elementsWithText(root: HTMLElement): Set<HTMLElement> {
  const found = new Set<HTMLElement>();
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode as Text;
    if (parentElement && parentElement.tagName !== 'STYLE' && /\S/.test(data)) found.add(parentElement);
  }
  return found;
}

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0;

/** Colours that may lie behind the text of an element; null behind a picture, where nobody knows. */
function backgroundOf(element: Element, view: Window, paper: Colour, known: Map<Element, Colour[] | null>): Colour[] | null {
  const remembered = known.get(element);
  if (remembered !== undefined) return remembered;
  const below = (): Colour[] | null => (element.parentElement ? backgroundOf(element.parentElement, view, paper, known) : [paper]);
  const { backgroundColor, backgroundImage } = view.getComputedStyle(element);
  const own = parseColour(backgroundColor);
  let result: Colour[] | null;
  if (backgroundImage.includes('url(')) result = null;
  else if (backgroundImage.includes('gradient('))
    result = gradientColours(backgroundImage).map((colour) => over(colour, own && own.alpha > 0.5 ? own : paper));
  else if (own && own.alpha >= 0.99) result = [own];
  else if (own && own.alpha > 0) result = below()?.map((colour) => over(own, colour)) ?? null;
  else result = below();
  known.set(element, result);
  return result;
}

function opacityOf(element: Element, view: Window, known: Map<Element, number>): number {
  const remembered = known.get(element);
  if (remembered !== undefined) return remembered;
  const above = element.parentElement ? opacityOf(element.parentElement, view, known) : 1;
  const result = above * Number(view.getComputedStyle(element).opacity || 1);
  known.set(element, result);
  return result;
}

function gradientColours(image: string): Colour[] {
  const colours = [...image.matchAll(/rgba?\([^()]*\)/g)].flatMap((match) => parseColour(match[0]) ?? []);
  return colours.length > 0 ? colours : [{ red: 255, green: 255, blue: 255, alpha: 1 }];
}

export function parseColour(text: string): Colour | null {
  const numbers = /^rgba?\(/.test(text) ? (text.match(/[\d.]+/g) ?? []).map(Number) : [];
  const [red, green, blue, alpha = 1] = numbers;
  return red === undefined || green === undefined || blue === undefined ? null : { red, green, blue, alpha };
}

export function over(front: Colour, back: Colour): Colour {
  const mix = (one: number, other: number): number => one * front.alpha + other * (1 - front.alpha);
  return { red: mix(front.red, back.red), green: mix(front.green, back.green), blue: mix(front.blue, back.blue), alpha: 1 };
}

export function luminance({ red, green, blue }: Colour): number {
  const linear = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

export function contrast(one: Colour, other: Colour): number {
  const [first, second] = [luminance(one), luminance(other)];
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** The colour, mixed with as little black or white as makes it readable on all of the backgrounds. */
function readable(colour: Colour, behind: readonly Colour[]): string {
  const worst = (front: Colour): number => Math.min(...behind.map((one) => contrast(front, one)));
  const pole = worst(black) >= worst(white) ? black : white;
  const opaque = { ...colour, alpha: 1 };
  let share = 1;
  for (let step = 1; step <= 20; step++) {
    const tried = over({ ...pole, alpha: step / 20 }, opaque);
    if (worst(tried) >= enough + 0.05) {
      share = step / 20;
      break;
    }
  }
  const { red, green, blue } = over({ ...pole, alpha: share }, opaque);
  return `rgb(${Math.round(red)},${Math.round(green)},${Math.round(blue)})`;
}
