import { parseEnvironment } from '../../config/config.ts';
import type { CustomerId } from '../../db/ids.ts';
import type { Database, Transaction } from '../../db/prisma.ts';

/** What a customer may have. Null in the customer's row: what the configuration says for everybody. */
export interface CustomerLimits {
  domains: number;
  /** beside the proved ones; the same for everybody */
  unprovedDomains: number;
  mailboxes: number;
  /** sum of the mailboxes' limits */
  storageBytes: number;
  /** addresses beside the mailboxes' own */
  aliases: number;
  appPasswords: number;
  messagesPerHour: number;
}

let known: CustomerLimits | null = null;

/** POSTAMT_CUSTOMER_… */
export function defaultLimits(): CustomerLimits {
  if (known) return known;
  const environment = parseEnvironment(process.env);
  known = {
    domains: environment.POSTAMT_CUSTOMER_DOMAINS,
    unprovedDomains: environment.POSTAMT_CUSTOMER_UNPROVED_DOMAINS,
    mailboxes: environment.POSTAMT_CUSTOMER_MAILBOXES,
    storageBytes: environment.POSTAMT_CUSTOMER_STORAGE_BYTES,
    aliases: environment.POSTAMT_CUSTOMER_ALIASES,
    appPasswords: environment.POSTAMT_CUSTOMER_APP_PASSWORDS,
    messagesPerHour: environment.POSTAMT_CUSTOMER_MESSAGES_PER_HOUR,
  };
  return known;
}

interface Row {
  maxDomains: number | null;
  maxMailboxes: number | null;
  maxStorageBytes: bigint | null;
  maxAliases: number | null;
  maxAppPasswords: number | null;
  maxMessagesPerHour: number | null;
}

function limitsOf(row: Row): CustomerLimits {
  const standard = defaultLimits();
  return {
    domains: row.maxDomains ?? standard.domains,
    unprovedDomains: standard.unprovedDomains,
    mailboxes: row.maxMailboxes ?? standard.mailboxes,
    storageBytes: row.maxStorageBytes === null ? standard.storageBytes : Number(row.maxStorageBytes),
    aliases: row.maxAliases ?? standard.aliases,
    appPasswords: row.maxAppPasswords ?? standard.appPasswords,
    messagesPerHour: row.maxMessagesPerHour ?? standard.messagesPerHour,
  };
}

/**
 * Holds a customer's row until the transaction ends: what two people of it change at the same time happens one after the other. Always before
 * its domains, and these before its mailboxes, so that nobody waits in a circle.
 */
export async function holdCustomer(transaction: Transaction, customer: CustomerId): Promise<void> {
  await transaction.$queryRaw`select 1 from customer where id = ${customer} for no key update`;
}

/** A customer's limits, for whoever counts alone from here on: two requests at the same time do not both find the last place free. */
export async function holdLimits(transaction: Transaction, customer: CustomerId): Promise<CustomerLimits> {
  await holdCustomer(transaction, customer);
  return limitsOf(await transaction.customer.findUniqueOrThrow({ where: { id: customer } }));
}

/** Storage that is promised to a customer's mailboxes, but for one. Deleted ones hold theirs until they are purged. */
export async function promisedBytes(
  transaction: Transaction | Database,
  customer: CustomerId,
  except: bigint | null = null,
): Promise<number> {
  const { _sum } = await transaction.mailbox.aggregate({
    where: { customerId: customer, ...(except === null ? {} : { id: { not: except } }) },
    _sum: { quotaBytes: true },
  });
  return Number(_sum.quotaBytes ?? 0);
}
