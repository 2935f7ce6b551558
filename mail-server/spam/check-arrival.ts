import { dnsResolverOf } from '../delivery/authenticity/dns-resolver.ts';
import type { Services } from '../services.ts';
import { isKnownHost } from '../store/greylist-store.ts';
import { askClamav } from './checks/ask-clamav.ts';
import { askRspamd } from './checks/ask-rspamd.ts';
import { askChecker } from './checks/checker.ts';
import { askLists, judgeOrigin } from './checks/judge-origin.ts';
import { senderNetwork } from './checks/sender-network.ts';
import type { Reason } from './reason.ts';

export interface Arrival {
  content: Buffer;
  sender: string;
  recipients: readonly string[];
  /** null: behind a host that we trust and that has judged it (LMTP); viruses are looked for all the same */
  remoteAddress: string | null;
  greetedAs: string | null;
  authorDomain: string;
}

export interface CheckedArrival {
  /** for each mailbox's score */
  reasons: Reason[];
  /** the name of what a virus scanner found */
  virus: string | null;
}

const dnsDeadlineMs = 3_000;

/** All that is asked about a letter at the door beside its authenticity, at the same time. Never rejects: what is away says nothing. */
export async function checkArrival(services: Services, arrival: Arrival): Promise<CheckedArrival> {
  const { rspamd, deadlineMs } = services.settings.spam;
  const { content, sender, recipients, remoteAddress, greetedAs } = arrival;
  const [virus, opinion, origin] = await Promise.all([
    findVirus(services, content),
    rspamd === null || remoteAddress === null
      ? null
      : askChecker(services, { name: 'rspamd', where: rspamd, deadlineMs }, (signal) =>
          askRspamd(rspamd, content, { sender, recipients, remoteAddress, greetedAs }, signal),
        ),
    remoteAddress === null ? [] : within(dnsDeadlineMs, fromDns(services, arrival, remoteAddress)),
  ]);
  return { virus, reasons: [...origin, ...(opinion ? [opinion] : [])] };
}

/** What the virus scanner of the installation finds, null where there is none, or it finds nothing or is away. */
export async function findVirus(services: Services, content: Buffer): Promise<string | null> {
  const { clamav, deadlineMs } = services.settings.spam;
  if (clamav === null) return null;
  return askChecker(services, { name: 'clamav', where: clamav, deadlineMs }, (signal) => askClamav(clamav, content, signal));
}

async function fromDns(services: Services, { greetedAs, authorDomain }: Arrival, remoteAddress: string): Promise<Reason[]> {
  const resolver = dnsResolverOf(services.settings);
  const { dnsLists } = services.settings.spam;
  const lists = async (): Promise<Reason[]> => {
    if (dnsLists.length === 0 || (await isKnownHost(services.database, senderNetwork(remoteAddress)).catch(() => false))) return [];
    return askLists(resolver, dnsLists, remoteAddress);
  };
  return (await Promise.all([judgeOrigin(resolver, { remoteAddress, greetedAs, authorDomain }), lists()])).flat();
}

async function within(ms: number, work: Promise<Reason[]>): Promise<Reason[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reason[]>((resolve) => {
    timer = setTimeout(() => resolve([]), ms);
  });
  return Promise.race([work.catch(() => []), late]).finally(() => clearTimeout(timer));
}
