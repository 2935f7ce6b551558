/**
 * What this thread has worked until now, ms. Unlike the clock on the wall it does not run while other programs have the processor.
 *
 * Linux brings the count of a thread up to date at its ticks, every 4 ms: what is shorter would read as 0 or as 4. It does so too when the
 * whole process is asked for, which is what the first line is for. Other systems may count in steps all the same.
 */
export function processorTime(): number {
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The most by which the count goes up at once, ms: some thousandths where it is exact. */
export function stepOfProcessorTime(): number {
  let most = 0;
  for (let seen = 0, before = processorTime(); seen < 5; ) {
    const now = processorTime();
    if (now === before) continue;
    most = Math.max(most, now - before);
    before = now;
    seen++;
  }
  return most;
}
