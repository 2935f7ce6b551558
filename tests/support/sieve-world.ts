import type { Environment } from '#mail-server/sieve/run/environment.ts';

/** A mailbox with nothing but INBOX, on which nothing has happened yet. */
export function emptyWorld(changes: Partial<Environment> = {}): Environment {
  return {
    envelope: { from: 'eve@example.net', to: 'recipient@example.com' },
    recipient: 'recipient@example.com',
    ownAddresses: ['recipient@example.com'],
    now: new Date('2026-03-03T10:00:00Z'),
    zoneMinutes: () => 60,
    detailSeparator: '+',
    items: {},
    spamPercent: null,
    virus: 0,
    vacationSeconds: { usual: 604_800, least: 0, most: 31_536_000 },
    mailboxes: async () => [{ name: 'INBOX', specialUse: [], mailboxId: 'F1' }],
    metadata: async () => null,
    seenBefore: async () => false,
    ...changes,
  };
}
