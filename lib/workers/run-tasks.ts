// What a worker process runs (worker-process.ts): node run-tasks.ts FILE. One task after the other comes by the channel.
import { writeFileSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Word } from './worker-process.ts';

const say = (word: Word): void => void process.send?.(word);

process.on('disconnect', () => process.exit());
try {
  // where memory is short, the system ends this process before the one that serves people
  writeFileSync('/proc/self/oom_score_adj', '800');
  // V8 ends it by abort(): what it had of a letter is not to lie in a core file, nor is a stranger to fill the disk with them
  writeFileSync('/proc/self/coredump_filter', '0');
} catch {
  // not Linux, or not allowed
}
// a worker begins in a third of the time where the last one left what it had compiled; where nothing can be written there is none
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/postamt-workers'));
const loaded = await import(pathToFileURL(process.argv[2] ?? '').href).catch((error: unknown) => say({ error }));
process.on('message', (task) => {
  void (async () => loaded.default(task))().then(
    (result: unknown) => say({ result }),
    (error: unknown) => say({ error }),
  );
});
if (loaded) say('ready');
flushCompileCache();
