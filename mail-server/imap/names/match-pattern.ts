/**
 * Matches a folder name against a LIST pattern: "*" any characters, "%" any but "/". INBOX matches in any case.
 * Greedy with one step back for each kind of wildcard: a later "*" makes all earlier ones final, and a "%" never has to be widened behind a
 * later one, so the work is bounded by length of name times length of pattern, whatever the pattern.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  return walk(name, pattern) || (/^inbox(?=\/|$)/i.test(name) && walk(`INBOX${name.slice(5)}`, upperInbox(pattern)));
}

/** "inbox", "Inbox/%" … in capitals where the pattern spells INBOX out. */
const upperInbox = (pattern: string): string => (/^inbox(?=[/%*]|$)/i.test(pattern) ? `INBOX${pattern.slice(5)}` : pattern.toUpperCase());

function walk(name: string, pattern: string): boolean {
  let n = 0;
  let p = 0;
  let starPattern = -1;
  let starName = 0;
  let percentPattern = -1;
  let percentName = 0;
  while (n < name.length || p < pattern.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      starPattern = ++p;
      starName = n;
      percentPattern = -1;
    } else if (wanted === '%') {
      percentPattern = ++p;
      percentName = n;
    } else if (n < name.length && wanted === name[n]) {
      n++;
      p++;
    } else if (percentPattern >= 0 && percentName < name.length && name[percentName] !== '/') {
      n = ++percentName;
      p = percentPattern;
    } else if (starPattern >= 0 && starName < name.length) {
      n = ++starName;
      p = starPattern;
      percentPattern = -1;
    } else {
      return false;
    }
  }
  return true;
}

/** Runs of wildcards say no more than their strongest: "*%*" is "*". */
export const simplifyPattern = (pattern: string): string => pattern.replace(/[*%]+/g, (run) => (run.includes('*') ? '*' : '%'));
