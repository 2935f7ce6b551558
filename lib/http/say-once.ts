import { format } from 'node:util';
import { isFirstInProcess } from '../config/once-in-process.ts';
import { webLog } from './web-log.ts';

const quietMs = 60_000;
const mostPlaces = 200;

interface Said {
  what: string;
  until: number;
  again: number;
}

/**
 * Next writes what goes wrong with a request to the console, with its trace, also where a stranger sent what nobody can read: some thousand such
 * requests would push all else out of the log. Each place in the program is heard once a minute, and then how often it had to say the same.
 * Where more places have something to say than the program has, the rest of the minute is quiet.
 */
export function sayOnce(say: (...given: unknown[]) => void, now: () => number = () => performance.now()): (...given: unknown[]) => void {
  const places = new Map<string, Said>();
  const tell = ({ what, again }: Said): void => {
    if (again > 0) say(`${again} times more within a minute: ${what}`);
  };
  return (...given) => {
    const at = now();
    for (const [place, said] of places) {
      if (said.until > at) break;
      places.delete(place);
      tell(said);
    }
    const place = placeOf(given);
    const said = places.get(place);
    if (said) said.again += 1;
    else if (places.size < mostPlaces) {
      places.set(place, { what: inWords(given).slice(0, 100), until: at + quietMs, again: 0 });
      say(...given);
    }
  };
}

/** Where an error was thrown, whatever it says; of a sentence how it begins, since what follows may be a stranger's. */
function placeOf(given: readonly unknown[]): string {
  const error = given.find((one) => one instanceof Error);
  if (error) return `${error.name} ${traceOf(error).slice(0, 2).join()}`;
  return inWords(given).slice(0, 24);
}

/** Anything may be thrown, also what cannot be made a string of. */
const inWords = (given: readonly unknown[]): string => given.map((one) => (one instanceof Error ? String(one) : format(one))).join(' ');

/** Without what the error says, which may look like a trace. */
function traceOf({ message, stack = '' }: Error): string[] {
  const lines = stack.slice(stack.indexOf(message) + message.length).split('\n');
  return lines.filter((line) => line.startsWith('    at '));
}

export function quietConsole(): void {
  if (!isFirstInProcess('http.quiet-console')) return;
  const { console: next } = globalThis;
  next.error = sayOnce((...given) => webLog().error(format(...given)));
  next.warn = sayOnce((...given) => webLog().warn(format(...given)));
}
