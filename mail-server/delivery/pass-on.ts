import { domainOf, type EmailAddress } from '../../lib/addresses/email-address.ts';
import type { DomainName } from '../../lib/addresses/domain-name.ts';
import { parseEnvelopePath } from '../../lib/addresses/envelope-path.ts';
import { openSecret } from '../../lib/auth/secret-box.ts';
import type { CustomerId } from '../../lib/db/ids.ts';
import type { Judgement, Provenance } from '../../lib/mime/judgement.ts';
import { MessageHeader } from '../../lib/mime/read-header.ts';
import type { Services } from '../services.ts';
import type { NewQueueMessage } from '../store/queue/queue-store.ts';
import { chainInWorker } from './letter-work.ts';
import type { Forwarder } from '../../lib/targets/memory-key.ts';
import { type BackTo, srsAddress, writePassedOnBy } from './srs.ts';

/** Letters with so many of these are sent in circles by people's settings, wherever the settings are. */
const mostPassings = 25;

export interface Passing {
  /** as the letter is stored here */
  raw: Buffer;
  sender: string;
  smtputf8: boolean;
  /** RFC 8689: goes on no other way than it came */
  requireTls: boolean;
  provenance: Provenance;
  /** the address here that passes it on; its domain seals, and takes what comes back */
  from: EmailAddress;
  customerId: CustomerId;
  by: Forwarder;
  /** whom a failure brings it back to; null where a copy was kept */
  backTo: BackTo | null;
  to: readonly string[];
  acceptKey: Buffer | null;
}

/** True for a letter that went through too many forwards, or through this address before. */
export function isGoingRound(raw: Buffer, address: EmailAddress): boolean {
  const header = new MessageHeader(raw);
  const delivered = header.named('delivered-to').map((field) => header.value(field).trim().toLowerCase());
  return delivered.length >= mostPassings || delivered.includes(address);
}

/**
 * A letter on its way to other addresses, as it goes into the queue: every byte of the author's stays, so that his signature does; above it
 * stand what we found out, under our seal (ARC, RFC 8617), and who passed it on, by which a circle is seen. What comes back comes to us
 * (srs.ts). Null if no target is an address.
 */
export async function passOn(services: Services, secret: string, passing: Passing): Promise<NewQueueMessage | null> {
  const domain = domainOf(passing.from);
  const recipients = passing.to.flatMap((address) => {
    const path = parseEnvelopePath(address);
    return path ? [{ address: path.text, domain: path.domain, dsnNotify: null, dsnOriginal: null }] : [];
  });
  if (recipients.length === 0) return null;
  const { by, backTo, customerId: customer } = passing;
  const message = withoutReturnPath(passing.raw);
  const seal = await sealOf(services, secret, message, domain, passing.provenance.judgement);
  return {
    customerId: passing.customerId,
    accountId: null,
    sender: srsAddress(passing.sender, domain, backTo === null ? by : { ...by, backTo, customer }, secret),
    locale: 'de',
    content: Buffer.concat([Buffer.from(`Delivered-To: ${passing.from}\r\n${seal}`), message]),
    smtputf8: passing.smtputf8 || recipients.some(({ address }) => /[^\x20-\x7e]/.test(address)),
    requireTls: passing.requireTls,
    dsnReturn: null,
    dsnEnvelope: null,
    acceptKey: passing.acceptKey,
    provenance: passing.provenance,
    reports: false,
    passedOnBy: writePassedOnBy(by, backTo),
    recipients,
  };
}

/** Ours, written at the final delivery here; the next host writes its own. */
export function withoutReturnPath(raw: Buffer): Buffer {
  return /^return-path:/i.test(raw.toString('latin1', 0, 12)) ? raw.subarray(raw.indexOf(10) + 1) : raw;
}

/** The fields of our link of the chain; '' where the domain is not confirmed, the DNS does not show its key, or the chain cannot go on. */
async function sealOf(
  services: Services,
  secret: string,
  message: Buffer,
  domain: DomainName,
  judgement: Judgement | null,
): Promise<string> {
  const entry = await services.directory.domain(domain);
  if (!entry?.verified || !entry.rsa) return '';
  try {
    const privateKey = openSecret(entry.rsa.privateKey, secret);
    const { hostName } = services.settings;
    return await chainInWorker(
      {
        message,
        domain,
        selector: entry.rsa.selector,
        privateKey,
        hostName,
        results: resultsOf(judgement),
        holds: judgement?.arc === 'pass',
      },
      domain,
    );
  } catch (error) {
    services.log.warn({ err: error, domain }, 'a letter that is passed on could not be sealed');
    return '';
  }
}

/** What was found out, in the words of RFC 8601; only from data, never from text of the letter. */
function resultsOf(judgement: Judgement | null): string {
  if (!judgement) return 'none';
  const word = (text: string): string => text.replace(/[^a-z0-9.@_-]/gi, '');
  const { spf, dkim, dmarc, arc } = judgement;
  const found = [
    ...(spf ? [`spf=${word(spf.result)} smtp.mailfrom=${word(spf.domain) || 'unknown'}`] : []),
    ...dkim.slice(0, 5).map(({ result, domain, selector }) => `dkim=${word(result)} header.d=${word(domain)} header.s=${word(selector)}`),
    ...dmarc.slice(0, 1).map(({ result, domain }) => `dmarc=${word(result)} header.from=${word(domain)}`),
    ...(arc === null ? [] : [`arc=${word(arc)}`]),
  ];
  return found.length === 0 ? 'none' : found.join('; ');
}
