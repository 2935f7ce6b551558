'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { misleadingHost } from '#lib/webmail/misleading-link.ts';

interface Props {
  /** sanitised by the server */
  html: string;
  title: string;
  showQuote: boolean;
  /** told whether there is quoted text that can be folded */
  onQuote: (found: boolean) => void;
  onKey: (event: KeyboardEvent) => void;
}

const frameAddress = '/api/mail/frame';
const highest = 60_000;
const quotes =
  'blockquote[type=cite], .gmail_quote, .yahoo_quoted, .moz-cite-prefix, blockquote.protonmail_quote, div.WordSection1 ~ blockquote';

/**
 * The HTML of a mail in a frame of its own. The frame has our address, so that we can measure it and fold quotes, but may run no script
 * at all (sandbox and policy), so nothing in it can use that: docs/decisions/005-html-mail.md.
 */
export function MailFrame({ html, title, showQuote, onQuote, onKey }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  const [height, setHeight] = useState(120);
  const text = useTranslations('mail.read');

  useEffect(() => {
    const document = frame.current?.contentDocument;
    if (!ready || !document?.body) return;
    document.documentElement.lang = window.document.documentElement.lang;
    addFonts(document);
    document.body.innerHTML = html;
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      const leadsTo = misleadingHost(link.textContent ?? '', link.href);
      if (leadsTo) link.after(hint(document, text('leadsTo', { host: leadsTo })));
    }
    onQuote(foldableQuotes(document).length > 0);
    const measure = () => setHeight(Math.min(highest, Math.max(40, Math.ceil(document.body.scrollHeight))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    document.addEventListener('keydown', onKey);
    return () => {
      observer.disconnect();
      document.removeEventListener('keydown', onKey);
    };
  }, [html, ready, onQuote, onKey, text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new html has new quotes
  useEffect(() => {
    const document = frame.current?.contentDocument;
    if (ready && document) for (const quote of foldableQuotes(document)) quote.hidden = !showQuote;
  }, [showQuote, ready, html]);

  return (
    <iframe
      ref={frame}
      className="mail-frame"
      title={title}
      src={frameAddress}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      style={{ height }}
      onLoad={() => setReady(true)}
    />
  );
}

/** Where a link really leads, behind a text that says otherwise. Styled on the spot, so that no rule of the mail hides it. */
function hint(document: Document, words: string): HTMLElement {
  const element = document.createElement('small');
  element.textContent = ` (${words}) `;
  element.style.cssText =
    'all:initial!important;display:inline!important;font:560 12px system-ui,sans-serif!important;color:#7a4a00!important;background:#fff!important';
  return element;
}

/** Quotes that are not the whole message. */
function foldableQuotes(document: Document): HTMLElement[] {
  const found = [...document.body.querySelectorAll<HTMLElement>(quotes)].filter((quote) => !quote.parentElement?.closest(quotes));
  const quoted = found.reduce((length, quote) => length + (quote.textContent ?? '').trim().length, 0);
  return (document.body.textContent ?? '').trim().length - quoted > 0 ? found : [];
}

/** The house's type in the frame too, from the same files. */
function addFonts(target: Document): void {
  if (target.getElementById('house-fonts')) return;
  const rules: string[] = [];
  for (const sheet of document.styleSheets) {
    try {
      collectFontRules(sheet.cssRules, sheet.href ?? document.baseURI, rules);
    } catch {
      // a style sheet of a browser extension
    }
  }
  const style = target.createElement('style');
  style.id = 'house-fonts';
  style.textContent = rules.join('\n');
  target.head.append(style);
}

function collectFontRules(list: CSSRuleList, base: string, rules: string[]): void {
  for (const rule of list) {
    if (rule instanceof CSSFontFaceRule && rule.cssText.includes('Hanken')) {
      rules.push(rule.cssText.replace(/url\("([^"]+)"\)/g, (_, address: string) => `url("${new URL(address, base).href}")`));
    } else if ('cssRules' in rule) collectFontRules(rule.cssRules as CSSRuleList, base, rules);
  }
}
