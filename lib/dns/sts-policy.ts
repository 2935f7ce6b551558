import { createHash } from 'node:crypto';

export type StsMode = 'testing' | 'enforce';

const maxAgeS: Record<StsMode, number> = { testing: 86_400, enforce: 1_209_600 };

/** The policy of every domain that is hosted here (RFC 8461 section 3.2): only this host, only with its certificate. */
export const stsPolicyText = ({ host, stsMode }: { host: string; stsMode: StsMode }): string =>
  `version: STSv1\r\nmode: ${stsMode}\r\nmx: ${host}\r\nmax_age: ${maxAgeS[stsMode]}\r\n`;

/** Changes with the policy, and with nothing else, so that who remembers another one asks anew. */
export const stsPolicyId = (facts: { host: string; stsMode: StsMode }): string =>
  createHash('sha256').update(stsPolicyText(facts)).digest('hex').slice(0, 20);
