import { describe, expect, it } from 'vitest';
import { ConfigurationError, parseEnvironment, unknownNames } from '#lib/config/config.ts';
import { quotaBytes } from '#lib/provisioning/mailboxes/quota.ts';

const refusal = (environment: Record<string, string>): string => {
  try {
    parseEnvironment(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'taken';
};

describe('a variable that cannot be taken', () => {
  it('is named with what was given', () => {
    expect(refusal({ PORT: '99999' })).toMatch(/^PORT=99999: /);
  });

  it.each([
    ['POSTAMT_SECRET', 'too-short-kW7q'],
    ['DATABASE_URL', 'mysql://postamt:kW7q@db.example/postamt'],
    ['POSTAMT_DATABASE_ADMIN_URL', 'mysql://postgres:kW7q@db.example'],
    ['POSTAMT_RSPAMD', 'ftp://:kW7q@127.0.0.1:11334'],
  ])('keeps what is secret in it: %s', (name, given) => {
    expect(refusal({ [name]: given })).toMatch(new RegExp(`^${name}: `));
    expect(refusal({ [name]: given })).not.toContain('kW7q');
  });
});

it('a variable that is misspelt is told, and not what is set for others or to nothing', () => {
  expect(unknownNames({ POSTAMT_SIGNUP: 'closed', POSTAMT_SIGN_UP: 'closed', POSTAMT_DB_PASSWORD: '', PATH: '/bin' })).toEqual([
    'POSTAMT_SIGNUP',
  ]);
});

it('the storage of a new mailbox is one that the panel takes', () => {
  const smallest = 10 * 2 ** 20;
  const largest = 2 ** 40;
  for (const bytes of [smallest, largest]) {
    expect(quotaBytes.safeParse(parseEnvironment({ POSTAMT_QUOTA_BYTES: String(bytes) }).POSTAMT_QUOTA_BYTES).success).toBe(true);
  }
  for (const bytes of [smallest - 1, largest + 1]) expect(refusal({ POSTAMT_QUOTA_BYTES: String(bytes) })).not.toBe('taken');
});
