import { startTestPostgres } from '#lib/launcher/test/test-postgres.ts';

/** Starts a Postgres for the tests, unless POSTAMT_TEST_DATABASE names one, as it does under `npm test`. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env['POSTAMT_TEST_DATABASE']) return async () => {};
  const { url, stop } = await startTestPostgres();
  process.env['POSTAMT_TEST_DATABASE'] = url;
  return stop;
}
