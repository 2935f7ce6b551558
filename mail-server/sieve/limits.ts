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
  /** variables of one scope */
  variables: number;
  /** `duplicate`, metadata and other questions of one run that the caller has to look up */
  lookups: number;
  /** bytes of a regular expression */
  regexBytes: number;
}

export const DEFAULT_SIEVE_LIMITS: SieveLimits = {
  scriptBytes: 1024 * 1024,
  nesting: 32,
  includeDepth: 10,
  includes: 255,
  faults: 20,
  steps: 5_000_000,
  milliseconds: 5000,
  actions: 32,
  redirects: 4,
  variableBytes: 4096,
  variables: 255,
  lookups: 32,
  regexBytes: 8192,
};
