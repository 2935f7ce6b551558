import { pino } from 'pino';
import { expect, test } from 'vitest';
import { waitForDatabase } from '#mail-server/queue/wait-for-database.ts';
import { StoreError } from '#mail-server/store/store-error.ts';

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
