/** Nothing to do where POSTAMT_TEST_DATABASE names a Postgres, as it does under `npm test`. */
export default async function setup(): Promise<() => Promise<void>> {
  if (!process.env['POSTAMT_TEST_DATABASE']) throw new Error('Set POSTAMT_TEST_DATABASE to a Postgres 18, or run npm test.');
  return async () => {};
}
