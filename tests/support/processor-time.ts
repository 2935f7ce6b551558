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

/** The longest that this thread worked, ms, before it came to its timers again: so long all clients of a server in it waited. */
export async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = processorTime();
  const beat = (): void => {
    longest = Math.max(longest, processorTime() - last);
    last = processorTime();
  };
  const heart = setInterval(beat, 2);
  try {
    await work();
    // the last turn too: its timers come after whoever waited for the work
    beat();
  } finally {
    clearInterval(heart);
  }
  return longest;
}
