import { always, type Test, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import type { Call } from '../compile/call.ts';
import { isExtension } from '../language/extensions.ts';

const children = (call: Call): Test[] => call.node.tests.map((node) => call.compiler.test(node));

/** RFC 5228 sections 5.2, 5.3 and 5.8. What is known beforehand is known of the whole too (see Test.constant). */
export const allof: TestSpecification = {
  tests: 'list',
  compile: (call) => joined(call, false),
};

export const anyof: TestSpecification = {
  tests: 'list',
  compile: (call) => joined(call, true),
};

/** `decisive`: the answer of one test that is the answer of all. What stands behind a test that always has it is never asked. */
function joined(call: Call, decisive: boolean): Test {
  const open: Test[] = [];
  for (const node of call.node.tests) {
    const one = call.compiler.test(node);
    if (one.constant === null) open.push(one);
    else if (one.constant === decisive) {
      if (open.length === 0) return always(decisive);
      open.push(one);
      break;
    }
  }
  if (open.length === 0) return always(!decisive);
  const answer = open.at(-1)?.constant ?? null;
  return {
    // the tests before it have no effect but match values, which nobody misses in a block that never runs
    constant: answer,
    check(run) {
      for (const one of open) {
        run.spend(1);
        if (one.check(run) === decisive) return decisive;
      }
      return !decisive;
    },
  };
}

export const not: TestSpecification = {
  tests: 'one',
  compile(call) {
    const [inner] = children(call);
    if (inner === undefined) return always(false);
    return inner.constant === null ? test((run) => !inner.check(run)) : always(!inner.constant);
  },
};

export const isTrue: TestSpecification = { compile: () => always(true) };
export const isFalse: TestSpecification = { compile: () => always(false) };

/** RFC 5463: what it names is in use from here on. */
export const ihave: TestSpecification = {
  extensions: ['ihave'],
  positional: ['list'],
  compile(call) {
    const [given] = call.positional;
    // the names are what is written, also where variables are in use: what there is must be known before the script runs
    const names = given?.kind === 'list' ? given.items.map(({ value }) => value) : given?.kind === 'string' ? [given.value] : [];
    if (!names.every((name) => isExtension(name) && !CHANGES_STRINGS.has(name))) return always(false);
    for (const name of names) call.compiler.take(name);
    // what stands in its else is known here, so it is checked like the rest
    return test(() => true);
  },
};

/** What changes the meaning of strings must be known from the beginning: the test fails for it (RFC 5463 section 4). */
const CHANGES_STRINGS = new Set(['encoded-character', 'variables']);
