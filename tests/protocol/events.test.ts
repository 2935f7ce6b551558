import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accountId, type AccountId } from '#lib/db/ids.ts';
import type { ChangeHint, EventBus } from '#mail-server/events/event-bus.ts';
import { formatHints, parseHints } from '#mail-server/events/hint-payload.ts';
import { openPostgresBus } from '#mail-server/events/postgres-bus.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

interface Options {
  pollMs?: number;
  modseqs?: Map<AccountId, number>;
}
/** A bus whose connection listens, and the hints that it gave after that. */
async function listening(options: Options = {}): Promise<{ bus: EventBus; heard: ChangeHint[] }> {
  const bus = openPostgresBus({
    connectionString: database.url,
    log: pino({ level: 'silent' }),
    readModseqs: async (accounts) => new Map(accounts.map((account) => [account, options.modseqs?.get(account) ?? 0])),
    pollMs: options.pollMs ?? 3_600_000,
  });
  onTestFinished(() => bus.close());
  const heard: ChangeHint[] = [];
  bus.subscribe((hint) => heard.push(hint));
  await expect.poll(() => heard).toEqual(['everything']);
  heard.length = 0;
  return { bus, heard };
}
const [seven, eight] = [accountId(7), accountId(8)];

describe('the event bus', () => {
  test('tells its own process before publish returns, and the others once', async () => {
    const one = await listening();
    const other = await listening();
    one.bus.publish(seven);
    one.bus.publish(seven);
    one.bus.publish(eight);
    expect(one.heard).toEqual([seven, seven, eight]);
    await expect.poll(() => other.heard).toEqual([seven, eight]);
    expect(one.heard).toHaveLength(3);
  });

  test('a connection that is cut comes back, says that everything may have changed, and carries what waited', async () => {
    const one = await listening();
    const other = await listening();
    await sql(
      database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'postamt-bus' and datname = current_database()`,
    );
    one.bus.publish(seven);
    await expect.poll(() => one.heard).toContain('everything');
    await expect.poll(() => other.heard).toContain('everything');
    await expect
      .poll(() => {
        one.bus.publish(eight);
        return other.heard;
      })
      .toContain(eight);
  });

  test('a hint that was lost is made up for by the poll', async () => {
    const modseqs = new Map([
      [seven, 5],
      [eight, 5],
    ]);
    const { bus, heard } = await listening({ pollMs: 20, modseqs });
    bus.watch(() => [
      [seven, 5],
      [eight, 5],
    ]);
    modseqs.set(eight, 6);
    await expect.poll(() => heard).toEqual([eight]);
    modseqs.set(seven, 9);
    await expect.poll(() => heard).toEqual([eight, seven]);
  });

  test('closing sends what waits', async () => {
    const other = await listening();
    const { bus } = await listening();
    bus.publish(seven);
    await bus.close();
    await expect.poll(() => other.heard).toEqual([seven]);
  });
});

test('payloads stay below what NOTIFY takes and lose nobody', () => {
  const accounts = Array.from({ length: 5000 }, (_, index) => accountId(1_000_000_000 + index));
  const payloads = formatHints(accounts);
  expect(payloads.every((payload) => payload.length < 8000)).toBe(true);
  expect(payloads.flatMap(parseHints)).toEqual(accounts);
  expect(parseHints('1,x,,-3,2')).toEqual([1, 2]);
});
