import { accountId, type AccountId } from '../../lib/db/ids.ts';

/** NOTIFY takes payloads shorter than 8000 bytes. */
const longestPayload = 7900;

/** "12,15,101": as few payloads as hold the accounts, in order. */
export function formatHints(accounts: Iterable<AccountId>): string[] {
  const payloads: string[] = [];
  let current = '';
  for (const account of accounts) {
    const next = current === '' ? String(account) : `${current},${account}`;
    if (next.length > longestPayload) {
      payloads.push(current);
      current = String(account);
    } else current = next;
  }
  if (current !== '') payloads.push(current);
  return payloads;
}

/** The accounts of a payload; what is no id is left out. */
export const parseHints = (payload: string): AccountId[] =>
  payload
    .split(',')
    .filter((text) => /^\d{1,15}$/.test(text))
    .map((text) => accountId(Number(text)));
