import { compileVariable, VARIABLE_NAME } from '../compile/compile-text.ts';
import type { CommandSpecification } from '../compile/specification.ts';
import { splitFlags } from '../letter/flags.ts';

type Change = (before: readonly string[], given: readonly string[]) => readonly string[];

/** RFC 5232 section 3: on the internal variable, or on one of the script's. */
const changing = (change: Change): CommandSpecification => ({
  extensions: ['imap4flags'],
  positional: ['string', 'list'],
  optional: 'first',
  compile(call) {
    const named = call.positional.length === 2 ? call.text(0) : null;
    const given = call.list(call.positional.length - 1);
    if (named === null) {
      return (run) => {
        run.flags = change(run.flags, splitFlags(given.read(run)));
        return undefined;
      };
    }
    const name = named.constant ?? '';
    if (!call.compiler.uses('variables')) call.fault(`the ${call.node.name} command takes a variable only with require "variables"`);
    else if (!VARIABLE_NAME.test(name)) call.fault(`'${name.slice(0, 100)}' is not the name of a variable`, named.line);
    const variable = compileVariable(call.compiler, name, named.line);
    if (variable === null) return () => undefined;
    return (run) => {
      const before = splitFlags([run.scope(variable).get(variable.name) ?? '']);
      run.set(variable, change(before, splitFlags(given.read(run))).join(' '), call.line);
      return undefined;
    };
  },
});

export const setflag = changing((_, given) => given);
export const addflag = changing((before, given) => splitFlags([...before, ...given]));
export const removeflag = changing((before, given) => {
  const gone = new Set(given.map((flag) => flag.toLowerCase()));
  return before.filter((flag) => !gone.has(flag.toLowerCase()));
});
