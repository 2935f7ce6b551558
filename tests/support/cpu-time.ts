/** What this thread worked until now, ms. Unlike the clock it does not run while other programs have the processor; counted in steps of up to 10 ms. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
