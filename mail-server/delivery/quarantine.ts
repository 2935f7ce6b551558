import type { CustomerId } from '../../lib/db/ids.ts';
import type { Services } from '../services.ts';
import { readQuarantines, type NewWithheld } from '../store/withheld-letters.ts';
import type { Letter, MailboxRecipient } from './letter.ts';
import { programIn } from './letter-work.ts';
import { withoutReturnPath } from './pass-on.ts';
import type { MailboxRules } from './rules/mailbox-rules.ts';

export interface QuarantineReason {
  cause: 'virus' | 'program';
  /** the name of the malware, or of the file */
  detail: string;
}

/** Why a letter goes to the quarantine of its mailbox's customer instead of into the mailbox; null: it does not. */
export function whyQuarantined({ message }: Letter, rules: MailboxRules | null): QuarantineReason | null {
  const { virus, released } = message.provenance;
  if (released) return null;
  // it was taken at the door for this alone; a change of mind since then opens it to nobody
  if (virus !== undefined) return { cause: 'virus', detail: virus };
  if (!rules?.quarantinesPrograms || message.provenance.origin === 'report') return null;
  const program = programIn(message.raw, message.index);
  return program === null ? null : { cause: 'program', detail: program };
}

/** The letter as it waits for the customer's people. */
export function quarantined(
  { settings }: Pick<Services, 'settings'>,
  { message, sender, requireTls }: Letter,
  { account, recipient }: MailboxRecipient,
  { cause, detail }: QuarantineReason,
): NewWithheld {
  return {
    for: { account },
    cause,
    detail,
    suspicious: false,
    told: false,
    recipient,
    subject: message.index.subject,
    shownAuthor: message.index.from,
    preview: message.index.preview,
    sender,
    locale: 'de',
    content: withoutReturnPath(message.raw),
    smtputf8: /[^\x20-\x7e]/.test(sender),
    requireTls,
    reports: false,
    deliveredTo: [],
    provenance: message.provenance,
    days: settings.withheld.quarantineDays,
  };
}

/** Customers whose quarantine takes a letter with malware of this size now. */
export async function takersOfViruses(
  { database, settings }: Pick<Services, 'database' | 'settings'>,
  customers: readonly CustomerId[],
  bytes: number,
): Promise<Set<CustomerId>> {
  const states = await readQuarantines(database, customers, settings.withheld.bytes);
  return new Set(customers.filter((customer) => states.get(customer)?.viruses && (states.get(customer)?.room ?? 0) >= bytes));
}
