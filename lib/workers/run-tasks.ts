// What a worker process runs (worker-process.ts): node run-tasks.ts FILE. One task after the other comes by the channel.
import { writeFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Word } from './worker-process.ts';

const say = (word: Word): void => void process.send?.(word);
const usedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

process.on('disconnect', () => process.exit());
try {
  // where memory is short, the system ends this process before the one that serves people
  writeFileSync('/proc/self/oom_score_adj', '800');
  // V8 ends it by abort(): what it had of a letter is not to lie in a core file, nor is a stranger to fill the disk with them
  writeFileSync('/proc/self/coredump_filter', '0');
} catch {
  // not Linux, or not allowed
}
const loaded = await import(pathToFileURL(process.argv[2] ?? '').href).catch((error: unknown) => say({ error, usedMs: usedMs() }));
process.on('message', (task) => {
  void (async () => loaded.default(task))().then(
    (result: unknown) => say({ result, usedMs: usedMs() }),
    (error: unknown) => say({ error, usedMs: usedMs() }),
  );
});
if (loaded) say('ready');
// it ends by SIGKILL, and what it compiled would go with it
flushCompileCache();
