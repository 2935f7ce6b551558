import { expect, test } from 'vitest';
import { repeat } from '#mail-server/repeat.ts';
import { eventually } from '#tests/support/eventually.ts';

test('what is repeated is never done twice at once, and its end is waited for when it is stopped', async () => {
  let [begun, running, most] = [0, 0, 0];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const repeated = repeat(
    async () => {
      most = Math.max(most, ++running);
      if (++begun === 3) await held;
      running--;
    },
    { everyMs: 1 },
  );
  await eventually('the third time', async () => begun === 3);
  let stopped = false;
  const stopping = repeated.stop().then(() => (stopped = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(stopped).toBe(false);
  letGo();
  await stopping;
  expect([begun, running, most]).toEqual([3, 0, 1]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(begun).toBe(3);
});
