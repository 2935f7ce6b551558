const property = 'background-color';

/** Gives an element of a letter another ground; the attribute `mark` keeps what its style said itself. */
export function changeGround(element: HTMLElement, mark: string, colour: string): void {
  const { style } = element;
  element.setAttribute(mark, `${style.getPropertyValue(property)}|${style.getPropertyPriority(property)}`);
  style.setProperty(property, colour, 'important');
}

/** Takes that back wherever it was done. */
export function restoreGrounds(root: HTMLElement, mark: string): void {
  for (const element of root.querySelectorAll<HTMLElement>(`[${mark}]`)) {
    const [colour = '', priority = ''] = (element.getAttribute(mark) ?? '').split('|');
    element.removeAttribute(mark);
    if (colour) element.style.setProperty(property, colour, priority);
    else element.style.removeProperty(property);
  }
}
