/** What worker-pool.test.ts runs in workers. */
export default function task({
  kind,
  value,
}: {
  kind: 'echo' | 'spin' | 'fill' | 'grow' | 'throw' | 'pid' | 'environment' | 'stop';
  value?: number;
}): number {
  if (kind === 'throw') throw new Error('as asked');
  if (kind === 'pid') return process.pid;
  if (kind === 'environment') return Object.keys(process.env).filter((name) => /^(POSTAMT_|DATABASE_|PATH$)/.test(name)).length;
  if (kind === 'stop') process.kill(process.pid, 'SIGTERM');
  if (kind === 'spin' || kind === 'stop') for (;;) Math.sqrt(2);
  const kept: number[][] = [];
  while (kind === 'fill') kept.push(new Array(100_000).fill(kept.length));
  // one array: its next step is larger than what V8 still gives a worker that has reached its limit
  const grown: object[] = [];
  while (kind === 'grow') grown.push({});
  return value ?? 0;
}
