import type { AccountId, CustomerId } from '../../lib/db/ids.ts';
import type { DomainName } from '../../lib/addresses/domain-name.ts';
import type { SenderAddresses } from '../../lib/addresses/subaddress.ts';
import type { EmailAddress } from '../../lib/addresses/email-address.ts';
import type { AddressEntry } from '../../lib/targets/lookup-addresses.ts';

export type Recipient =
  | {
      kind: 'mailbox';
      accountId: AccountId;
      customerId: CustomerId;
      address: EmailAddress;
      locale: string;
      domainVerified: boolean;
      overQuota: boolean;
      /** of what the mailbox does with its letters; 0: nothing but storing */
      rulesVersion: number;
      /** what its quota leaves */
      roomBytes: number;
      /** of the names that are hosted here; 0: not asked for */
      hostedVersion: number;
    }
  /** a forward, a group, a catch-all: follow it with lib/targets/resolve-address.ts */
  | {
      kind: 'targets';
      customerId: CustomerId;
      address: EmailAddress;
      domainVerified: boolean;
      /** left out where it is long */
      entry: AddressEntry | null;
    }
  | { kind: 'unknown-user'; domain: DomainName; customerId: CustomerId; domainVerified: boolean }
  | { kind: 'foreign-domain' };

export interface MailboxLogin {
  accountId: AccountId;
  customerId: CustomerId;
  address: EmailAddress;
  name: string;
  locale: string;
  status: 'active' | 'suspended' | 'deleted';
  customerStatus: 'active' | 'suspended';
  passwordHash: string;
  credentialVersion: number;
}

/** What may be signed in with at present. */
export interface OpenMailbox {
  credentialVersion: number;
  /** ids of those that are not revoked */
  appPasswords: readonly number[];
  /** numbers of the web's sessions that are open */
  webSessions: readonly number[];
}

/** A key to sign with, sealed with the installation's secret. */
export interface SealedKey {
  selector: string;
  privateKey: string;
}

export interface HostedDomain {
  customerId: CustomerId;
  verified: boolean;
  /** null: the DNS does not show it, so nothing is signed with it */
  rsa: SealedKey | null;
  ed25519: SealedKey | null;
}

export interface AppPasswordKeys {
  sha256: Buffer;
  /** lib/auth/scram-keys.ts */
  keys: Buffer;
  revoked: boolean;
}

/** What the protocol server asks the provisioning tables. */
export interface Directory {
  /** Where mail for an address goes (RCPT): also a subaddress (RFC 5233), and the postmaster of each domain. */
  recipient(address: EmailAddress): Promise<Recipient>;
  /** The same for each of several, in their order: one question. */
  recipients(addresses: readonly EmailAddress[]): Promise<Recipient[]>;
  /** What stands for each of the addresses, in their order (lib/targets/resolve-address.ts follows where they lead). */
  lookup(addresses: readonly EmailAddress[]): Promise<AddressEntry[]>;
  /** The mailbox that signs in with this address. */
  login(address: EmailAddress): Promise<MailboxLogin | null>;
  /** Addresses that a mailbox may use as sender; `has` is also true for their subaddresses. */
  senderAddresses(account: AccountId): Promise<SenderAddresses>;
  domain(name: DomainName): Promise<HostedDomain | null>;
  /** Whether a name is proved here, as of this version of what is hosted or later (0: now). */
  isProved(name: DomainName, version: number): Promise<boolean>;
  /** The id of the mailbox's app password that has this hash and is not revoked, or null; notes its use. */
  useAppPassword(account: AccountId, sha256: Buffer, protocol: string): Promise<number | null>;
  /** What a mailbox's app passwords are salted with for SCRAM; null: there is no such mailbox. */
  scramSalt(address: EmailAddress): Promise<Buffer | null>;
  /** Whether any app password of this installation can be proved by SCRAM. */
  hasScramKeys(): Promise<boolean>;
  /** Those of a mailbox's app passwords that have keys, the revoked ones too; none for an address that is no mailbox. */
  scramKeys(address: EmailAddress): Promise<AppPasswordKeys[]>;
  /** Those of the mailboxes that are active, of an active customer. */
  openMailboxes(accounts: readonly AccountId[]): Promise<Map<AccountId, OpenMailbox>>;
  /** Whether this session of the web is open and this mailbox's. */
  hasWebSession(account: AccountId, id: number): Promise<boolean>;
  noteLogin(account: AccountId): Promise<void>;
}
