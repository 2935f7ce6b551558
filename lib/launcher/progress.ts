import { join } from 'node:path';
import { RotatingLog } from './rotating-log.ts';

const started = performance.now();
let log: RotatingLog | undefined;

/** One line of the launcher's progress, with the seconds since it began. */
export function progress(text: string): void {
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  note({ level: 30, msg: text });
}

/**
 * From now on it stands in launcher.log too, and nobody has to read the output: whoever started us may have stopped (`npm start | head`),
 * and a line that nobody takes must not end a mail server.
 */
export function keepProgress(logs: string): void {
  log = new RotatingLog(join(logs, 'launcher.log'));
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  process.on('uncaughtExceptionMonitor', (error) => note({ level: 60, msg: error.stack ?? error.message }));
}

/** Why nothing could be started, or why it ended. */
export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
  note({ level: 50, msg: text });
}

function note(line: { level: number; msg: string }): void {
  log?.write(Buffer.from(`${JSON.stringify({ ...line, time: new Date().toISOString(), program: 'launcher', pid: process.pid })}\n`));
}
