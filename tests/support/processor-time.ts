/**
 * What this thread has worked until now, ms. Unlike the clock on the wall it does not run while other programs have the processor. Systems
 * may count it in steps of some ms.
 */
export function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
