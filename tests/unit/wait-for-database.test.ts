import { pino } from 'pino';
import { expect, test } from 'vitest';
import { waitForDatabase } from '#mail-server/queue/wait-for-database.ts';
import { openDatabase } from '#mail-server/store/postgres/database.ts';
import { StoreError } from '#mail-server/store/store-error.ts';
import { createTestDatabase } from '#tests/support/postgres.ts';

const services = { log: pino({ level: 'silent' }) };

test('a database that is away is waited for as long as it takes, one that refuses is not', async () => {
  let asked = 0;
  const after = (times: number, error: Error) => async () => {
    if (++asked <= times) throw error;
    return 'written';
  };
  expect(await waitForDatabase(services, after(300, new StoreError('Unavailable')), 0)).toBe('written');
  asked = 0;
  await expect(waitForDatabase(services, after(300, new Error('refused')), 0)).rejects.toThrow('refused');
  expect(asked).toBeLessThan(300);
});

test('a value that cannot be sent and a result that cannot be read are no database that is away', async () => {
  await using database = await createTestDatabase();
  const { write, close } = openDatabase({ connectionString: database.url });
  const faults: [string, unknown[]][] = [
    ['select $1::timestamptz', [{ toPostgres: () => new Date(Number.NaN).toISOString() }]],
    ['select 1.5::numeric', []],
    ['select array[null]::int4[]', []],
  ];
  for (const [text, values] of faults) {
    let asked = 0;
    const work = () => {
      asked++;
      return write({ name: text, text }, values);
    };
    await expect(waitForDatabase(services, work, 0)).rejects.not.toMatchObject({ code: 'Unavailable' });
    expect(asked).toBeLessThan(300);
  }
  await close();
});
