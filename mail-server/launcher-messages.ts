/** What a mail-server process tells the launcher over IPC; without a launcher it says it on stderr. */
export type LauncherMessage = { type: 'ready'; metricsPort: number } | { type: 'failed'; message: string };

export function tellLauncher(message: LauncherMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else {
      if (message.type === 'failed') process.stderr.write(`${message.message}\n`);
      resolve();
    }
  });
}
