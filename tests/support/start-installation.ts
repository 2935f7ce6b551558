import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Installation, startInstallation } from './installation.ts';

/** Starts the product once for each worker; POSTAMT_TEST_INSTALLATION (the path of a running.json for each) names what runs already. */
export default async function setup({ config }: TestProject): Promise<() => Promise<void>> {
  if (process.env['POSTAMT_TEST_INSTALLATION']) return async () => {};
  // the first one builds the web, the others find it built
  const installations: Installation[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(installations.map((installation) => installation.stop()));
  };
  try {
    while (installations.length < config.maxWorkers) installations.push(await startInstallation());
  } catch (error) {
    await stop();
    throw error;
  }
  process.env['POSTAMT_TEST_INSTALLATION'] = installations.map(({ dataDirectory }) => join(dataDirectory, 'running.json')).join(delimiter);
  return stop;
}
