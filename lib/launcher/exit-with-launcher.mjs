// Loaded into every process that the launcher starts (--import): when the launcher is gone, however it went, the process ends too,
// so that the next start finds its ports free. SIGTERM first, for an orderly end.
const GRACE_MS = 5000;

if (process.channel) {
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  });
}
