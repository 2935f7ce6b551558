import { randomBytes } from 'node:crypto';
import { hashPassword } from '../../lib/auth/password-hash.ts';
import { randomPassword } from '../../lib/auth/random-password.ts';
import { sealSecret } from '../../lib/auth/secret-box.ts';
import type { PrismaClient } from '../../lib/db/generated/client.ts';
import { makeDkimKey } from '../../lib/dkim/make-key.ts';
import { demoReports } from './demo-reports.ts';

export interface Credential {
  address: string;
  password: string;
}

const domainName = 'muster.at';
const people = [
  { localPart: 'max', name: 'Max Muster', role: 'owner' },
  { localPart: 'erika', name: 'Erika Musterfrau', role: 'administrator' },
] as const;

/**
 * The demo customer "Muster GmbH" with the verified domain muster.at and its two mailboxes, made in one transaction if it is not there.
 * Returns the logins: `known` where the customer exists already (none of our passwords fits if it came from another data directory).
 */
export async function ensureDemoCustomer(
  database: PrismaClient,
  secret: string,
  quotaBytes: number,
  known: Credential[],
): Promise<Credential[]> {
  if (await database.domain.findUnique({ where: { name: domainName } })) return known;
  const logins = people.map(({ localPart }) => ({ address: `${localPart}@${domainName}`, password: randomPassword() }));
  const hashes = await Promise.all(logins.map(({ password }) => hashPassword(password)));
  const dkim = await makeDkimKey('rsa');
  await database.$transaction(async (transaction) => {
    const customer = await transaction.customer.create({ data: { name: 'Muster GmbH' } });
    const domain = await transaction.domain.create({
      data: {
        customerId: customer.id,
        name: domainName,
        verificationToken: randomBytes(16).toString('hex'),
        verifiedAt: new Date(),
        dkimSelector: `postamt${new Date().getUTCFullYear()}`,
        dkimPrivateKey: sealSecret(dkim.privateKeyPem, secret),
        dkimPublicKey: dkim.publicKey,
        reports: { create: demoReports(domainName) },
      },
    });
    for (const [index, { localPart, name, role }] of people.entries()) {
      const address = `${localPart}@${domainName}`;
      const mailbox = await transaction.mailbox.create({
        data: {
          customerId: customer.id,
          domainId: domain.id,
          localPart,
          address,
          name,
          passwordHash: hashes[index] ?? '',
          quotaBytes,
          addresses: { create: { domainId: domain.id, address, isPrimary: true } },
        },
      });
      await transaction.user.create({ data: { customerId: customer.id, email: address, name, role, mailboxId: mailbox.id } });
    }
    await transaction.auditEvent.create({
      data: {
        customerId: customer.id,
        actor: 'system',
        action: 'customer.created',
        subject: customer.name,
        details: { demo: true },
      },
    });
  });
  return logins;
}
