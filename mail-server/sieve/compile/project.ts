import type { Step } from './program.ts';
import type { Fault } from '../script-error.ts';
import type { SieveLimits } from '../limits.ts';

/** Where an include looks (RFC 6609 section 3.2). */
export type Location = 'personal' | 'global';

/** Gives the bytes of a script that is included, null if there is none of that name. */
export type IncludeLoader = (location: Location, name: string) => Buffer | null;

/** An included script; its step is set once it is compiled, and missing while that is under way. */
export interface Unit {
  id: string;
  step: Step | null;
}

/** What the main script and all that it includes share while they are compiled. */
export interface Project {
  limits: SieveLimits;
  load: IncludeLoader;
  /** compiles another script into this project; null, and a fault told, if it cannot be read */
  compile(source: Uint8Array, name: string): Step | null;
  faults: Fault[];
  /** what is allowed, but does not what its writer may think */
  warnings: Fault[];
  /** a script that cannot be included is a warning, not a fault: scripts come one after the other (RFC 6609 section 3.2) */
  lenient: boolean;
  units: Map<string, Unit>;
  depth: number;
  /** instructions of all regular expressions so far */
  regexSize: number;
}
