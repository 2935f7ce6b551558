import { domainOf, localPartOf, type EmailAddress } from './email-address.ts';
import { withoutDetail } from './without-detail.ts';

/**
 * The addresses whose mailbox takes mail for this one, best first: itself, and what is left when the detail behind a "+" goes (RFC 5233).
 * "max+shop+2@muster.at": itself, "max+shop@muster.at", "max@muster.at".
 */
export function addressesBehind(address: EmailAddress): EmailAddress[] {
  const local = localPartOf(address);
  const behind = [address];
  for (let at = local.lastIndexOf('+'); at > 0; at = local.lastIndexOf('+', at - 1)) {
    behind.push(`${local.slice(0, at)}@${domainOf(address)}` as EmailAddress);
  }
  return behind;
}

/**
 * The addresses that a mailbox may write as: those it has, and their subaddresses, unless somebody else has one of these as an address of
 * his own.
 */
export class SenderAddresses extends Set<string> {
  readonly #others: ReadonlySet<string>;
  readonly #onBehalf: ReadonlySet<string>;

  constructor(own: Iterable<string>, others: Iterable<string>, onBehalf: Iterable<string> = []) {
    super(own);
    this.#others = new Set(others);
    this.#onBehalf = new Set(onBehalf);
  }

  /** Written as only with the mailbox's own address beside it, in Sender. */
  isOnBehalf(address: string): boolean {
    return this.#onBehalf.has(address) || this.#onBehalf.has(withoutDetail(address));
  }

  override has(address: string): boolean {
    if (super.has(address)) return true;
    if (!address.includes('+')) return false;
    for (const each of addressesBehind(address as EmailAddress)) {
      if (super.has(each)) return true;
      if (this.#others.has(each)) return false;
    }
    return false;
  }
}
