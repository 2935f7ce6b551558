import { type Counting, readSign, type Sign } from './list-signs.ts';
import { wordTable } from '../../../lib/mime/word-table.ts';

interface Open {
  list: HTMLElement;
  level: number;
  counting: Counting | null;
  /** the number of its next item */
  next: number;
}

const countings = wordTable<Counting>({
  'lower-alpha': 'a',
  'lower-latin': 'a',
  'upper-alpha': 'A',
  'upper-latin': 'A',
  'lower-roman': 'i',
  'upper-roman': 'I',
});

interface Item {
  /** what it takes the place of; its content becomes the item's */
  host: HTMLElement;
  level: number;
  /** what its sign may count; empty: a bullet */
  signs: readonly Sign[];
}

/** Word writes a list as paragraphs, on the web as a list for each item; how deep they lie stands in a style, or beside each. */
export function markWordLists(body: HTMLElement): void {
  let open: Open[] = [];
  let last: Element | null = null;
  const places = body.querySelectorAll<HTMLElement>('p, ol, ul');
  for (const { host, level, signs } of [...places].flatMap((place) => (place.localName === 'p' ? itemOf(place) : itemsOnTheWeb(place)))) {
    if (nodeBefore(host) !== last) open = [];
    open = open.filter((one) => one.level <= level);
    const same = open.at(-1)?.level === level ? open.pop() : undefined;
    const goesOn = signs.find(({ number, counting }) => number === same?.next && counting === same.counting);
    const sign = goesOn ?? signs.find(({ number }) => number === 1) ?? signs.at(-1);
    const item = body.ownerDocument.createElement('li');
    item.append(...host.childNodes);
    const list = same && (goesOn ?? (!sign && same.counting === null)) ? same.list : newList(body, sign);
    list.append(item);
    if (list === same?.list) host.remove();
    else if (open.length > 0) {
      open.at(-1)?.list.lastElementChild?.append(list);
      host.remove();
    } else host.replaceWith(list);
    open.push({ list, level, counting: sign?.counting ?? null, next: (sign?.number ?? 0) + 1 });
    last = open[0]?.list ?? null;
  }
}

/** Its bullet or number is text in front. */
function itemOf(host: HTMLElement): Item[] {
  const level = Number(/mso-list:\s*l\d+\s+level(\d)/i.exec(host.getAttribute('style') ?? '')?.[1] ?? 0);
  if (level === 0) return [];
  const bullet = [...host.querySelectorAll<HTMLElement>('span')].find((span) =>
    /mso-list:\s*ignore/i.test(span.getAttribute('style') ?? ''),
  );
  const written = bullet?.textContent ?? '';
  const signs = /[\p{L}\p{N}][).]/u.test(written) ? readSign(written) : [];
  // "2.3." stays as it is written.
  if (signs === null) return [];
  bullet?.remove();
  return [{ host, level, signs }];
}

/** Text between two lists parts them too. */
function nodeBefore(host: Node): Node | null {
  let node = host.previousSibling;
  while (node && isNothing(node)) node = node.previousSibling;
  return node;
}

const isNothing = (node: Node): boolean => !(node instanceof Element) && (!(node instanceof Text) || node.data.trim() === '');

/** Lists of others say how deep they lie too, and lie so: they stay as they are. */
function itemsOnTheWeb(list: HTMLElement): Item[] {
  const isFlat = list.closest('li') === null && list.querySelector('ol, ul') === null;
  const said = [...list.childNodes].filter((node) => !isNothing(node));
  if (!isFlat || !said.every((node) => node instanceof Element && node.matches('li[data-aria-level]'))) return [];
  const items = [...list.children].map((item, at): Item => {
    const host = list.ownerDocument.createElement('div');
    host.append(...item.childNodes);
    const start = list.getAttribute('start');
    const number = start === null ? Number(item.getAttribute('data-aria-posinset') ?? at + 1) : Number(start) + at;
    const signs = list.localName === 'ol' ? [{ number, counting: countings.get(list.style.listStyleType) ?? '1' }] : [];
    return { host, level: Number(item.getAttribute('data-aria-level') ?? 1), signs };
  });
  const { parentElement: parent } = list;
  const isAlone = parent?.localName === 'div' && [...parent.childNodes].every((node) => node === list || isNothing(node));
  (isAlone ? parent : list).replaceWith(...items.map(({ host }) => host));
  return items;
}

function newList(body: HTMLElement, sign: Sign | undefined): HTMLElement {
  const list = body.ownerDocument.createElement(sign ? 'ol' : 'ul');
  if (sign && sign.number !== 1) list.setAttribute('start', String(sign.number));
  if (sign && sign.counting !== '1') list.setAttribute('type', sign.counting);
  return list;
}

/** As letters hold them: the kind of counting at the list, where programs on the web write it at each item; an item that is but a list, within the one above. */
export function straightenLists(body: HTMLElement): void {
  for (const list of body.querySelectorAll<HTMLElement>('ol')) {
    const style = list.style.listStyleType || (list.querySelector<HTMLElement>(':scope > li')?.style.listStyleType ?? '');
    const counting = countings.get(style);
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
