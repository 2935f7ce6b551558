// What a worker process runs (worker-process.ts): node run-tasks.ts FILE. One task after the other comes by the channel.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Word } from './worker-process.ts';

const say = (word: Word): void => void process.send?.(word);

process.on('disconnect', () => process.exit());
try {
  // where memory is short, the system ends this process before the one that serves people
  writeFileSync('/proc/self/oom_score_adj', '800');
} catch {
  // not Linux, or not allowed
}
const loaded = await import(pathToFileURL(process.argv[2] ?? '').href).catch((error: unknown) => say({ error }));
process.on('message', (task) => {
  void (async () => loaded.default(task))().then(
    (result: unknown) => say({ result }),
    (error: unknown) => say({ error }),
  );
});
if (loaded) say('ready');
