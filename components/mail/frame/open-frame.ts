import { addFonts } from './frame-fonts.ts';

/**
 * The documents that letters are shown in. One is kept loaded behind the page, so that a letter that comes is put in at once instead of waiting
 * for an empty document first. Each holds one letter and is never used again.
 */

const frameAddress = '/api/mail/frame?v=13';
/** of the document there (app/api/mail/frame/route.ts) */
const emptyTitle = 'E-Mail';

/** what stands beside a sender's name, and nowhere in the list */
const senderType = '1em "Atkinson Hyperlegible Mono Variable"';

/** A browser that cannot move a frame without loading it anew (moveBefore, WHATWG DOM) loads each where it is wanted. */
interface MovesWhole {
  moveBefore?: (node: Node, before: Node | null) => void;
}

let spare: HTMLIFrameElement | null = null;
const loaded = new WeakSet<HTMLIFrameElement>();

/** Loads a frame for the next letter, when nothing else is to do. */
export function readyFrame(): void {
  if (spare || !('moveBefore' in document.body)) return;
  const frame = emptyFrame();
  spare = frame;
  frame.hidden = true;
  frame.tabIndex = -1;
  const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 500));
  idle(() => {
    document.body.append(frame);
    // a type that comes while the first letter is drawn has the whole page laid out once more
    document.fonts.load(senderType).catch(() => undefined);
  });
}

/** Puts a frame into the page; `onReady` when it can be written to, at once where one was loaded. Answers how to take it out again. */
export function openFrame(place: HTMLElement, onReady: (frame: HTMLIFrameElement) => void): () => void {
  const ahead = spare && loaded.has(spare) ? spare : null;
  if (ahead) spare = null;
  // an extension of the browser may have taken it out
  const kept = ahead?.isConnected ? ahead : null;
  const frame = kept ?? emptyFrame();
  frame.className = 'mail-frame';
  if (kept) {
    (place as MovesWhole).moveBefore?.(kept, null);
    kept.hidden = false;
    kept.removeAttribute('tabindex');
    onReady(kept);
    readyFrame();
    return () => frame.remove();
  }
  let again: ReturnType<typeof setTimeout> | undefined;
  frame.addEventListener('load', () => {
    if (isOurs(frame)) onReady(frame);
    // nothing answered: the letter would stay white though the connection is back
    else again = setTimeout(() => frame.contentWindow?.location.replace(frameAddress), againMs);
  });
  place.append(frame);
  readyFrame();
  return () => {
    clearTimeout(again);
    frame.remove();
  };
}

const againMs = 2_000;

/** Without a connection it is a page of the browser's own, while the server starts it may be one of a proxy's. */
const isOurs = (frame: HTMLIFrameElement): boolean => frame.contentDocument?.title === emptyTitle;

function emptyFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin allow-popups allow-popups-to-escape-sandbox');
  frame.referrerPolicy = 'no-referrer';
  frame.style.height = '120px';
  frame.addEventListener('load', () => {
    if (frame.contentDocument && isOurs(frame)) {
      addFonts(frame.contentDocument);
      loaded.add(frame);
    } else if (frame === spare) {
      frame.remove();
      spare = null;
    }
  });
  frame.src = frameAddress;
  return frame;
}
