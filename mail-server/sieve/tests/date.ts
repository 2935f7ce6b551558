import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import type { Call } from '../compile/call.ts';
import { datePart, parseZone, readDate } from '../letter/dates.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';
import type { Run } from '../run/run.ts';
import { compileIndex, INDEX } from './mime-options.ts';

const ZONE = { zone: { group: 'zone', argument: 'string' } } as const;

/** RFC 5260 section 4. */
export const date: TestSpecification = {
  extensions: ['date'],
  tags: { ...MATCHING, ...ZONE, originalzone: { group: 'zone' }, ...INDEX },
  positional: ['string', 'string', 'list'],
  compile(call) {
    const name = call.text(0);
    const part = compileDatePart(call, 1);
    const zone = compileZone(call);
    const index = compileIndex(call);
    // of several fields the first counts, unless :index names another one
    const chosen = <Of>(fields: readonly Of[]): readonly Of[] => (call.has('index') ? index(fields) : fields.slice(0, 1));
    const originalZone = call.has('originalzone');
    const matching = compileMatching(call, call.list(2));
    if (matching === null) return always(false);
    return test((run) => {
      if (datePart(part(run), 0, 0) === null) return false;
      const values = chosen(run.header.all(name.read(run))).flatMap((field) => {
        run.spend(STEPS_OF_A_DATE);
        const found = readDate(field.value);
        if (found === null) return [];
        return datePart(part(run), found.ms, originalZone ? found.zoneMinutes : zone(run, found.ms)) ?? [];
      });
      return matching.check(run, values, call.line);
    });
  },
};

/** RFC 5260 section 5. */
export const currentdate: TestSpecification = {
  extensions: ['date'],
  tags: { ...MATCHING, ...ZONE },
  positional: ['string', 'list'],
  compile(call) {
    const part = compileDatePart(call, 0);
    const zone = compileZone(call);
    const matching = compileMatching(call, call.list(1));
    if (matching === null) return always(false);
    return test((run) => {
      const ms = run.environment.now.getTime();
      const value = datePart(part(run), ms, zone(run, ms));
      return value !== null && matching.check(run, [value], call.line);
    });
  },
};

/** reading and writing one takes as long as so many commands */
const STEPS_OF_A_DATE = 32;

function compileDatePart(call: Call, at: number): (run: Run) => string {
  const part = call.text(at);
  if (part.constant !== null && datePart(part.constant.toLowerCase(), 0, 0) === null) {
    call.compiler.warn(part.line, `there is no part '${part.constant.slice(0, 100)}' of a date, so the test is never true`);
  }
  return (run) => part.read(run).toLowerCase();
}

function compileZone(call: Call): (run: Run, ms: number) => number {
  const zone = call.tagText('zone');
  return (run, ms) => (zone === null ? null : parseZone(zone.read(run))) ?? run.environment.zoneMinutes(new Date(ms));
}
