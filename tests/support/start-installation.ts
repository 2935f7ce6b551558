import { join } from 'node:path';
import { startInstallation } from './installation.ts';

/** Starts the product once for all tests that share it; POSTAMT_TEST_INSTALLATION (a running.json) names one that runs already. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env['POSTAMT_TEST_INSTALLATION']) return async () => {};
  const installation = await startInstallation();
  process.env['POSTAMT_TEST_INSTALLATION'] = join(installation.dataDirectory, 'running.json');
  return installation.stop;
}
