import { existsSync, writeFileSync } from 'node:fs';

/** What worker-pool.alone.test.ts runs in workers. */
export default function task({
  kind,
  value,
  file = '',
}: {
  kind: 'wait' | 'echo' | 'spin' | 'fill' | 'grow' | 'throw' | 'pid' | 'environment' | 'stop' | 'killed' | 'killed-once';
  value?: number;
  file?: string;
}): number {
  if (kind === 'throw') throw new Error('as asked');
  // without the processor, as on a machine that is busy with other things
  if (kind === 'wait') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, value);
  if (kind === 'pid') return process.pid;
  if (kind === 'environment') return Object.keys(process.env).filter((name) => /^(POSTAMT_|DATABASE_|PATH$)/.test(name)).length;
  if (kind === 'stop') process.kill(process.pid, 'SIGTERM');
  if (kind === 'killed' || (kind === 'killed-once' && !existsSync(file))) {
    writeFileSync(file, '');
    // as the system does where memory is short
    process.kill(process.pid, 'SIGKILL');
  }
  if (kind === 'spin' || kind === 'stop' || kind === 'killed') for (;;) Math.sqrt(2);
  const kept: number[][] = [];
  while (kind === 'fill') kept.push(new Array(100_000).fill(kept.length));
  // one array: its next step is larger than what V8 still gives a worker that has reached its limit
  const grown: object[] = [];
  while (kind === 'grow') grown.push({});
  return value ?? 0;
}
