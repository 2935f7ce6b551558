import { isUtf8 } from 'node:buffer';
import { Compiler } from './compile/compiler.ts';
import type { IncludeLoader, Project } from './compile/project.ts';
import type { Step } from './compile/program.ts';
import { Invalid } from './language/invalid.ts';
import { parseScript } from './language/parse-script.ts';
import { DEFAULT_SIEVE_LIMITS, type SieveLimits } from './limits.ts';
import { type Fault, ScriptError } from './script-error.ts';

/** A valid script: may run for any number of letters, at the same time too. */
export interface Script {
  run: Step;
  limits: SieveLimits;
  warnings: readonly Fault[];
}

const nothingToInclude: IncludeLoader = () => null;

interface CompileOptions {
  limits?: SieveLimits;
  load?: IncludeLoader;
  /** the script is being saved: what it includes may come later */
  lenient?: boolean;
}

/** Checks a script and makes it ready to run. Throws ScriptError with all faults that were found, in the order of their lines. */
export function compile(source: Uint8Array, options: CompileOptions = {}): Script {
  const { limits = DEFAULT_SIEVE_LIMITS, load = nothingToInclude, lenient = false } = options;
  const project: Project = {
    limits,
    load,
    compile: (included, name) => compileSource(project, included, name),
    faults: [],
    warnings: [],
    lenient,
    units: new Map(),
    depth: 0,
    regexSize: 0,
  };
  const run = compileSource(project, source, '');
  // what is wrong with this script stands before what is wrong with those that it includes
  const [own, included] = [project.faults.filter(({ script }) => script === ''), project.faults.filter(({ script }) => script !== '')];
  const faults = lenient ? own : [...own, ...included];
  if (run === null || faults.length > 0) throw new ScriptError(faults);
  if (lenient) project.warnings.push(...included);
  return { run, limits, warnings: project.warnings };
}

/** Compiles the main script (empty name) or an included one; null, and a fault told, if it cannot be read. */
function compileSource(project: Project, source: Uint8Array, name: string): Step | null {
  try {
    return new Compiler(project, name).main(parseScript(decode(source, project.limits), project.limits.nesting));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    project.faults.push({ line: error.line, sentence: error.message, script: name });
    return null;
  }
}

function decode(source: Uint8Array, limits: SieveLimits): string {
  if (source.length > limits.scriptBytes) throw new Invalid(1, `the script is larger than ${limits.scriptBytes} bytes`);
  const text = Buffer.from(source.buffer, source.byteOffset, source.length).toString('utf8');
  // what is not UTF-8 shows as U+FFFD; inside a comment it does no harm
  return isUtf8(source) && text.startsWith('\ufeff') ? text.slice(1) : text;
}
