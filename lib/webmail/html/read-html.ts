import { Tokenizer } from 'htmlparser2';

export type Attributes = ReadonlyMap<string, string>;

export interface HtmlSink {
  /** `at`: where in the source its name ends; tags that are written alike come with the same `attributes` */
  open(tag: string, attributes: Attributes, at: number): void;
  close(tag: string): void;
  text(text: string): void;
  /** content of an element that holds no markup: style, title, script, textarea … */
  raw(tag: string, text: string): void;
}

const mostAttributes = 200;
const longestAttribute = 200_000;

/** A newsletter says `<td style="…">` a thousand times: what stands in a tag is read once. */
const mostAlike = 2000;
const longestAlike = 500;

/**
 * Reads HTML as browsers' tokenizers do (htmlparser2's, by the WHATWG standard): tags, attributes, references, comments of every broken
 * form. Trees are not built. Linear time.
 */
export function readHtml(source: string, sink: HtmlSink): void {
  let tag = '';
  let at = 0;
  let attributes = new Map<string, string>();
  /** how the tag is written, if it ends at the first ">"; and what a tag that was written so had, and so has this one */
  let written = '';
  let close = 0;
  let alike: Attributes | undefined;
  const read = new Map<string, Attributes>();
  let name = '';
  let value = '';
  let raw: { tag: string; text: string } | null = null;
  let text = '';

  const flush = (): void => {
    if (text !== '') sink.text(text);
    text = '';
  };
  const add = (piece: string): void => {
    if (raw) raw.text += piece;
    else text += piece;
  };
  const opened = (end: number): void => {
    if (rawElements.has(tag)) raw = { tag, text: '' };
    else sink.open(tag, alike ?? remembered(end), at);
    alike = undefined;
  };
  /** From the same letters the tokenizer makes the same, wherever they stand. */
  const remembered = (end: number): Attributes => {
    if (written !== '' && end === close && read.size < mostAlike) read.set(written, attributes);
    return attributes;
  };
  const ended = (): void => {
    if (raw) sink.raw(raw.tag, raw.text);
    raw = null;
  };
  const nothing = (): void => {};

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (start, end) => add(source.slice(start, end)),
      ontextentity: (point) => add(String.fromCodePoint(point)),
      onopentagname: (start, end) => {
        flush();
        tag = source.slice(start, Math.min(end, start + 100)).toLowerCase();
        at = end;
        close = source.indexOf('>', end);
        written = close < 0 || close - start > longestAlike ? '' : source.slice(start, close + 1);
        alike = read.get(written);
        if (!alike) attributes = new Map();
      },
      onattribname: (start, end) => {
        if (alike) return;
        name = source.slice(start, Math.min(end, start + 100)).toLowerCase();
        value = '';
      },
      onattribdata: (start, end) => {
        if (!alike && value.length < longestAttribute) value += source.slice(start, end);
      },
      onattribentity: (point) => {
        if (!alike) value += String.fromCodePoint(point);
      },
      onattribend: () => {
        if (!alike && attributes.size < mostAttributes && !attributes.has(name)) attributes.set(name, value);
      },
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag: (start, end) => {
        flush();
        ended();
        const closed = source.slice(start, Math.min(end, start + 100)).toLowerCase();
        if (!rawElements.has(closed)) sink.close(closed);
      },
      oncomment: nothing,
      oncdata: nothing,
      ondeclaration: nothing,
      onprocessinginstruction: nothing,
      onend: () => {
        flush();
        ended();
      },
    },
  );
  tokenizer.write(source);
  tokenizer.end();
}

const rawElements = new Set(['script', 'style', 'title', 'textarea', 'iframe', 'noembed', 'noframes', 'xmp']);
