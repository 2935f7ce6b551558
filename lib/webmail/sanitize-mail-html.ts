import sanitize from 'sanitize-html';
import { safeStyleAttribute, safeStyleSheet } from './safe-css.ts';

export interface SanitizedHtml {
  html: string;
  /** remote pictures that were not loaded */
  blockedImages: number;
  /** pictures of a pixel or two, taken out for good */
  removedTrackers: number;
}

export interface SanitizeOptions {
  /** address of an inline picture by its Content-ID; null if there is none */
  inlineImage: (contentId: string) => string | null;
  /** address a remote picture is loaded from, or null while they are blocked */
  remoteImage: ((url: string) => string | null) | null;
}

const text =
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code dd del dfn div dl dt em figcaption figure font footer ' +
  'h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub sup tt u ul var wbr';
const tables = 'col colgroup table tbody td tfoot th thead tr';
const everywhere = ['style', 'class', 'dir', 'lang', 'title', 'align', 'valign', 'bgcolor', 'width', 'height', 'color'];

/**
 * Rebuilds the HTML of a mail from an allow list of elements, attributes and CSS. What comes out is shown in a frame without script
 * and with its own Content-Security-Policy (docs/decisions/005-html-mail.md): three walls, each of which holds alone.
 */
export function sanitizeMailHtml(source: string, options: SanitizeOptions): SanitizedHtml {
  let blockedImages = 0;
  let removedTrackers = 0;

  const image = (attributes: sanitize.Attributes): sanitize.Attributes | null => {
    const source = (attributes['src'] ?? '').trim();
    if (/^cid:/i.test(source)) {
      const address = options.inlineImage(decodeLoosely(source.slice(4)));
      return address ? { ...attributes, src: address } : without(attributes, 'src');
    }
    if (/^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/=\s]*$/i.test(source)) return attributes;
    if (!/^(https?:)?\/\//i.test(source)) return without(attributes, 'src');
    if (isTracker(attributes)) {
      removedTrackers += 1;
      return null;
    }
    const address = options.remoteImage?.(source.startsWith('//') ? `https:${source}` : source) ?? null;
    if (address) return { ...attributes, src: address };
    blockedImages += 1;
    return without(attributes, 'src');
  };

  const html = sanitize(source, {
    allowedTags: [...text.split(' '), ...tables.split(' ')],
    allowedAttributes: {
      '*': everywhere,
      a: ['href', 'name', 'target', 'rel'],
      img: ['src', 'alt', 'border', 'hspace', 'vspace'],
      font: ['face', 'size'],
      ol: ['start', 'type'],
      ul: ['type'],
      li: ['value'],
      table: ['border', 'cellpadding', 'cellspacing', 'frame', 'rules', 'summary'],
      td: ['colspan', 'rowspan', 'nowrap', 'headers', 'scope'],
      th: ['colspan', 'rowspan', 'nowrap', 'headers', 'scope'],
      col: ['span'],
      colgroup: ['span'],
      blockquote: ['type', 'cite'],
      hr: ['noshade', 'size'],
      del: ['datetime'],
      ins: ['datetime'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    // What comes out of `image` is ours: data of a known type, or an address of our own routes.
    allowedSchemesByTag: { img: ['data'] },
    allowedSchemesAppliedToAttributes: ['href', 'src', 'cite'],
    allowProtocolRelative: false,
    nestingLimit: 100,
    disallowedTagsMode: 'discard',
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'svg',
      'math',
      'template',
      'iframe',
      'object',
      'xmp',
      'plaintext',
    ],
    parseStyleAttributes: false,
    transformTags: {
      '*': (tagName, attributes) => ({ tagName, attribs: withSafeStyle(attributes) }),
      a: (tagName, attributes) => ({
        tagName,
        attribs: { ...withSafeStyle(withAbsoluteLink(attributes)), target: '_blank', rel: 'noopener noreferrer nofollow' },
      }),
      img: (tagName, attributes) => {
        const kept = image(withSafeStyle(attributes));
        return kept === null ? { tagName: 'removed-tracker', attribs: {} } : { tagName, attribs: kept };
      },
    },
  });
  return { html: styleElement(source) + html, blockedImages, removedTrackers };
}

function withSafeStyle(attributes: sanitize.Attributes): sanitize.Attributes {
  const given = attributes['style'];
  if (given === undefined) return attributes;
  const style = safeStyleAttribute(given);
  return style ? { ...attributes, style } : without(attributes, 'style');
}

/** A relative link would lead into our own pages, since the frame has our address. */
const withAbsoluteLink = (attributes: sanitize.Attributes): sanitize.Attributes =>
  /^\s*(https?:|mailto:|tel:)/i.test(attributes['href'] ?? '') ? attributes : without(attributes, 'href');

function without(attributes: sanitize.Attributes, name: string): sanitize.Attributes {
  const { [name]: _, ...rest } = attributes;
  return rest;
}

/** A picture that nobody can see only tells the sender that the letter was opened. */
function isTracker(attributes: sanitize.Attributes): boolean {
  const tiny = (value: string | undefined) => value !== undefined && /^\s*[0-2](px)?\s*$/.test(value);
  const style = (attributes['style'] ?? '').toLowerCase().replaceAll(' ', '');
  return (
    (tiny(attributes['width']) && tiny(attributes['height'])) ||
    /(^|;)display:none/.test(style) ||
    (/(^|;)(max-)?width:[0-2]px/.test(style) && /(^|;)(max-)?height:[0-2]px/.test(style))
  );
}

const stylePattern = /<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi;

function styleElement(source: string): string {
  const css = [...source.replace(/<!--[\s\S]*?-->/g, '').matchAll(stylePattern)]
    .slice(0, 20)
    .map((match) => safeStyleSheet(match[1] ?? ''))
    .join('');
  // Nothing in it can close the element: the selector and value filters let no "<" through.
  return css && !css.includes('<') ? `<style>${css}</style>` : '';
}

const decodeLoosely = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};
