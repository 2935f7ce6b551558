import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { unwatchedDisk, watchDiskSpace } from '#mail-server/disk-space.ts';
import { createMetrics } from '#mail-server/metrics.ts';
import { eventually } from '#tests/support/eventually.ts';

const floor = 1000;

/** A disk whose free space the test says. */
async function watch(bytes: number | null) {
  const free = { bytes, looks: 0 };
  const said: { level: number; free: number }[] = [];
  const log = pino({}, { write: (line: string) => said.push(JSON.parse(line) as (typeof said)[0]) });
  const measure = async () => {
    free.looks++;
    return free.bytes;
  };
  const disk = await watchDiskSpace({ directory: '/', floor, log, metrics: createMetrics(), measure, everyMs: 5 });
  onTestFinished(() => disk.close());
  const looks = (count: number) => {
    const from = free.looks;
    return eventually('some looks', async () => free.looks >= from + count);
  };
  return { disk, free, said, looks };
}

test('it is low below the floor, and not before there is a tenth more than that again; each is said once', async () => {
  const { disk, free, said, looks } = await watch(floor);
  await looks(3);
  expect(disk.isLow).toBe(false);
  free.bytes = floor - 1;
  await looks(3);
  expect(disk.isLow).toBe(true);
  free.bytes = floor * 1.05;
  await looks(3);
  expect(disk.isLow).toBe(true);
  free.bytes = floor * 1.2;
  await looks(3);
  expect(disk.isLow).toBe(false);
  expect(said.map((line) => [line.level, line.free])).toEqual([
    [40, floor - 1],
    [30, floor * 1.2],
  ]);
});

test('a look that fails changes nothing, and a directory that is not there is not watched', async () => {
  const { disk, free, looks } = await watch(1);
  expect(disk.isLow).toBe(true);
  free.bytes = null;
  await looks(3);
  expect(disk.isLow).toBe(true);
  expect((await watch(null)).disk).toBe(unwatchedDisk);
});
