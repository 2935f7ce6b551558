import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { webMetrics } from '#lib/metrics/web-metrics.ts';
import { watchDiskSpace } from '#mail-server/disk-space.ts';
import { createMetrics } from '#mail-server/metrics.ts';

test('alert rules ask for metrics that there are, and name a severity and a summary each', async () => {
  const rules = await readFile(new URL('../../docs/prometheus-rules.yml', import.meta.url), 'utf8');
  const metrics = createMetrics();
  metrics.watchCertificate(() => 0);
  const log = pino({ level: 'silent' });
  (await watchDiskSpace({ directory: '.', floor: 1, log, metrics, measure: async () => 2 })).close();
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody:x@127.0.0.1:1/nothing');
  vi.stubEnv('POSTAMT_SECRET', 'a secret of the tests, long enough for everybody');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { text } = await webMetrics();
  const known = `${await metrics.registry.metrics()}\n${text}`;
  const asked = new Set(Array.from(rules.matchAll(/expr: .*/g)).flatMap(([line]) => line.match(/postamt_[a-z0-9_]+/g) ?? []));
  expect(asked.size).toBeGreaterThan(8);
  for (const name of asked) expect(known).toContain(`# TYPE ${name} `);
  const count = (what: RegExp): number => rules.match(what)?.length ?? 0;
  expect([count(/severity: (?:warning|critical) /g), count(/summary: "/g)]).toEqual([count(/- alert: Postamt/g), count(/- alert: /g)]);
});
