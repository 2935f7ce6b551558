import { domainOf } from '../../lib/addresses/email-address.ts';
import { parseDomainName, type DomainName } from '../../lib/addresses/domain-name.ts';
import { parseEnvelopePath } from '../../lib/addresses/envelope-path.ts';
import type { Services } from '../services.ts';
import { isOfResponsible } from '../../lib/targets/postmaster.ts';
import { findPostmaster } from '../store/postmaster.ts';
import type { Recipient } from '../store/mail-directory.ts';

/** A recipient as it was named, and what the directory knows of it. */
export interface Named {
  text: string;
  address: string;
  domain: string;
  recipient: Recipient;
}

type Asked = Pick<Services, 'directory' | 'database' | 'settings'>;

/** Looks up whom a RCPT names. Null for what is no address, or whoever runs this host where nobody has a mailbox yet. */
export async function findNamed(services: Asked, path: string): Promise<Named | null> {
  const host = services.settings.hostName.toLowerCase();
  if (isPostmaster(path)) return hostPostmaster(services);
  const parsed = parseEnvelopePath(path);
  if (!parsed) return null;
  const { text, domain, own } = parsed;
  const local = text.slice(0, text.lastIndexOf('@')).toLowerCase();
  if (domain === host && isOfResponsible(local.replace(/^"(.*)"$/, '$1')) && !(await isHosted(services, host))) {
    return hostPostmaster(services);
  }
  if (own) return { text, address: own, domain, recipient: await services.directory.recipient(own) };
  // nobody here can have such an address, but the domain may be ours all the same
  const name = parseDomainName(domain);
  const found = name && (await services.directory.domain(name));
  const recipient: Recipient = found
    ? { kind: 'unknown-user', domain: name, customerId: found.customerId, domainVerified: found.verified }
    : { kind: 'foreign-domain' };
  return { text, address: text, domain, recipient };
}

/** In any case, with and without quotes (RFC 5321 sections 4.1.1.3 and 4.5.1). */
export const isPostmaster = (local: string): boolean => /^(?:postmaster|"postmaster")$/i.test(local);

const isHosted = async ({ directory }: Asked, host: string): Promise<boolean> => (await directory.domain(host as DomainName)) !== null;

/** <postmaster>, and postmaster and abuse of this host's own name, is whoever runs the installation. */
async function hostPostmaster(services: Asked): Promise<Named | null> {
  const address = await findPostmaster(services.database, null, services.settings.postmaster);
  if (!address) return null;
  const recipient = await services.directory.recipient(address);
  return { text: address, address, domain: domainOf(address), recipient };
}
