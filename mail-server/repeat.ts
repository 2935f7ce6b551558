/**
 * Does `work`, which must not reject, now and then: first after `firstMs`, then so long after it ended (each ± 20 %, so that many processes do not do
 * it at once). `stop` resolves when what is under way has ended.
 */
export function repeat(work: () => Promise<void>, { everyMs, firstMs = everyMs }: { everyMs: number; firstMs?: number }) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const schedule = (afterMs: number): void => {
    if (stopped) return;
    const begin = (): void => {
      running = work().finally(() => schedule(everyMs));
    };
    timer = setTimeout(begin, afterMs * (0.8 + 0.4 * Math.random())).unref();
  };
  schedule(firstMs);
  return {
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
