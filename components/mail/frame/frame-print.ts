import { ensureContrastOnPaper } from './frame-contrast.ts';
import { letterStyle, wideGivesWay } from './letter-style.ts';
import { placeMissingPictures } from './missing-pictures.ts';

/**
 * Paper has no frames: what stands in one is cut at a page's edge or left out. While the page is printed, the letter stands in the page
 * itself, behind a shadow root, where its styles reach nothing else. It is the same sanitised HTML; the page's own policy lets nothing in
 * it run.
 */
export function standInPageForPrint(frame: HTMLIFrameElement, html: () => string): () => void {
  let copy: HTMLElement | null = null;
  const begin = (): void => {
    if (copy || !frame.contentDocument) return;
    copy = document.createElement('div');
    copy.className = 'print-letter';
    copy.style.colorScheme = 'light';
    const shadow = copy.attachShadow({ mode: 'open' });
    const parsed = new DOMParser().parseFromString(html(), 'text/html');
    const sheet = new CSSStyleSheet();
    const own = [...parsed.querySelectorAll('style')].map((style) => style.textContent ?? '').join('\n');
    for (const style of parsed.querySelectorAll('style')) style.remove();
    sheet.replaceSync(`${baseStyle}\n${own}`);
    shadow.adoptedStyleSheets = [sheet];
    const letter = shadow.appendChild(document.createElement('div'));
    letter.append(...document.importNode(parsed.body, true).childNodes);
    takeOverPictures(frame.contentDocument, shadow);
    frame.after(copy);
    placeMissingPictures(shadow).look();
    asHighAsPictures(letter);
    // what is not laid out has no colours to look at
    copy.style.display = 'block';
    ensureContrastOnPaper(letter);
    copy.style.display = '';
  };
  const end = (): void => {
    copy?.remove();
    copy = null;
  };
  window.addEventListener('beforeprint', begin);
  window.addEventListener('afterprint', end);
  return () => {
    window.removeEventListener('beforeprint', begin);
    window.removeEventListener('afterprint', end);
    end();
  };
}

/**
 * In the frame a picture alone in a cell is as high as itself (lib/webmail/html/letter-doctype.ts); the page that prints has another doctype, where
 * a picture cut into pieces has gaps. Cells around others are not looked at: no cell is read twice.
 */
function asHighAsPictures(letter: HTMLElement): void {
  for (const cell of letter.querySelectorAll<HTMLElement>('td, th')) {
    if (cell.querySelector('table, div, p') || !cell.querySelector('img') || /[^\t\n\r ]/.test(cell.textContent ?? '')) continue;
    cell.style.setProperty('font-size', '0', 'important');
    cell.style.setProperty('line-height', '0', 'important');
  }
}

const mostPixels = 4_000_000;

/** A browser prints what is there now and waits for no picture: those that the frame shows go along as data. */
function takeOverPictures(from: Document, to: ShadowRoot): void {
  const shown = new Map([...from.images].map((image) => [image.getAttribute('src'), image]));
  for (const image of to.querySelectorAll('img')) {
    const source = shown.get(image.getAttribute('src'));
    if (!source?.complete || source.naturalWidth === 0 || source.src.startsWith('data:')) continue;
    const { naturalWidth, naturalHeight } = source;
    const scale = Math.min(1, Math.sqrt(mostPixels / (naturalWidth * naturalHeight)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(naturalHeight * scale));
    canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
    if (scale < 1 && !image.hasAttribute('width')) image.width = naturalWidth;
    image.loading = 'eager';
    image.src = canvas.toDataURL();
  }
}

const baseStyle = `:host{display:block;color-scheme:light;color:#000;font:400 11pt/1.5 "Hanken Grotesk Variable",system-ui,sans-serif;overflow-wrap:break-word}
img{max-width:100%;break-inside:avoid}img[data-wide=very]{max-width:100%!important}td[data-wide],th[data-wide]{min-width:0!important}table{max-width:100%}tr:not(:has(table,p,ul,ol,h1,h2,h3)){break-inside:avoid}pre{white-space:pre-wrap;font-family:"Atkinson Hyperlegible Mono Variable",monospace;font-size:.9em}
h1,h2,h3{break-after:avoid}p{orphans:3;widows:3}blockquote{margin:0 0 0 2px;padding-left:14px;border-left:2px solid #bbb}
${letterStyle}
${wideGivesWay}`;
