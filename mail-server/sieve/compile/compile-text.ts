import type { StringNode } from '../language/syntax.ts';
import type { Run } from '../run/run.ts';
import type { Compiling } from './compiling.ts';
import { fixed, type Text } from './program.ts';
import { decodeEncodedCharacters } from './encoded-characters.ts';
import type { Variable } from './variable.ts';

/** Replaces `${hex: …}` where encoded-character is in use, then cuts the string at its variables where variables are (RFC 5229 section 3). */
export function compileText(compiler: Compiling, node: StringNode): Text {
  const { line } = node;
  let source = node.value;
  if (compiler.uses('encoded-character') && source.includes('${')) {
    const decoded = decodeEncodedCharacters(source);
    if (typeof decoded !== 'string') compiler.fault(line, decoded.sentence);
    else source = decoded;
  }
  if (!compiler.uses('variables') || !source.includes('${')) return fixed(source, line);
  return withVariables(compiler, source, line);
}

function withVariables(compiler: Compiling, source: string, line: number): Text {
  const pieces: ((run: Run) => string)[] = [];
  let from = 0;
  for (const match of source.matchAll(REFERENCE)) {
    const read = reference(compiler, match[1] ?? '', line);
    const before = source.slice(from, match.index);
    if (before !== '') pieces.push(() => before);
    if (read !== null) pieces.push(read);
    from = match.index + match[0].length;
  }
  if (from === 0) return fixed(source, line);
  const rest = source.slice(from);
  if (rest !== '') pieces.push(() => rest);
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return { constant: null, line, read: only };
  return { constant: null, line, read: (run) => run.join(pieces) };
}

function reference(compiler: Compiling, name: string, line: number): ((run: Run) => string) | null {
  if (/^\d/.test(name)) {
    const index = Number(name);
    if (index >= MATCH_VALUES) compiler.fault(line, `there are no more than ${MATCH_VALUES} match values, so \${${name}} has none`);
    return (run) => run.matchValue(index);
  }
  const variable = compileVariable(compiler, name, line);
  return variable === null ? null : (run) => run.scope(variable).get(variable.name) ?? '';
}

/** A variable by its name, `global.` in front of those of `include`. Tells of namespaces that are not there and answers null. */
export function compileVariable(compiler: Compiling, given: string, line: number): Variable | null {
  const name = given.toLowerCase();
  const dot = name.indexOf('.');
  if (dot < 0) {
    const global = compiler.globals.has(name);
    if (!global && !compiler.locals.has(name)) {
      compiler.locals.add(name);
      const { variables } = compiler.limits;
      if (compiler.locals.size > variables) compiler.fault(line, `there are more than ${variables} variables`);
    }
    return { name, global };
  }
  if (name.slice(0, dot) === 'global' && compiler.uses('include')) return { name: name.slice(dot + 1), global: true };
  compiler.fault(line, `there is no namespace of variables '${name.slice(0, dot)}' here`);
  return null;
}

/** an identifier with its namespaces, or the number of a match value */
const REFERENCE = /\$\{([A-Za-z_]\w*(?:\.[A-Za-z_0-9]\w*)*|\d+)\}/g;
/** a name that `set` and `global` may be given */
export const VARIABLE_NAME = /^(?=.{1,64}$)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const MATCH_VALUES = 33;
