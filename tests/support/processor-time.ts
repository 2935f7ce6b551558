/** Milliseconds of processor that this process has used: what is measured by it takes no longer on a machine that does other things too. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
