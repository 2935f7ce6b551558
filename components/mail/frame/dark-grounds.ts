import { type Colour, contrast, over, parseColour, white } from './frame-contrast.ts';
import { changeGround, restoreGrounds } from './own-ground.ts';

/**
 * A black button stands out from white paper and is lost on dark paper, as a white card is on what was black. What stood out from what is around
 * it, and does so no more in the dark, becomes lighter until it does. Comes before the texts are looked at (frame-contrast.ts), which stand on it.
 */
export function keepGroundsApart(root: HTMLElement, dark: boolean): void {
  const { documentElement, defaultView: view } = root.ownerDocument;
  restoreGrounds(root, mark);
  const elements = dark ? [...root.querySelectorAll<HTMLElement>('.mail-page, .mail-page *')] : [];
  if (!view || elements.length === 0 || elements.length > mostElements) return;
  const groundOf = (element: Element): Colour => parseColour(view.getComputedStyle(element).backgroundColor) ?? white;
  const paper: Ground = { element: documentElement, around: null, sent: white, own: groundOf(documentElement), now: white };
  paper.now = paper.own;
  const grounds = groundsOf(elements, paper, view);
  if (!grounds.some(({ own, around }) => around && contrast(own, around.own) < lost)) return;
  documentElement.style.colorScheme = 'light';
  for (const ground of [paper, ...grounds]) ground.sent = groundOf(ground.element);
  documentElement.style.colorScheme = 'dark';
  const { width, height } = root.getBoundingClientRect();
  const half = (width * height) / 2;
  // each is asked before the first is changed: a question after each change would lay the letter out again each time
  for (const ground of grounds) ground.now = inTheDark(ground, half);
  for (const { element, own, now } of grounds) if (now !== own) changeGround(element, mark, written(now));
}

const mark = 'data-apart';
const mostElements = 5000;
/** by contrast: what is one ground, what is not seen to be another, what was meant to stand out, what does */
const [same, lost, meant, apart] = [1.1, 1.25, 2, 1.5];

interface Ground {
  element: HTMLElement;
  /** what it lies on */
  around: Ground | null;
  /** as its author sees it, as it is in the dark, and as it will be */
  sent: Colour;
  own: Colour;
  now: Colour;
}

/** What has a colour of its own, in the order of the letter. On a picture, and in what keeps its colours for one, nothing is lost. */
function groundsOf(elements: readonly HTMLElement[], paper: Ground, view: Window): Ground[] {
  const found: Ground[] = [];
  const below = new Map<Element | null, Ground | null>();
  for (const element of elements) {
    const known = below.get(element.parentElement);
    const around = known === undefined ? paper : known;
    const { backgroundColor, backgroundImage } = view.getComputedStyle(element);
    const own = parseColour(backgroundColor);
    if (around === null || backgroundImage !== 'none') below.set(element, null);
    else if (own && own.alpha >= 0.99) {
      const ground = { element, around, sent: own, own, now: own };
      below.set(element, ground);
      found.push(ground);
    } else below.set(element, around);
  }
  return found;
}

function inTheDark({ element, around, sent, own }: Ground, half: number): Colour {
  if (!around) return own;
  const stoodOut = contrast(sent, around.sent);
  if (stoodOut < same) return around.now === around.own ? own : around.now;
  if (stoodOut < meant || contrast(own, around.now) >= lost) return own;
  const { width, height } = element.getBoundingClientRect();
  // the paper of most of the letter, which may be as dark as its author wants it
  if (width * height > half) return own;
  for (let share = 0.05; share < 1; share += 0.05) {
    const lighter = over({ ...white, alpha: share }, own);
    if (contrast(lighter, around.now) >= apart) return lighter;
  }
  return own;
}

const written = ({ red, green, blue }: Colour): string => `rgb(${Math.round(red)},${Math.round(green)},${Math.round(blue)})`;
