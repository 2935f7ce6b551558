/** What worker-pool.test.ts runs in threads. */
export default function task({ kind, value }: { kind: 'echo' | 'spin' | 'fill' | 'throw'; value?: number }): number {
  if (kind === 'throw') throw new Error('as asked');
  if (kind === 'spin') for (;;) Math.sqrt(2);
  const kept: number[][] = [];
  while (kind === 'fill') kept.push(new Array(100_000).fill(kept.length));
  return value ?? 0;
}
