'use client';

import type { RenderTask } from 'pdfjs-dist';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { openPdf } from './pdf-document.ts';
import { ViewerWait } from './viewer-wait.tsx';

const mostPages = 1000;
const widest = 1000;

type State = 'loading' | 'shown' | 'cut' | 'locked' | 'wrongPassword' | 'failed';

/** A PDF as pictures of its pages. */
export function PdfPages({ address, name }: { address: string; name: string }) {
  const text = useTranslations('mail.read.viewer');
  const [state, setState] = useState<State>('loading');
  const [key, setKey] = useState<{ password?: string }>({});
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const stop = new AbortController();
    const shown = (next: State) => {
      if (stop.signal.aborted) return;
      setState(next);
      // the field that was written into is gone
      if (key.password !== undefined) element.focus();
    };
    drawPdf({ address, name, ...key }, element, stop.signal).then(shown, (error: unknown) => {
      const isLocked = error instanceof Error && error.name === 'PasswordException';
      if (!stop.signal.aborted) setState(!isLocked ? 'failed' : key.password === undefined ? 'locked' : 'wrongPassword');
    });
    return () => {
      stop.abort();
      element.replaceChildren();
    };
  }, [address, name, key]);
  return (
    <>
      {state === 'failed' ? <p role="alert">{text('failed')}</p> : null}
      {state === 'locked' || state === 'wrongPassword' ? (
        <form className="viewer-lock" action={(data) => setKey({ password: String(data.get('password')) })}>
          <p role="alert">{text(state)}</p>
          <input className="input" name="password" type="password" autoComplete="off" aria-label={text('password')} />
          <Button kind="primary" type="submit">
            {text('unlock')}
          </Button>
        </form>
      ) : null}
      {state === 'loading' ? <ViewerWait /> : null}
      {state === 'cut' ? <p className="viewer-note">{text('pages', { count: mostPages })}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div ref={holder} className="viewer-pdf" aria-busy={state === 'loading'} tabIndex={0} role="document" aria-label={name} />
    </>
  );
}

interface Wish {
  address: string;
  name: string;
  password?: string;
}

/** Pages are drawn where they come into view, and given up where they leave it: each takes megabytes. */
async function drawPdf({ address, name, password }: Wish, holder: HTMLElement, stop: AbortSignal): Promise<State> {
  const task = await openPdf(address, password);
  const end = () => void task.destroy();
  if (stop.aborted) end();
  stop.addEventListener('abort', end);
  const document = await task.promise;
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const drawn = new Map<HTMLCanvasElement, { rendering?: RenderTask }>();
  const draw = async (canvas: HTMLCanvasElement) => {
    const turn: { rendering?: RenderTask } = {};
    drawn.set(canvas, turn);
    const page = await document.getPage(Number(canvas.dataset['page']));
    // out of view meanwhile, and perhaps in again: two would draw over each other
    if (drawn.get(canvas) !== turn) return;
    const natural = page.getViewport({ scale: 1 });
    const width = Math.min(widest, Math.max(200, holder.clientWidth - 32));
    const viewport = page.getViewport({ scale: (width / natural.width) * scale });
    canvas.width = Math.ceil(viewport.width);
    canvas.height = Math.ceil(viewport.height);
    canvas.style.width = `${Math.round(width)}px`;
    canvas.style.aspectRatio = `${canvas.width}/${canvas.height}`;
    turn.rendering = page.render({ canvas, viewport });
    await turn.rendering.promise;
  };
  const giveUp = (canvas: HTMLCanvasElement) => {
    drawn.get(canvas)?.rendering?.cancel();
    if (drawn.delete(canvas)) canvas.width = 0;
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const canvas = target as HTMLCanvasElement;
        if (!isIntersecting) giveUp(canvas);
        else if (!drawn.has(canvas)) void draw(canvas).catch(() => undefined);
      }
    },
    { root: holder, rootMargin: '1600px' },
  );
  stop.addEventListener('abort', () => observer.disconnect());
  const pages = Math.min(document.numPages, mostPages);
  for (let number = 1; number <= pages && !stop.aborted; number++) {
    const canvas = window.document.createElement('canvas');
    canvas.dataset['page'] = String(number);
    canvas.role = 'img';
    canvas.ariaLabel = `${name}, ${number} / ${document.numPages}`;
    canvas.width = 600;
    canvas.height = 840;
    holder.append(canvas);
    if (number === 1) await draw(canvas);
    observer.observe(canvas);
  }
  return document.numPages > mostPages ? 'cut' : 'shown';
}
