import type { StsPolicy } from '../../store/queue/sts-policies.ts';

const mostHosts = 200;
const longestAgeS = 31_557_600;
const hostPattern = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** RFC 8461 section 3.2. Null: not a policy that can be followed. Of a field that is there twice the first counts, except mx. */
export function parseStsPolicy(text: string): (StsPolicy & { maxAgeS: number }) | null {
  const fields = text.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
  });
  const first = (name: string): string | undefined => fields.find(([key]) => key === name)?.[1];
  const mode = first('mode');
  const age = first('max_age') ?? '';
  if (first('version') !== 'STSv1' || (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') || !/^\d{1,10}$/.test(age)) return null;
  const mx = fields.filter(([key]) => key === 'mx').map(([, value]) => value.toLowerCase().replace(/\.$/, ''));
  if (mx.length > mostHosts || !mx.every((pattern) => hostPattern.test(pattern)) || (mode !== 'none' && mx.length === 0)) return null;
  return { mode, mx, maxAgeS: Math.min(Number(age), longestAgeS) };
}

/** The id of a "_mta-sts" record (section 3.1). Null: none, or more than one, which is as good as none. */
export function parseStsRecord(records: readonly string[]): string | null {
  const policies = records.filter((record) => /^v=STSv1[ \t]*;/.test(record));
  const [only] = policies;
  if (only === undefined || policies.length > 1) return null;
  return /;[ \t]*id=([A-Za-z0-9]{1,32})[ \t]*(?:;|$)/.exec(only)?.[1] ?? null;
}

/** Section 4.1: a star stands for exactly one label. */
export const namesHost = ({ mx }: StsPolicy, host: string): boolean =>
  mx.some((pattern) => {
    if (!pattern.startsWith('*.')) return pattern === host;
    const dot = host.indexOf('.');
    return dot > 0 && host.slice(dot) === pattern.slice(1);
  });
