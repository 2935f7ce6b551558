'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { decodeLoosely } from '#lib/addresses/parse-url.ts';
import { misleadingHost, type OwnHouse } from '#lib/webmail/html/misleading-link.ts';
import { refuseDroppedFiles } from '../dropped-files.ts';
import { keepGroundsApart } from './dark-grounds.ts';
import { keepGroundOfPictures } from './dark-pictures.ts';
import { ensureContrast } from './frame-contrast.ts';
import { uncutText } from './frame-lines.ts';
import { keepColoursOnPictures } from './frame-pictures.ts';
import { fitWide } from './frame-width.ts';
import { placeMissingPictures } from './missing-pictures.ts';
import { openFrame } from './open-frame.ts';
import { pourLetter } from './pour-letter.ts';
import { standInPageForPrint } from './frame-print.ts';
import type { Scheme } from './letter-scheme.ts';

interface Props {
  /** sanitised by the server */
  html: string;
  title: string;
  /** the quotation at the end is folded */
  folded: boolean;
  scheme: Scheme;
  /** the page around it is dark, the letter is not: it lies on a white sheet */
  onSheet: boolean;
  onKey: (event: KeyboardEvent) => void;
  /** a link to an address of mail */
  onWrite: (mailto: string) => void;
  /** the first link that leads elsewhere than its text says, or null */
  onMisleading?: ((host: string | null) => void) | undefined;
  house?: OwnHouse | null | undefined;
}

/** What browsers can lay out; a letter that is longer scrolls in its frame. */
const highest = 4_000_000;

/**
 * The HTML of a mail in a frame of its own. The frame has our address, so that we can measure it and fold quotes, but may run no script
 * at all (sandbox and policy), so nothing in it can use that: docs/decisions/005-html-mail.md.
 */
