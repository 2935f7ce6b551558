/**
 * What a style sheet makes wider than the window gives way, as what its elements themselves ask for does (data-wide): a reader need not go to
 * and fro for each line. What cannot be made narrower, a table of many columns or one long line, is scrolled.
 */
export function fitWide({ body }: Document): void {
  const room = body.clientWidth;
  if (room === 0 || body.scrollWidth <= room + 1) return;
  const elements = [...body.querySelectorAll<HTMLElement>('.mail-page *')].slice(0, mostElements);
  // all are measured before the first is changed: a question after each change would lay the letter out again each time
  const wide = elements.filter(({ tagName, offsetWidth }) => tagName !== 'IMG' && offsetWidth > room);
  const widths = wide.map(({ offsetWidth }) => offsetWidth);
  for (const [at, { style, tagName }] of wide.entries()) {
    style.setProperty('width', tagName === 'TABLE' ? '100%' : 'auto', 'important');
    style.setProperty('min-width', '0', 'important');
    style.setProperty('max-width', `min(100%, ${widths[at]}px)`, 'important');
    style.setProperty('box-sizing', 'border-box', 'important');
  }
}

const mostElements = 5000;
