'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { openPdf } from './pdf-document.ts';

const mostPages = 200;
const widest = 1000;

/** A PDF as pictures of its pages. */
export function PdfPages({ address, name }: { address: string; name: string }) {
  const text = useTranslations('mail.read.viewer');
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const stop = new AbortController();
    drawPdf(address, name, element, stop.signal).then(
      () => setState('shown'),
      () => setState(stop.signal.aborted ? 'loading' : 'failed'),
    );
    return () => {
      stop.abort();
      element.replaceChildren();
    };
  }, [address, name]);
  return (
    <>
      {state === 'failed' ? <p role="alert">{text('failed')}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div ref={holder} className="viewer-pdf" aria-busy={state === 'loading'} tabIndex={0} role="document" aria-label={name} />
    </>
  );
}

async function drawPdf(address: string, name: string, holder: HTMLElement, stop: AbortSignal): Promise<void> {
  const task = await openPdf(address);
  if (stop.aborted) return void task.destroy();
  stop.addEventListener('abort', () => void task.destroy());
  const document = await task.promise;
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const pages = Math.min(document.numPages, mostPages);
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        void draw(target as HTMLCanvasElement).catch(() => undefined);
      }
    },
    { root: holder, rootMargin: '800px' },
  );
  stop.addEventListener('abort', () => observer.disconnect());
  const draw = async (canvas: HTMLCanvasElement) => {
    const page = await document.getPage(Number(canvas.dataset['page']));
    const natural = page.getViewport({ scale: 1 });
    const width = Math.min(widest, Math.max(200, holder.clientWidth - 32));
    const viewport = page.getViewport({ scale: (width / natural.width) * scale });
    canvas.width = Math.ceil(viewport.width);
    canvas.height = Math.ceil(viewport.height);
    canvas.style.width = `${Math.round(width)}px`;
    canvas.style.height = 'auto';
    await page.render({ canvas, viewport }).promise;
  };
  for (let number = 1; number <= pages && !stop.aborted; number++) {
    const canvas = window.document.createElement('canvas');
    canvas.dataset['page'] = String(number);
    canvas.role = 'img';
    canvas.ariaLabel = `${name}, ${number} / ${document.numPages}`;
    canvas.width = 600;
    canvas.height = 840;
    holder.append(canvas);
    if (number === 1) await draw(canvas);
    else observer.observe(canvas);
  }
}
