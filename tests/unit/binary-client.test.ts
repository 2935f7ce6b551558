import { afterAll, beforeAll, expect, test } from 'vitest';
import { BinaryClient, int4Array, int8Array } from '#mail-server/store/postgres/binary-client.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let database: TestDatabase;
let client: BinaryClient;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new BinaryClient({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

// named, as every statement of the store is: a nameless one without values would go by the simple protocol, which knows only text
const one = async (text: string, values: unknown[]) => (await client.run({ name: text, text }, values))[0]?.[0];

test.each([0, 1, 256, 12_700, 5_000_000])('%i bytes of every value come back as they went', async (size) => {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * 31) & 255;
  expect(bytes.equals((await one('select $1::bytea', [bytes])) as Buffer)).toBe(true);
});

test('arrays of integers travel in binary, empty ones too', async () => {
  expect(await one('select $1::int4[]', [int4Array([1, -2, 2_147_483_647])])).toEqual([1, -2, 2_147_483_647]);
  const numbers = [-1, 5_000_000_000, -5_000_000_000, 2 ** 31, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
  expect(await one('select $1::int8[]', [int8Array(numbers)])).toEqual(numbers);
  expect(await one('select $1::int8[]', [int8Array(numbers.map(BigInt))])).toEqual(numbers);
  expect(await one('select $1::int8[]::text', [int8Array([2n ** 63n - 1n, -(2n ** 63n), 2 ** 60])])).toBe(
    `{${2n ** 63n - 1n},${-(2n ** 63n)},${2n ** 60n}}`,
  );
  expect(() => int8Array([1.5])).toThrow(RangeError);
  expect(await one('select $1::int4[]', [int4Array([])])).toEqual([]);
});

test('times, texts, truth and nothing keep their types', async () => {
  const at = new Date('2026-11-22T23:57:30.123Z');
  expect(await one('select $1::timestamptz', [at.toISOString()])).toEqual(at);
  expect(await one('select $1::text', ['Größe 世界 ✉'])).toBe('Größe 世界 ✉');
  expect(await one('select true', [])).toBe(true);
  expect(await one('select null::text', [])).toBeNull();
});

test('a type that has no parser is refused, not misread', async () => {
  await expect(one('select 1.5::numeric', [])).rejects.toThrow('no binary parser for type oid 1700');
});

test('TLS that the address asks for is spoken, or the database refused', async () => {
  const encrypted = new BinaryClient({ connectionString: `${database.url}?sslmode=require&uselibpqcompat=true` });
  await expect(encrypted.connect()).rejects.toThrow('The server does not support SSL connections');
});

test('a value that cannot be read fails its statement and nothing else', async () => {
  await expect(one('select array[1, null, 3]::int4[]', [])).rejects.toThrow('an array with NULL in it');
  expect(await one('select 4', [])).toBe(4);
});

test('a failing statement in a pipeline hits only itself', async () => {
  const results = await Promise.allSettled([one('select 1', []), one('select 1/0', []), one('select 3', [])]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('rows that look different since they were first asked for are refused, not misread', async () => {
  const asked = { name: 'changing', text: 'select value from changing' };
  await client.run({ name: 'make', text: 'create table changing as select 7 as value' }, []);
  expect(await client.run(asked, [])).toEqual([[7]]);
  expect(await client.run(asked, [])).toEqual([[7]]);
  await client.run({ name: 'change', text: 'alter table changing alter value type text' }, []);
  await expect(client.run(asked, [])).rejects.toThrow('cached plan must not change result type');
});
