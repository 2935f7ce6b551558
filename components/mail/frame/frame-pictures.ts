/**
 * What stands on a picture keeps the colours it was sent with, in the dark too: the picture does not go dark, and a text that did would be lost
 * on it.
 */
export function keepColoursOnPictures(root: HTMLElement, dark: boolean): void {
  const { documentElement, defaultView: view } = root.ownerDocument;
  for (const element of root.querySelectorAll<HTMLElement>(`[${mark}]`)) restore(element);
  if (!dark || !view) return;
  const onPictures = elementsWithPicture(root, view);
  if (onPictures.length === 0) return;
  // what they inherit, as it is in the light
  documentElement.style.colorScheme = 'light';
  const colours = onPictures.map((element) => view.getComputedStyle(element).color);
  documentElement.style.colorScheme = 'dark';
  for (const [at, element] of onPictures.entries()) {
    element.setAttribute(mark, `${element.style.getPropertyValue('color')}|${element.style.getPropertyPriority('color')}`);
    element.style.setProperty('color-scheme', 'light');
    element.style.setProperty('color', colours[at] ?? '', 'important');
  }
}

const mark = 'data-on-picture';

function elementsWithPicture(root: HTMLElement, view: Window): HTMLElement[] {
  const inSheet = [...root.querySelectorAll('style')].some((style) => style.textContent?.includes('url('));
  const candidates = [...root.querySelectorAll<HTMLElement>(inSheet ? '*' : '[style*="url("]')];
  return candidates.filter((element) => view.getComputedStyle(element).backgroundImage.includes('url('));
}

function restore(element: HTMLElement): void {
  const [colour = '', priority = ''] = (element.getAttribute(mark) ?? '').split('|');
  element.removeAttribute(mark);
  element.style.removeProperty('color-scheme');
  if (colour) element.style.setProperty('color', colour, priority);
  else element.style.removeProperty('color');
}
