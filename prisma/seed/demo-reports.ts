import type { Prisma } from '../../lib/db/generated/client.ts';

const dayMs = 86_400_000;

/** What other hosts reported about the demo's domain yesterday, so that its page of reports shows something. */
export const demoReports = (domain: string, now = new Date()): Prisma.ReceivedReportCreateWithoutDomainInput[] => {
  const day = { fromAt: new Date(now.getTime() - 2 * dayMs), untilAt: new Date(now.getTime() - dayMs), reportId: 'demo' };
  const row = (line: number, source: string, count: number, success: boolean, result: string, facts: Record<string, string>) => ({
    line,
    source,
    count,
    success,
    result,
    facts,
  });
  return [
    {
      ...day,
      kind: 'dmarc',
      reporter: 'grosspost.example',
      organization: 'Großpost',
      policy: { p: 'none' },
      rows: {
        create: [
          row(0, '198.51.100.17', 1190, true, 'none', { dkimDomain: domain, envelopeFrom: domain }),
          row(1, '2001:db8:4f::25', 40, true, 'none', { dkimDomain: domain }),
          row(2, '203.0.113.99', 7, false, 'none', { envelopeFrom: 'gewinnspiel.example' }),
          row(3, '192.0.2.200', 3, false, 'none', { dkimDomain: 'newsletter-dienst.example' }),
        ],
      },
    },
    {
      ...day,
      kind: 'tls',
      reporter: 'grosspost.example',
      organization: 'Großpost',
      policy: { type: 'no-policy-found' },
      rows: { create: [row(0, '', 318, true, 'successful', {})] },
    },
  ];
};
