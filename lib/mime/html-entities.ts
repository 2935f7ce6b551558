import { Tokenizer } from 'htmlparser2';

/** All that can be a reference, and the sign by which a value of an attribute knows that it is none: "?a=1&copy=2". */
const references = /&(?:#[xX]?[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*)[;=]?/g;

/**
 * Replaces character references by the rules of the parser that shows the letter, names without a semicolon too ("&uumlber"): what is found is
 * what is seen. What is none stays. The result has no NUL and no lone surrogate. Linear time.
 */
export const decodeHtmlEntities = (text: string): string =>
  text.includes('&') ? text.replace(references, (reference) => decoded(reference, inText, reference)) : text;

/** The value of an attribute, in which a name without a semicolon before a letter, a digit or "=" is none. */
export const decodeHtmlAttribute = (value: string): string =>
  value.includes('&') ? value.replace(references, (reference) => decoded(reference, inValue, `<a b="${reference}">`)) : value;

/** A letter has few, many times: the short ones are kept. */
const inText = new Map<string, string>();
const inValue = new Map<string, string>();
const longestKept = 10;
const mostKept = 2000;

function decoded(reference: string, kept: Map<string, string>, source: string): string {
  const known = kept.get(reference);
  if (known !== undefined) return known;
  const result = readBy(source);
  if (reference.length <= longestKept && kept.size < mostKept) kept.set(reference, result);
  return result;
}

function readBy(text: string): string {
  source = text;
  result = '';
  tokenizer.reset();
  tokenizer.write(text);
  tokenizer.end();
  return result;
}

let source = '';
let result = '';
const piece = (start: number, end: number): void => {
  result += source.slice(start, end);
};
const character = (point: number): void => {
  result += String.fromCodePoint(point);
};
const nothing = (): void => {};
/** one for all: read is one after the other */
const tokenizer = new Tokenizer(
  { decodeEntities: true },
  {
    ontext: piece,
    ontextentity: character,
    onattribdata: piece,
    onattribentity: character,
    onattribend: nothing,
    onattribname: nothing,
    oncdata: nothing,
    onclosetag: nothing,
    oncomment: nothing,
    ondeclaration: nothing,
    onend: nothing,
    onopentagend: nothing,
    onopentagname: nothing,
    onprocessinginstruction: nothing,
    onselfclosingtag: nothing,
  },
);
