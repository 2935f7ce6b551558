const started = performance.now();

/** One line of the launcher's progress, with the seconds since it began. */
export function progress(text: string): void {
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
}
