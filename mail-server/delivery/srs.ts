import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { DomainName } from '../../lib/addresses/domain-name.ts';
import { deriveKey } from '../../lib/auth/derive-key.ts';
import { accountId, type AccountId, customerId, type CustomerId } from '../../lib/db/ids.ts';
import type { Forwarder } from '../../lib/targets/memory-key.ts';

const letters = { forward: 'f', address: 'a', rules: 'r' } as const;
const kindOf = new Map<string, Forwarder['kind']>([
  ['f', 'forward'],
  ['a', 'address'],
  ['r', 'rules'],
]);
const validDays = 30;
const dayMs = 86_400_000;
/** RFC 5321 section 4.5.3.1.1 */
const longestLocalPart = 64;

/** Whom a letter comes back to that could not be passed on: the mailbox that has no copy of its own, or whoever answers for an address that is no mailbox. */
export type BackTo = AccountId | 'owner';

/**
 * Who passed on what comes back, as our reverse-path says it. `backTo` is not set where a copy was kept; `customer`: whose owner it is, though the
 * address and its domain are somebody else's by now.
 */
export type Returned = Forwarder & { backTo?: BackTo; customer?: CustomerId };

/** As it stands with a message in the queue. `backTo`: though its forward may be gone by then; null: nobody needs one. */
export const writePassedOnBy = ({ kind, id }: Forwarder, backTo: BackTo | null = null): string =>
  `${kind}:${id} ${backTo === null ? 'kept' : `back:${backTo}`}`;

export const wasKept = (text: string | null): boolean => text?.endsWith(' kept') ?? false;

export function readBackTo(text: string | null): number | null {
  const account = / back:(\d{1,15})$/.exec(text ?? '')?.[1];
  return account === undefined ? null : Number(account);
}

export function readPassedOnBy(text: string | null): Forwarder | null {
  const [kind, id] = text?.split(' ')[0]?.split(':') ?? [];
  return (kind === 'forward' || kind === 'address' || kind === 'rules') && /^\d{1,15}$/.test(id ?? '') ? { kind, id: Number(id) } : null;
}

/**
 * The reverse-path of a letter that is passed on, by the Sender Rewriting Scheme: "SRS0=<hash>=<day>-<who>=<domain>=<local part>@ours", so
 * that SPF speaks for us, and a bounce comes back to us and says which forward it is about; with "-<mailbox>" behind <who> ("-0<customer>": whoever
 * answers for an address of his) where nothing was kept here, so that it has a place though the forward is gone by then. An address that was rewritten before us becomes
 * "SRS1=<hash>=<day>-<who>=<first host>==<rest>". A sender whose name is too long for both keeps only who passes on.
 */
export function srsAddress(sender: string, ours: DomainName, by: Returned, secret: string, at = new Date()): string {
  if (sender === '') return '';
  const cut = sender.lastIndexOf('@');
  const [local, domain] = [sender.slice(0, cut), sender.slice(cut + 1)];
  const back = by.backTo === undefined ? '' : `-${by.backTo === 'owner' ? `0${(by.customer ?? 0).toString(36)}` : by.backTo.toString(36)}`;
  const tag = `${Math.floor(at.getTime() / dayMs) % 1000}-${letters[by.kind]}${by.id.toString(36)}${back}`;
  const before = /^srs[01][=+-]([^=]+=[^=]+=)?(.*)$/i.exec(local);
  const isRewritten = /^srs0[=+-]/i.test(local);
  const rest =
    before && !isRewritten ? local.slice(5).replace(/^[^=]+=/, '') : isRewritten ? `${domain}=${local.slice(4)}` : `${domain}=${local}`;
  const version = before ? 'SRS1' : 'SRS0';
  const named = `${version}=${hashOf(`${tag}=${rest}`, ours, secret)}=${tag}=${rest}`;
  if (named.length <= longestLocalPart && /^[\x21-\x7e]+$/.test(named) && !/[\s<>()[\]\\,;:@"]/.test(named)) return `${named}@${ours}`;
  return `SRS0=${hashOf(`${tag}=`, ours, secret)}=${tag}=@${ours}`;
}

/** Who passed on the letter that comes back to this address. Null if we never wrote it, or more than 30 days ago. */
export function readSrs(local: string, ours: string, secret: string, at = new Date()): Returned | null {
  const matched = /^srs[01]=([a-z0-9]{12})=((\d{1,3})-([far])([0-9a-z]{1,10})(?:-([0-9a-z]{1,11}))?=.*)$/i.exec(local);
  if (!matched) return null;
  const [, hash = '', signed = '', day = '', letter = '', id = '', back] = matched;
  const right = Buffer.from(hashOf(signed, ours, secret));
  // hosts on the way may change the case (RFC 5321 forbids it, some do)
  if (!timingSafeEqual(right, Buffer.from(hash.toLowerCase()))) return null;
  const age = (Math.floor(at.getTime() / dayMs) - Number(day) + 1000) % 1000;
  const kind = kindOf.get(letter.toLowerCase());
  if (age > validDays || !kind) return null;
  const by = { kind, id: Number.parseInt(id, 36) };
  if (back === undefined) return by;
  if (!back.startsWith('0')) return { ...by, backTo: accountId(Number.parseInt(back, 36)) };
  return { ...by, backTo: 'owner', customer: customerId(Number.parseInt(back, 36)) };
}

/** The same of a whole address, which says itself whose domain it is of. */
export function readSrsAddress(address: string, secret: string): Returned | null {
  const cut = address.lastIndexOf('@');
  return readSrs(address.slice(0, cut), address.slice(cut + 1), secret);
}

/** An installation has one secret. */
let lately: { secret: string; key: KeyObject } | null = null;

function hashOf(text: string, ours: string, secret: string): string {
  if (lately?.secret !== secret) lately = { secret, key: createSecretKey(deriveKey(secret, 'sender rewriting v1')) };
  const digest = createHmac('sha256', lately.key).update(`${text}@${ours}`.toLowerCase()).digest();
  return BigInt(`0x${digest.toString('hex')}`)
    .toString(36)
    .padStart(12, '0')
    .slice(-12);
}
