import { voidTags } from './html-tags.ts';
import type { Attributes } from './read-html.ts';
import { rebuildAttributes } from './rebuild-attributes.ts';
import { type CssOptions, saysElsewhere } from './safe-css.ts';
import { type QuoteKind, quoteKind } from './tail-quote.ts';

export interface RebuiltTag {
  written: string;
  /** its content is not displayed */
  unseen: boolean;
  quote: QuoteKind | null;
  /** wherever in the letter it stands, all of this is the same */
  everywhere: boolean;
}

/** A start tag as it may stay, and what it says of its content. `more`: written behind its attributes. */
export function rebuildTag(tag: string, attributes: Attributes, css: CssOptions, base: string | null, more: string): RebuiltTag {
  const style = attributes.get('style');
  const hidden = isHidden(attributes);
  return {
    written: `<${tag}${rebuildAttributes(tag, attributes, css, base)}${hidden ? ' hidden' : ''}${more}>`,
    unseen: !voidTags.has(tag) && isUnseen(attributes),
    quote: quoteKind(tag, attributes),
    // pictures are counted each time, and <base> may come behind a link
    everywhere: !attributes.has('background') && !attributes.has('href') && !saysElsewhere(style ?? ''),
  };
}

/** A style that says how it is displayed holds. */
const isHidden = (attributes: Attributes): boolean => attributes.has('hidden') && !/display/i.test(attributes.get('style') ?? '');

/** It is not displayed, with all that is in it. */
export const isUnseen = (attributes: Attributes): boolean => isHidden(attributes) || saysNone(attributes.get('style'));

/** The last of its declarations holds. */
const saysNone = (style: string | undefined): boolean =>
  style !== undefined && [...style.slice(0, 2000).matchAll(displays)].at(-1)?.[1]?.toLowerCase() === 'none';
const displays = /(?:^|;)\s{0,20}display\s{0,20}:\s{0,20}([a-z-]{1,20})/gi;
