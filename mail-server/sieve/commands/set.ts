import { compileVariable, VARIABLE_NAME } from '../compile/compile-text.ts';
import type { CommandSpecification } from '../compile/specification.ts';
import type { TagSpecification } from '../compile/syntax-of-call.ts';
import { asciiLower, asciiUpper } from '../match/comparator.ts';

interface Modifier {
  precedence: number;
  extension?: string;
  apply(value: string): string;
}

/** RFC 5229 section 4.1, :encodeurl of RFC 5435, :quoteregex of the regex draft. */
const MODIFIERS: Record<string, Modifier> = {
  lower: { precedence: 40, apply: asciiLower },
  upper: { precedence: 40, apply: asciiUpper },
  lowerfirst: { precedence: 30, apply: (value) => asciiLower(value.slice(0, 1)) + value.slice(1) },
  upperfirst: { precedence: 30, apply: (value) => asciiUpper(value.slice(0, 1)) + value.slice(1) },
  quotewildcard: { precedence: 20, apply: (value) => value.replace(/[*?\\]/g, '\\$&') },
  quoteregex: { precedence: 20, extension: 'regex', apply: (value) => value.replace(/[\\^$.|?*+(){}[\]]/g, '\\$&') },
  encodeurl: { precedence: 15, extension: 'enotify', apply: encodeUrl },
  length: { precedence: 10, apply: (value) => String([...value].length) },
};

/** Tags of set and extracttext; of one precedence only one may stand. */
export const MODIFIER_TAGS: Record<string, TagSpecification> = Object.fromEntries(
  Object.entries(MODIFIERS).map(([name, { precedence, extension }]) => [
    name,
    { group: `modifier of precedence ${precedence}`, ...(extension === undefined ? {} : { extension }) },
  ]),
);

/** The modifiers of a call one behind the other, highest precedence first; each result is no longer than a variable may be. */
export function compileModifiers(has: (name: string) => boolean): (value: string, cut: (value: string) => string) => string {
  const chosen = Object.entries(MODIFIERS).flatMap(([name, modifier]) => (has(name) ? [modifier] : []));
  chosen.sort((a, b) => b.precedence - a.precedence);
  return (value, cut) => chosen.reduce((result, { apply }) => cut(apply(result)), cut(value));
}

export const set: CommandSpecification = {
  extensions: ['variables'],
  tags: MODIFIER_TAGS,
  positional: ['string', 'string'],
  compile(call) {
    const [given] = call.node.arguments.filter(({ kind }) => kind !== 'tag');
    const name = given?.kind === 'string' ? given.value : '';
    const line = given?.line ?? call.line;
    if (!VARIABLE_NAME.test(name)) {
      call.fault(`'${name.slice(0, 100)}' is not the name of a variable`, line);
      return () => undefined;
    }
    const value = call.text(1);
    const modify = compileModifiers((tag) => call.has(tag));
    const variable = compileVariable(call.compiler, name, line);
    if (variable === null) return () => undefined;
    return (run) => {
      run.set(
        variable,
        modify(value.read(run), (text) => run.cut(text)),
        call.line,
      );
      return undefined;
    };
  },
};

/** RFC 3986 section 2.1: all but unreserved characters, byte by byte. */
function encodeUrl(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
