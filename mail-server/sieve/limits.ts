/** What one script may ask for. Defaults follow what Pigeonhole allows where it has such a limit. */
export interface SieveLimits {
  /** bytes of a script */
  scriptBytes: number;
  /** blocks, and tests, inside one another */
  nesting: number;
  /** include inside include */
  includeDepth: number;
  /** scripts that belong to one, itself among them */
  includes: number;
  /** faults that are told of one script */
  faults: number;
  /** steps of one run: commands, tests, and one for each 64 characters that are compared */
  steps: number;
  /** ms of one run */
  milliseconds: number;
  /** actions of one run */
  actions: number;
  /** redirects of one run */
  redirects: number;
  /** bytes of the value of a variable; what is longer is cut */
  variableBytes: number;
  /** characters of a string once its variables are in it; what is longer is cut */
  stringLength: number;
  /** variables of one scope */
  variables: number;
  /** `duplicate`, metadata and other questions of one run that the caller has to look up */
  lookups: number;
  /** bytes of a regular expression, and instructions that it becomes */
  regexBytes: number;
  regexProgram: number;
  /** instructions of all regular expressions of a script */
  regexTotal: number;
  /** instructions times characters of one match: what is behind them in a long text is not looked at */
  regexWork: number;
  /** fields that addheader and deleteheader change in one run */
  headerEdits: number;
}

export const DEFAULT_SIEVE_LIMITS: SieveLimits = {
  scriptBytes: 1024 * 1024,
  nesting: 32,
  includeDepth: 10,
  includes: 255,
  faults: 20,
  steps: 20_000_000,
  milliseconds: 5000,
  actions: 32,
  redirects: 4,
  variableBytes: 4096,
  stringLength: 65_536,
  variables: 255,
  lookups: 32,
  regexBytes: 8192,
  regexProgram: 2000,
  regexTotal: 50_000,
  regexWork: 4_000_000,
  headerEdits: 100,
};
