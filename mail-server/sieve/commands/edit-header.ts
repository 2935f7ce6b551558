import type { CommandSpecification } from '../compile/specification.ts';
import { Header } from '../letter/header.ts';
import { isFieldName } from '../letter/field-name.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';
import { compileIndex } from '../tests/mime-options.ts';

/** RFC 5293 section 4. */
export const addheader: CommandSpecification = {
  extensions: ['editheader'],
  tags: { last: {} },
  positional: ['string', 'string'],
  compile(call) {
    const name = call.text(0);
    const value = call.text(1);
    const last = call.has('last');
    const noName = (given: string): string => `'${given.slice(0, 100)}' is not the name of a header field`;
    if (name.constant !== null && !isFieldName(name.constant)) call.fault(noName(name.constant), name.line);
    if (value.constant?.includes('\0')) call.fault(NUL, value.line);
    return (run) => {
      const given = name.read(run);
      if (!isFieldName(given)) return run.fail(call.line, noName(given));
      const written = value.read(run);
      if (written.includes('\0')) return run.fail(call.line, NUL);
      const text = written.replace(/[\r\n]+([ \t]?)/g, (_, blank: string) => blank || ' ').trim();
      const field = { name: given, key: given.toLowerCase(), value: Buffer.from(text).toString('latin1'), original: false };
      run.edit(new Header(last ? [...run.header.fields, field] : [field, ...run.header.fields]), call.line);
      return undefined;
    };
  },
};

/** RFC 5293 section 5. Several names at once are Pigeonhole's. */
export const deleteheader: CommandSpecification = {
  extensions: ['editheader'],
  tags: { ...MATCHING, index: { argument: 'number' }, last: {} },
  positional: ['list', 'list'],
  optional: 'last',
  compile(call) {
    const names = call.list(0);
    const values = call.positional.length > 1 ? call.list(1) : null;
    const index = compileIndex(call);
    const matching = values === null ? null : compileMatching(call, values);
    for (const [at, name] of (names.constant ?? []).entries()) {
      if (!isFieldName(name)) call.fault(`'${name.slice(0, 100)}' is not the name of a header field`, names.lines[at]);
    }
    return (run) => {
      const { header } = run;
      const named = names.read(run).filter((name) => !PROTECTED_FROM_DELETING.has(name.toLowerCase()));
      const gone = new Set(
        named
          .flatMap((name) => index(header.all(name)))
          .filter((field) => matching === null || matching.check(run, [header.text(field)], call.line)),
      );
      run.spend(1 + (header.fields.length >> 4));
      if (gone.size > 0) run.edit(new Header(header.fields.filter((field) => !gone.has(field))), call.line);
      return undefined;
    };
  },
};

const NUL = 'a header field must not hold NUL';

/** Traces of the way and of who was asked stay what they are (RFC 5293 section 6). */
const PROTECTED_FROM_DELETING = new Set(['received', 'auto-submitted']);