export function MailFrame({ html, title, folded, scheme, onSheet, onKey, onWrite, onMisleading, house = null }: Props) {
  const place = useRef<HTMLDivElement>(null);
  /** when it can be written to */
  const [frame, setFrame] = useState<HTMLIFrameElement | null>(null);
  /** the html that came in pieces and stands there to its end: then its colours are looked at once more, each time that it comes */
  const [poured, setPoured] = useState('');
  const isFolded = useRef(folded);
  isFolded.current = folded;
  const text = useTranslations('mail.read');
  /** a letter is put in anew for a new letter, not for other words: what was corrected in it would be lost */
  const words = useRef(text);
  words.current = text;
  const ownHouse = useRef(house);
  ownHouse.current = house;

  useLayoutEffect(() => (place.current ? openFrame(place.current, setFrame) : undefined), []);

  useLayoutEffect(() => {
    if (!frame) return;
    frame.title = title;
    frame.classList.toggle('light-sheet', onSheet);
    frame.style.colorScheme = scheme;
  }, [frame, title, onSheet, scheme]);

  // before the next paint: an empty frame of some height would be seen for a moment
  useLayoutEffect(() => {
    const document = frame?.contentDocument;
    if (!frame || !document?.body) return;
    document.documentElement.lang = window.document.documentElement.lang;
    const pictures = placeMissingPictures(document);
    const hints = hintsAtLinks(document, ownHouse.current, (host) => words.current('leadsTo', { host }), onMisleading);
    let pieces = 0;
    setPoured('');
    const stopPouring = pourLetter(document, html, (isLast) => {
      pieces += 1;
      wrapLongLines(document);
      pictures.look();
      hints.look(isLast);
      foldTail(document, isFolded.current);
      if (!isLast) return;
      uncutText(document);
      if (pieces > 1) setPoured(html);
    });
    const measure = () => {
      fitWide(document);
      const needed = Math.ceil(document.body.scrollHeight);
      document.body.style.overflowY = needed > highest ? 'auto' : '';
      document.body.style.maxHeight = needed > highest ? `${highest}px` : '';
      frame.style.height = `${Math.min(highest, Math.max(40, needed))}px`;
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => {
      stopPouring();
      pictures.stop();
      observer.disconnect();
    };
  }, [html, frame, onMisleading]);

  useEffect(() => {
    const document = frame?.contentDocument;
    if (!document) return;
    const onClick = (event: MouseEvent) => follow(event, onWrite);
    document.addEventListener('keydown', onKey);
    document.addEventListener('click', onClick);
    const refuseNoMore = refuseDroppedFiles(document);
    return () => {
      refuseNoMore();
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('click', onClick);
    };
  }, [frame, onKey, onWrite]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new html has new quotes
  useLayoutEffect(() => {
    const document = frame?.contentDocument;
    if (document && foldTail(document, folded)) uncutText(document);
  }, [folded, frame, html]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new html has new colours, unfolded text too
  useLayoutEffect(() => {
    const document = frame?.contentDocument;
    if (!document?.body) return;
    document.documentElement.style.colorScheme = scheme;
    keepColoursOnPictures(document.body, scheme === 'dark');
    keepGroundsApart(document.body, scheme === 'dark');
    const stopPictures = keepGroundOfPictures(document.body, scheme === 'dark');
    const stopContrast = ensureContrast(document.body);
    return () => {
      stopPictures();
      stopContrast();
    };
  }, [scheme, frame, html, folded, onMisleading, poured === html]);

  useEffect(() => (frame ? standInPageForPrint(frame, () => html) : undefined), [frame, html]);

  return <div ref={place} />;
}

/** Addresses of mail are written to here, places in the letter are jumped to; everything else opens by itself, apart from us. */
function follow(event: MouseEvent, onWrite: (mailto: string) => void): void {
  const link = (event.target as Element | null)?.closest?.('a[href], area[href]');
  const href = link?.getAttribute('href') ?? '';
  if (!link || event.defaultPrevented) return;
  if (/^mailto:/i.test(href)) {
    event.preventDefault();
    onWrite(href);
  } else if (href.startsWith('#')) {
    event.preventDefault();
    const name = decodeLoosely(href.slice(1));
    const document = link.ownerDocument;
    const place = document.getElementById(name) ?? document.getElementsByName(name)[0];
    // where nothing is called so, "#top" is the beginning (WHATWG HTML section 7.4.6.3)
    (place ?? (/-top$/i.test(name) ? document.documentElement : null))?.scrollIntoView({ block: 'start' });
  }
}

/** Columns stay below each other; whole paragraphs in one line are no columns. */
function wrapLongLines(document: Document): void {
  for (const element of document.querySelectorAll('pre'))
    element.classList.toggle('wraps', longLine.test(element.textContent ?? '') && !element.style.whiteSpace);
}
const longLine = /[^\n]{200}/;

/** The quotation the server found at the end: an element, or all that follows one but footers. True where it comes to light by this. */
function foldTail(document: Document, folded: boolean): boolean {
  let unfolds = false;
  for (const element of document.querySelectorAll<HTMLElement>('[data-quote]:not([data-quote="footer"])')) {
    unfolds ||= element.hidden && !folded;
    element.hidden = folded;
    if (element.dataset['quote'] !== 'rest') continue;
    for (let at: Element | null = element; at && !at.classList.contains('mail-page'); at = at.parentElement) {
      for (let next = at.nextSibling; next; next = next.nextSibling) {
        if (next.nodeType === Node.TEXT_NODE && (next as Text).data.trim()) next = inElement(next);
        if (next.nodeType === Node.ELEMENT_NODE) (next as HTMLElement).hidden = folded;
      }
    }
  }
  for (const footer of document.querySelectorAll('[data-quote="footer"]'))
    for (let at = footer.closest<HTMLElement>('[hidden]'); at; at = at.parentElement?.closest<HTMLElement>('[hidden]') ?? null)
      at.hidden = false;
  return unfolds;
}

/** What stands in no element of its own cannot be hidden. */
function inElement(text: ChildNode): HTMLElement {
  const element = (text.ownerDocument ?? document).createElement('span');
  text.replaceWith(element);
  element.append(text);
  return element;
}

/** Says behind each link whose text names another host where it leads, as they come; and tells the first one. */
function hintsAtLinks(document: Document, house: OwnHouse | null, words: (host: string) => string, onMisleading: Props['onMisleading']) {
  let seen = 0;
  let first: string | null = null;
  return {
    look(isLast: boolean): void {
      const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')];
      // the words of the last one may be still to come
      const until = isLast ? links.length : links.length - 1;
      for (const link of links.slice(seen, until)) {
        const leadsTo = misleadingHost(link.textContent ?? '', link.href, house);
        if (leadsTo) link.after(hint(document, words(leadsTo)));
        first ??= leadsTo;
      }
      seen = Math.max(seen, until);
      onMisleading?.(first);
    },
  };
}

/** Where a link really leads, behind a text that says otherwise. Styled on the spot, so that no rule of the mail hides it. */
function hint(document: Document, words: string): HTMLElement {
  const element = document.createElement('small');
  element.textContent = ` (${words}) `;
  element.style.cssText =
    'all:initial!important;display:inline!important;font:560 12px system-ui,sans-serif!important;color-scheme:inherit!important;color:light-dark(#7a4a00,#f0c060)!important;background:light-dark(#fff,#1c202a)!important';
  return element;
}
