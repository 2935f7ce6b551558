/** A mailbox of the account, as rules may ask for it. */
export interface RuleMailbox {
  /** UTF-8, levels parted by / */
  name: string;
  /** `\Junk` and its like */
  specialUse: readonly string[];
  /** RFC 8474 */
  mailboxId: string;
}

/** What surrounds a letter and is known beforehand. */
export interface Surroundings {
  envelope: {
    /** empty for the null sender */
    from: string;
    /** the address that the letter was sent to, before aliases */
    to: string;
  };
  /** whose mailbox it is: the final recipient */
  recipient: string;
  /** all addresses that are the user's own, the final recipient among them; for vacation and notify */
  ownAddresses: readonly string[];
  now: Date;
  /** what parts the detail from the user in a local part */
  detailSeparator: string;
  /** items of the environment test (RFC 5183) that are known */
  items: Readonly<Record<string, string>>;
  /** 0 to 100; null if nobody looked */
  spamPercent: number | null;
  /** RFC 5235: 0 untested, 1 clean, up to 5 infected */
  virus: number;
  /** seconds between two answers of vacation: what is taken when the script says nothing, and what it may say */
  vacationSeconds: { usual: number; least: number; most: number };
}

/** What a run needs while it goes on. */
export interface RunEnvironment extends Surroundings {
  /** minutes east of UTC, where `date` and `currentdate` are told no other zone */
  zoneMinutes(at: Date): number;
}

/** Questions are asked only when a script needs them, and each once a letter. */
export interface Environment extends RunEnvironment {
  mailboxes(): Promise<readonly RuleMailbox[]>;
  /** METADATA of a mailbox, or of the server where the mailbox is null; null if there is no such entry */
  metadata(mailbox: string | null, entry: string): Promise<string | null>;
  /** whether `duplicate` saw this id under this handle, and did not forget it */
  seenBefore(handle: string, id: string): Promise<boolean>;
}
