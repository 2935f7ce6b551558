import { VARIABLE_NAME } from '../compile/compile-text.ts';
import type { Project, Unit } from '../compile/project.ts';
import type { CommandSpecification } from '../compile/specification.ts';

/** RFC 6609 section 3.2. Scripts are compiled into the one that includes them, so a missing one is told when it is saved. */
export const include: CommandSpecification = {
  extensions: ['include'],
  tags: { personal: { group: 'location' }, global: { group: 'location' }, once: {}, optional: {} },
  positional: ['string'],
  compile(call) {
    const name = call.text(0);
    const location = call.has('global') ? 'global' : 'personal';
    const once = call.has('once');
    if (name.constant === null || !isScriptName(name.constant)) {
      call.fault('the name of an included script is a plain name, without variables and slashes', name.line);
      return () => undefined;
    }
    const unit = findUnit(
      call.compiler.project,
      location,
      name.constant,
      (sentence) => (call.compiler.project.lenient ? call.compiler.warn(call.line, sentence) : call.fault(sentence)),
      call.has('optional'),
    );
    if (unit === null) return () => undefined;
    const script = name.constant;
    return (run) => {
      if (once && run.included.has(unit.id)) return undefined;
      run.included.add(unit.id);
      run.spend(1);
      const flow = run.within(script, () => unit.step?.(run));
      return flow === 'return' ? undefined : flow;
    };
  },
};

function findUnit(
  project: Project,
  location: 'personal' | 'global',
  name: string,
  fault: (sentence: string) => void,
  optional: boolean,
): Unit | null {
  const id = `${location}/${name}`;
  const known = project.units.get(id);
  if (known !== undefined) {
    if (known.step === null) fault(`the script '${name}' includes itself`);
    return known;
  }
  if (project.depth >= project.limits.includeDepth) fault(`scripts are included more than ${project.limits.includeDepth} deep`);
  else if (project.units.size >= project.limits.includes) fault(`more than ${project.limits.includes} scripts are included`);
  else {
    const source = project.load(location, name);
    if (source !== null) return compileUnit(project, id, name, source);
    if (!optional) fault(`there is no ${location} script '${name}' to include`);
  }
  return null;
}

function compileUnit(project: Project, id: string, name: string, source: Buffer): Unit {
  const unit: Unit = { id, step: null };
  project.units.set(id, unit);
  project.depth++;
  unit.step = project.compile(source, name) ?? (() => undefined);
  project.depth--;
  return unit;
}

/** RFC 6609 section 3.4. */
export const returnFromScript: CommandSpecification = { extensions: ['include'], compile: () => () => 'return' };

/** RFC 6609 section 3.4.1: these variables are shared with all scripts that name them so. */
export const global: CommandSpecification = {
  extensions: ['include'],
  positional: ['list'],
  compile(call) {
    const { compiler } = call;
    if (!compiler.uses('variables')) call.fault('the global command needs require "variables"');
    const names = call.list(0);
    if (names.constant === null) call.fault('the names of variables must not hold variables', names.line);
    for (const name of names.constant ?? []) {
      if (compiler.locals.has(name.toLowerCase())) call.fault(`the variable '${name}' was used before global names it`, names.line);
      else if (VARIABLE_NAME.test(name) && !name.includes('.')) compiler.globals.add(name.toLowerCase());
      else call.fault(`'${name.slice(0, 100)}' is not the name of a variable`, names.line);
    }
    return () => undefined;
  },
};

const isScriptName = (name: string): boolean => name !== '' && name.length <= 255 && !/[/\p{Cc}\u2028\u2029]/u.test(name);
