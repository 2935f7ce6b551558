import type { Outcome } from './outcome.ts';
import type { Batch, Lane } from './queue-context.ts';

/** What is said of all of the domain's mail holds for what waits behind it too. */
export async function concludeDomain({ context, next }: Lane, first: Batch | null, outcome: Outcome): Promise<void> {
  for (let batch = first; batch; batch = await next()) {
    await context.conclude(
      batch,
      batch.map(() => outcome),
      null,
    );
  }
}
