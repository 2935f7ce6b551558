import type { CommandSpecification } from '../compile/specification.ts';

/** RFC 5228 section 3.3. */
export const stop: CommandSpecification = { compile: () => () => 'stop' };

/** RFC 5463 section 5: ends the script as a failure of its own making. */
export const error: CommandSpecification = {
  extensions: ['ihave'],
  positional: ['string'],
  compile(call) {
    const text = call.text(0);
    return (run) => run.fail(call.line, text.read(run));
  },
};

/** RFC 5703 section 3. */
export const foreverypart: CommandSpecification = {
  extensions: ['foreverypart'],
  tags: { name: { argument: 'string' } },
  block: true,
  compile(call) {
    const { compiler } = call;
    const name = call.tagText('name')?.constant ?? null;
    compiler.loops.push(name);
    if (compiler.loops.length > MOST_LOOPS) call.fault(`foreverypart is nested more than ${MOST_LOOPS} deep`);
    const block = compiler.block(call.node.block ?? []);
    compiler.loops.pop();
    return (run) => {
      const outer = run.part;
      try {
        for (const part of run.partsToVisit()) {
          run.spend(1);
          run.part = part;
          const flow = block(run);
          if (flow === undefined) continue;
          if (flow === 'stop' || flow === 'return') return flow;
          // a break leaves this loop, or one around it that has the name
          return flow.leave === null || flow.leave === name ? undefined : flow;
        }
      } finally {
        run.part = outer;
      }
      return undefined;
    };
  },
};

/** RFC 5703 section 3: only inside foreverypart. */
export const breakLoop: CommandSpecification = {
  extensions: ['foreverypart'],
  tags: { name: { argument: 'string' } },
  compile(call) {
    const { loops } = call.compiler;
    const name = call.tagText('name')?.constant ?? null;
    if (loops.length === 0) call.fault('break may only stand inside foreverypart');
    else if (name !== null && !loops.includes(name)) call.fault(`no foreverypart around this break has the name '${name.slice(0, 100)}'`);
    return () => ({ leave: name });
  },
};

const MOST_LOOPS = 4;
