import { pino, type Logger } from 'pino';

/** JSON leaves these as they are: controls of terminals beyond ASCII, and what turns the direction of a line or breaks it. */
const unprintable = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** One JSON line an event on the standard output, with secrets left out and nothing that a terminal would obey. */
export function createLog(program: 'mail-server' | 'web', level: string): Logger {
  const output = pino.destination(1);
  const printable = {
    write: (line: string) => output.write(line.replace(unprintable, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  };
  return pino(
    {
      level,
      base: { program, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['password', 'token', 'secret', '*.password', '*.token', '*.secret'],
    },
    printable,
  );
}
