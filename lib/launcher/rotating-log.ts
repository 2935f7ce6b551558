import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { escapeControls } from './escape-controls.ts';

const LARGEST_BYTES = 20 * 1024 * 1024;
const KEPT = 3;

/** A log file that cannot fill the disk: at 20 MB it becomes "<name>.1" and a new one begins; three old ones are kept. */
export class RotatingLog {
  readonly #path: string;
  #file: number;
  #bytes: number;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a', 0o600);
    this.#bytes = fstatSync(this.#file).size;
  }

  /** Never throws: a full disk must not stop a mail server for want of a log. */
  write(chunk: Buffer): void {
    try {
      const bytes = escapeControls(chunk);
      writeSync(this.#file, bytes);
      this.#bytes += bytes.length;
      if (this.#bytes > LARGEST_BYTES) this.#rotate();
    } catch {
      // nowhere to tell it
    }
  }

  #rotate(): void {
    closeSync(this.#file);
    rmSync(`${this.#path}.${KEPT}`, { force: true });
    for (let age = KEPT - 1; age >= 1; age--) {
      try {
        renameSync(`${this.#path}.${age}`, `${this.#path}.${age + 1}`);
      } catch {
        // there are not so many yet
      }
    }
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#bytes = 0;
  }
}
