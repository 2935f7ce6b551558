import { parseEnvelopePath } from './envelope-path.ts';

const localParts = { dmarc: 'dmarc-reports', tls: 'tls-reports' } as const;

/** Where other hosts send their reports about the domains that are hosted here; reserved on the host's own name. */
export const reportAddress = (kind: keyof typeof localParts, host: string): string => `${localParts[kind]}@${host.toLowerCase()}`;

/** Whether a path of an envelope is one of them. */
export function isReportAddress(path: string, host: string): boolean {
  const own = parseEnvelopePath(path)?.own ?? '';
  return own === reportAddress('dmarc', host) || own === reportAddress('tls', host);
}
