import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { startOf } from '#lib/launcher/process-identity.ts';
import { TaskFailure } from '#lib/workers/task-failure.ts';
import { openWorkerPool } from '#lib/workers/worker-pool.ts';

process.env['POSTAMT_TEST_ONLY'] = 'seen by nobody';
const pool = openWorkerPool<{ kind: string; value?: number; file?: string }, number>({
  file: 'tests/unit/worker-task.ts',
  workers: 1,
  deadlineMs: 2_000,
  memoryMb: 32,
  waiting: 4,
});
afterAll(() => pool.close());

const codeOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => null,
    (error: unknown) => (error instanceof TaskFailure ? error.code : error),
  );

describe('the worker pool', () => {
  it('brings the result of a task', async () => {
    expect(await pool.run({ kind: 'echo', value: 7 })).toBe(7);
  });

  it('says what a task threw', async () => {
    expect(await codeOf(pool.run({ kind: 'throw' }))).toBe('Failed');
  });

  it('ends a task that runs past its deadline, and the next one has a result', async () => {
    const [slow, next] = await Promise.all([codeOf(pool.run({ kind: 'spin' })), pool.run({ kind: 'echo', value: 1 })]);
    expect([slow, next]).toEqual(['TooSlow', 1]);
  });

  it('does not hold it against a task that the machine has no time for it', async () => {
    const hasty = openWorkerPool<{ kind: string; value: number }, number>({
      file: 'tests/unit/worker-task.ts',
      workers: 2,
      deadlineMs: 500,
      patienceMs: 3_000,
      memoryMb: 32,
      waiting: 4,
    });
    try {
      const runs = [hasty.run({ kind: 'wait', value: 1_200 }), codeOf(hasty.run({ kind: 'wait', value: 60_000 }))];
      expect(await Promise.all(runs)).toEqual([1_200, 'Busy']);
    } finally {
      hasty.close();
    }
  });

  it.each(['fill', 'grow'])('ends a task that takes more memory than a worker may have, and nothing else (%s)', async (kind) => {
    expect(await codeOf(pool.run({ kind }))).toBe('TooLarge');
    expect(await pool.run({ kind: 'echo', value: 2 })).toBe(2);
  });

  it('uses a worker again after a task that threw', async () => {
    const before = await pool.run({ kind: 'pid' });
    await codeOf(pool.run({ kind: 'throw' }));
    expect(await pool.run({ kind: 'pid' })).toBe(before);
  });

  it('does not hold it against a task that somebody stops the server', async () => {
    expect(await codeOf(pool.run({ kind: 'stop' }))).toBe('Busy');
    expect(await pool.run({ kind: 'echo', value: 3 })).toBe(3);
  });

  it('tries a task whose worker the system killed once more, and does not hold it against the task', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postamt-worker-'));
    try {
      const codes = [
        pool.run({ kind: 'killed-once', value: 5, file: join(folder, 'once') }),
        codeOf(pool.run({ kind: 'killed', file: join(folder, 'twice') })),
      ];
      expect(await Promise.all(codes)).toEqual([5, 'Busy']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('tries it with nothing beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postamt-worker-'));
    const two = openWorkerPool<{ kind: string; file?: string }, number>({
      file: 'tests/unit/worker-task.ts',
      workers: 2,
      deadlineMs: 1_000,
      memoryMb: 32,
      waiting: 4,
    });
    try {
      const order: string[] = [];
      const note = (name: string, run: Promise<unknown>) => run.catch(() => undefined).then(() => order.push(name));
      await Promise.all([
        note('beside', two.run({ kind: 'spin' })),
        note('killed', two.run({ kind: 'killed-once', file: join(folder, 'once') })),
      ]);
      expect(order).toEqual(['beside', 'killed']);
    } finally {
      two.close();
      await rm(folder, { recursive: true });
    }
  });

  it('says of a task that cannot travel that it failed, and keeps its worker', async () => {
    const before = await pool.run({ kind: 'pid' });
    expect(await codeOf(pool.run({ kind: 'echo', value: (() => 1) as never }))).toBe('Failed');
    expect(await pool.run({ kind: 'pid' })).toBe(before);
  });

  it.each(['tests/unit/no-such-worker.ts', 'tests/unit/worker-broken.ts'])(
    'does not hold it against a task that no worker begins (%s)',
    async (file) => {
      const broken = openWorkerPool<null, null>({ file, workers: 1, deadlineMs: 2_000, memoryMb: 32, waiting: 4 });
      const codes = await Promise.all([codeOf(broken.run(null)), codeOf(broken.run(null))]);
      expect(codes).toEqual(['Busy', 'Busy']);
      broken.close();
    },
  );

  it('begins nothing any more once it is closed', async () => {
    const closing = openWorkerPool<{ kind: string }, number>({
      file: 'tests/unit/worker-task.ts',
      workers: 1,
      deadlineMs: 2_000,
      memoryMb: 32,
      waiting: 4,
    });
    const runs = [closing.run({ kind: 'spin' }), closing.run({ kind: 'pid' })].map(codeOf);
    closing.close();
    expect(await Promise.all(runs)).toEqual(['Busy', 'Busy']);
  });

  it('leaves no worker behind that is at work when the process ends', async () => {
    const module = join(import.meta.dirname, '../../lib/workers/worker-pool.ts');
    const script = `import { openWorkerPool } from ${JSON.stringify(module)};
      const pool = openWorkerPool({ file: 'tests/unit/worker-task.ts', workers: 1, deadlineMs: 60_000, memoryMb: 32, waiting: 1 });
      process.stdout.write(String(await pool.run({ kind: 'pid' })));
      void pool.run({ kind: 'spin' }).catch(() => {});
      setImmediate(() => process.exit());`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const pid = Number(stdout);
    try {
      await expect.poll(() => startOf(pid), { timeout: 30_000 }).toBeNull();
    } finally {
      if (startOf(pid) !== null) process.kill(pid, 'SIGKILL');
    }
  });

  it('leaves no worker behind in an endless task when the process is killed', async () => {
    const module = join(import.meta.dirname, '../../lib/workers/worker-pool.ts');
    const script = `import { openWorkerPool } from ${JSON.stringify(module)};
      const pool = openWorkerPool({ file: 'tests/unit/worker-task.ts', workers: 1, deadlineMs: 200, memoryMb: 32, waiting: 1 });
      const pid = () => pool.run({ kind: 'pid' }).catch(pid);
      process.stdout.write(String(await pid()));
      void pool.run({ kind: 'spin' });
      setImmediate(() => process.kill(process.pid, 'SIGKILL'));`;
    const parent = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const pid = Number(
      await parent.then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      ),
    );
    expect(pid).toBeGreaterThan(0);
    try {
      await expect.poll(() => startOf(pid), { timeout: 100_000 }).toBeNull();
    } finally {
      if (startOf(pid) !== null) process.kill(pid, 'SIGKILL');
    }
  }, 300_000);

  it('shows a worker no secret of this process', async () => {
    expect(await pool.run({ kind: 'environment' })).toBe(0);
  });

  it('takes turns between parties: who had fewer goes first', async () => {
    const order: string[] = [];
    const note = (party: string) => pool.run({ kind: 'echo' }, { party }).then(() => order.push(party));
    await Promise.all([note('many'), note('many'), note('many'), note('few')]);
    expect(order).toEqual(['many', 'few', 'many', 'many']);
  });

  it('refuses what would wait behind too many', async () => {
    const runs = Array.from({ length: 7 }, () => codeOf(pool.run({ kind: 'echo' })));
    const codes = await Promise.all(runs);
    expect(codes.filter((code) => code === 'Busy')).toHaveLength(2);
  });

  it('does not count the start of a worker as time of the task', async () => {
    const late = openWorkerPool<null, number>({
      file: 'tests/unit/worker-slow-start.ts',
      workers: 1,
      deadlineMs: 300,
      memoryMb: 32,
      waiting: 1,
    });
    try {
      expect(await late.run(null)).toBe(1);
    } finally {
      await late.close();
    }
  });
});
