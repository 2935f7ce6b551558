import type { DomainName } from '../../addresses/domain-name.ts';
import { customerId, type CustomerId } from '../../db/ids.ts';
import type { Database, Transaction } from '../../db/prisma.ts';

/** "a.b.firma.at": itself, "b.firma.at", "firma.at", "at". */
function withNamesAbove(name: DomainName): string[] {
  const labels = name.split('.');
  return labels.map((_, at) => labels.slice(at).join('.'));
}

/**
 * The nearest proved domain: this name, or the nearest one above it. A name below somebody's domain is theirs, until they agree or the TXT
 * record at that very name says otherwise. Null: nobody proved any of them.
 */
export async function nearestProved(
  database: Database | Transaction,
  name: DomainName,
): Promise<{ name: DomainName; customerId: CustomerId } | null> {
  const proved = await database.domain.findMany({
    where: { name: { in: withNamesAbove(name) }, verifiedAt: { not: null } },
    select: { name: true, customerId: true },
  });
  const nearest = proved.toSorted((a, b) => b.name.length - a.name.length)[0];
  return nearest ? { name: nearest.name as DomainName, customerId: customerId(nearest.customerId) } : null;
}

/** Whose the name is. */
export const ownerOfName = async (database: Database | Transaction, name: DomainName): Promise<CustomerId | null> =>
  (await nearestProved(database, name))?.customerId ?? null;
