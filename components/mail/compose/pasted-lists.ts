import { type Counting, readSign, type Sign } from './list-signs.ts';

interface Open {
  list: HTMLElement;
  level: number;
  counting: Counting | null;
  /** the number of its next item */
  next: number;
}

/** Word writes a list as paragraphs with their bullet or number as text in front; how deep they lie stands in their style. */
export function markWordLists(body: HTMLElement): void {
  let open: Open[] = [];
  let last: Element | null = null;
  for (const paragraph of [...body.querySelectorAll<HTMLElement>('p')]) {
    const level = Number(/mso-list:\s*l\d+\s+level(\d)/i.exec(paragraph.getAttribute('style') ?? '')?.[1] ?? 0);
    if (level === 0) continue;
    const bullet = [...paragraph.querySelectorAll<HTMLElement>('span')].find((span) =>
      /mso-list:\s*ignore/i.test(span.getAttribute('style') ?? ''),
    );
    const written = bullet?.textContent ?? '';
    const signs = /[\p{L}\p{N}][).]/u.test(written) ? readSign(written) : [];
    // "2.3." stays as it is written.
    if (signs === null) continue;
    if (paragraph.previousElementSibling !== last) open = [];
    open = open.filter((one) => one.level <= level);
    const same = open.at(-1)?.level === level ? open.pop() : undefined;
    const goesOn = signs.find(({ number, counting }) => number === same?.next && counting === same.counting);
    const sign = goesOn ?? signs.find(({ number }) => number === 1) ?? signs.at(-1);
    const item = body.ownerDocument.createElement('li');
    bullet?.remove();
    item.append(...paragraph.childNodes);
    const list = same && (goesOn ?? (!sign && same.counting === null)) ? same.list : newList(body, sign);
    list.append(item);
    if (list === same?.list) paragraph.remove();
    else if (open.length > 0) {
      open.at(-1)?.list.lastElementChild?.append(list);
      paragraph.remove();
    } else paragraph.replaceWith(list);
    open.push({ list, level, counting: sign?.counting ?? null, next: (sign?.number ?? 0) + 1 });
    last = open[0]?.list ?? null;
  }
}

function newList(body: HTMLElement, sign: Sign | undefined): HTMLElement {
  const list = body.ownerDocument.createElement(sign ? 'ol' : 'ul');
  if (sign && sign.number !== 1) list.setAttribute('start', String(sign.number));
  if (sign && sign.counting !== '1') list.setAttribute('type', sign.counting);
  return list;
}

const countings: Record<string, Counting> = {
  'lower-alpha': 'a',
  'lower-latin': 'a',
  'upper-alpha': 'A',
  'upper-latin': 'A',
  'lower-roman': 'i',
  'upper-roman': 'I',
};

/** As letters hold them: the kind of counting at the list, where programs on the web write it at each item; an item that is but a list, within the one above. */
export function straightenLists(body: HTMLElement): void {
  for (const list of body.querySelectorAll<HTMLElement>('ol')) {
    const style = list.style.listStyleType || (list.querySelector<HTMLElement>(':scope > li')?.style.listStyleType ?? '');
    const counting = countings[style];
    if (counting) list.setAttribute('type', counting);
  }
  for (const item of body.querySelectorAll('li')) {
    const inner = [...item.children];
    const isNested = inner.length > 0 && inner.every((child) => /^[ou]l$/.test(child.localName));
    if (!isNested || [...item.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '')) continue;
    const above = item.previousElementSibling;
    if (above?.localName === 'li') {
      above.append(...inner);
      item.remove();
    } else item.replaceWith(...inner.flatMap((list) => [...list.children]));
  }
}
