'use client';

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { openPdf } from './pdf-document.ts';

/** One after the other, so that a letter with twenty of them stays quick to read. */
let last: Promise<unknown> = Promise.resolve();

const inTurn = <T,>(work: () => Promise<T>): Promise<T> => {
  const result = last.then(work, work);
  last = result.catch(() => undefined);
  return result;
};

const shownSize = 44;

/** The first page of a PDF, small; until it is drawn, and where it cannot be, what stands for its kind. Drawn when it comes into view. */
export function PdfThumbnail({ address, children }: { address: string; children: ReactNode }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    const element = canvas.current;
    const holder = element?.parentElement;
    if (!element || !holder) return;
    const stop = new AbortController();
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      inTurn(() => drawFirstPage(address, element, stop.signal)).then(
        () => setDrawn(!stop.signal.aborted),
        () => undefined,
      );
    });
    observer.observe(holder);
    return () => {
      stop.abort();
      observer.disconnect();
    };
  }, [address]);
  return (
    <span className="pdf-thumbnail">
      <canvas ref={canvas} className="thumbnail" hidden={!drawn} />
      {drawn ? null : children}
    </span>
  );
}

async function drawFirstPage(address: string, canvas: HTMLCanvasElement, stop: AbortSignal): Promise<void> {
  stop.throwIfAborted();
  const task = await openPdf(address);
  const end = () => void task.destroy();
  stop.addEventListener('abort', end);
  try {
    const page = await (await task.promise).getPage(1);
    stop.throwIfAborted();
    const natural = page.getViewport({ scale: 1 });
    const scale = (shownSize * Math.min(2, window.devicePixelRatio || 1)) / Math.min(natural.width, natural.height);
    const viewport = page.getViewport({ scale });
    canvas.width = Math.ceil(viewport.width);
    canvas.height = Math.ceil(viewport.height);
    await page.render({ canvas, viewport }).promise;
  } finally {
    stop.removeEventListener('abort', end);
    end();
  }
}
