import type { Database, Transaction } from '../db/prisma.ts';
import { networkOf } from '../addresses/network-of.ts';
import type { LoginAttempt } from './login-throttle.ts';

const mostPerHour = 10;

/**
 * Whoever asks for one address after the other learns who is here, so answers that say so are counted as wrong passwords are: by network alone,
 * since under one name for everybody strangers elsewhere would close the door for all.
 */
export const askedAtSignUp = (remoteAddress: string): LoginAttempt => ({ address: `sign-up ${networkOf(remoteAddress)}`, remoteAddress });

/** True while this network has opened fewer than ten accounts within the hour. Counted by the audit, so by all processes together. */
export async function maySignUp(database: Database | Transaction, remoteAddress: string): Promise<boolean> {
  const network = networkOf(remoteAddress);
  const created = await database.auditEvent.findMany({
    where: { action: 'customer.created', at: { gt: new Date(Date.now() - 3_600_000) }, remote: { not: null } },
    select: { remote: true },
    orderBy: { at: 'desc' },
    take: 1000,
  });
  return created.filter(({ remote }) => remote !== null && networkOf(remote) === network).length < mostPerHour;
}

/** The same, for whoever counts alone from here until the transaction ends: sent side by side they would all be counted before one is there. */
export async function maySignUpNow(transaction: Transaction, remoteAddress: string): Promise<boolean> {
  const key = `sign-up ${networkOf(remoteAddress)}`;
  await transaction.$queryRaw`select 1 from (select pg_advisory_xact_lock(hashtextextended(${key}, 0))) l`;
  return maySignUp(transaction, remoteAddress);
}
