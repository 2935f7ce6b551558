/** One fault of a script, with the line (counted from 1) where it stands. `script` names an included script, empty for the main one. */
export interface Fault {
  line: number;
  sentence: string;
  script: string;
}

/** The script is not valid: nothing of it may run. */
export class ScriptError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ script, line, sentence }) => `${script && `${script}: `}line ${line}: ${sentence}`).join('\n'));
    this.faults = faults;
  }
}

/** Thrown where a run comes to the end of what it may take; elsewhere more may be allowed (see delivery/rules/run-script.ts). */
export class TooMuch extends Error {
  constructor() {
    super('the script takes more time than one letter may');
  }
}

/** The script failed while it ran: all its actions are dropped for the implicit keep (RFC 5228 section 2.10.6). */
export class RunTimeError extends Error {
  readonly line: number;
  readonly script: string;

  constructor(line: number, sentence: string, script: string) {
    super(sentence);
    this.line = line;
    this.script = script;
  }
}
