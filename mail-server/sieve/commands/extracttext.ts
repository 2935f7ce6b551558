import { compileVariable, VARIABLE_NAME } from '../compile/compile-text.ts';
import type { CommandSpecification } from '../compile/specification.ts';
import { readableText } from '../letter/body-texts.ts';
import { compileModifiers, MODIFIER_TAGS } from './set.ts';

/** RFC 5703 section 7: text of the part that foreverypart is at, into a variable. */
export const extracttext: CommandSpecification = {
  extensions: ['extracttext'],
  tags: { ...MODIFIER_TAGS, first: { argument: 'number' } },
  positional: ['string'],
  compile(call) {
    const { compiler } = call;
    const name = call.text(0);
    const first = call.tagNumber('first');
    if (compiler.loops.length === 0) call.fault('extracttext may only stand inside foreverypart');
    if (!compiler.uses('variables')) call.fault('the extracttext command needs require "variables"');
    if (name.constant === null || !VARIABLE_NAME.test(name.constant))
      call.fault('extracttext must be told the name of a variable', name.line);
    const modify = compileModifiers((tag) => call.has(tag));
    const variable = compileVariable(compiler, name.constant ?? '', name.line);
    if (variable === null) return () => undefined;
    return (run) => {
      const { part, letter } = run;
      const text = part === null ? '' : readableText(letter, part);
      const wanted = first === null ? text : [...text.slice(0, first * 2)].slice(0, first).join('');
      run.set(
        variable,
        modify(wanted, (value) => run.cut(value)),
        call.line,
      );
      return undefined;
    };
  },
};
