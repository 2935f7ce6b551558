import { closeSync, fstatSync, openSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { escapeControls } from './escape-controls.ts';

const LARGEST_BYTES = 20 * 1024 * 1024;
const LONGEST_MS = 7 * 86_400_000;
const KEPT = 3;
const LOOK_MS = 3_600_000;
const nothing = Buffer.alloc(0);
const lineEnd = Buffer.from('\n');

/**
 * A log file that cannot fill the disk: at 20 MB, or after a week, it becomes "<name>.1" and a new one begins; three old ones are kept. So what it
 * says of people (who wrote to whom) is gone after some four weeks.
 */
export class RotatingLog {
  readonly #path: string;
  #file: number;
  #bytes: number;
  #begunAt: number;
  /** a full disk took the beginning of a line alone: what comes next begins a line of its own */
  #cut = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a', 0o600);
    const { size, birthtimeMs } = fstatSync(this.#file);
    this.#bytes = size;
    // it began when the one before was put aside
    this.#begunAt = statSync(`${path}.1`, { throwIfNoEntry: false })?.mtimeMs ?? (birthtimeMs || Date.now());
    // where nothing happens, nothing would be written that puts it aside
    setInterval(() => this.write(nothing), LOOK_MS).unref();
  }

  /** Never throws: a full disk must not stop a mail server for want of a log. */
  write(chunk: Buffer): void {
    try {
      const escaped = escapeControls(chunk);
      const bytes = this.#cut ? Buffer.concat([lineEnd, escaped]) : escaped;
      const written = writeSync(this.#file, bytes);
      if (written > 0) this.#cut = written < bytes.length && bytes[written - 1] !== lineEnd[0];
      this.#bytes += written;
      if (this.#bytes > LARGEST_BYTES || Date.now() - this.#begunAt > LONGEST_MS) this.#rotate();
    } catch {
      // nowhere to tell it
    }
  }

  #rotate(): void {
    // first: what fails below is tried again with the next 20 MB, not with the next line
    this.#bytes = 0;
    this.#begunAt = Date.now();
    rmSync(`${this.#path}.${KEPT}`, { force: true });
    for (let age = KEPT - 1; age >= 0; age--) {
      try {
        renameSync(age === 0 ? this.#path : `${this.#path}.${age}`, `${this.#path}.${age + 1}`);
        // the next launcher reads there since when the new one goes
        if (age === 0) utimesSync(`${this.#path}.1`, new Date(), new Date());
      } catch {
        // there are not so many yet, or somebody took it away
      }
    }
    const full = this.#file;
    this.#file = openSync(this.#path, 'a', 0o600);
    // not before there is another one: what is written to a number that is closed may end in whatever has the number next
    closeSync(full);
  }
}
