import { test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';

/** RFC 7352. What is seen for the first time is remembered once the letter is delivered. */
export const duplicate: TestSpecification = {
  extensions: ['duplicate'],
  tags: {
    handle: { argument: 'string' },
    header: { group: 'id', argument: 'string' },
    uniqueid: { group: 'id', argument: 'string' },
    seconds: { argument: 'number' },
    last: {},
  },
  compile(call) {
    const handle = call.tagText('handle');
    const field = call.tagText('header');
    const unique = call.tagText('uniqueid');
    const seconds = Math.min(call.tagNumber('seconds') ?? DAYS * 86_400, MOST_DAYS * 86_400);
    const last = call.has('last');
    return test((run) => {
      const id = unique === null ? run.header.values(field?.read(run) ?? 'message-id')[0] : unique.read(run);
      if (id === undefined || id === '') return false;
      const name = handle?.read(run) ?? null;
      const seen = run.answers.seenBefore(name ?? '', id);
      if (!seen || last) run.act({ kind: 'track', handle: name, id, seconds, last }, call.line);
      return seen;
    });
  },
};

const DAYS = 7;
const MOST_DAYS = 365;
