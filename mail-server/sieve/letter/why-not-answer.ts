import type { Run } from '../run/run.ts';
import { joinMailbox } from './addresses.ts';
import type { Header } from './header.ts';

/** Why a letter gets no automatic answer (RFC 3834 section 2, RFC 5230 section 4.5 and 4.6); null if it may get one. */
export function whyNotAnswer(run: Run, sender: string, own: readonly string[]): string | null {
  const header = run.letter.header;
  const mine = new Set(own.map((address) => address.toLowerCase()));
  if (sender === '') return 'the letter has no sender';
  if (mine.has(sender.toLowerCase())) return 'the letter is from the owner of the mailbox';
  if (isMachine(sender)) return `the sender ${sender} is no person`;
  return whyAutomatic(header) ?? (isAddressed(run, header, mine) ? null : 'the letter is not addressed to the owner of the mailbox');
}

/** What shows that no person wrote a letter to this person. */
export function whyAutomatic(header: Header): string | null {
  const list = LIST_FIELDS.find((name) => header.all(name).length > 0);
  if (list !== undefined) return `the letter came by a mailing list (${list})`;
  const automatic = header.values('auto-submitted').find((value) => !/^no\s*(;|$)/i.test(value));
  if (automatic !== undefined) return 'the letter was written by a program (Auto-Submitted)';
  if (header.values('precedence').some((value) => /^(bulk|junk|list)$/i.test(value))) return 'the letter went to many (Precedence)';
  const suppress = header.values('x-auto-response-suppress').flatMap((value) => value.toLowerCase().split(/[\s,]+/));
  if (suppress.some((word) => SUPPRESSING.has(word))) return 'the sender wants no automatic answer (X-Auto-Response-Suppress)';
  return null;
}

function isAddressed(run: Run, header: Header, mine: ReadonlySet<string>): boolean {
  return RECIPIENT_FIELDS.some((name) =>
    header
      .all(name)
      .some((field) =>
        header.mailboxes(field, run.letter.limits.addresses).some((mailbox) => mine.has(joinMailbox(mailbox).toLowerCase())),
      ),
  );
}

/** What RFC 5230 section 4.5 and RFC 3834 section 2 name. */
export function isMachine(sender: string): boolean {
  const local = sender.slice(0, sender.lastIndexOf('@')).toLowerCase();
  return local.startsWith('owner-') || local.endsWith('-request') || MACHINES.has(local);
}

const MACHINES = new Set(['mailer-daemon', 'listserv', 'majordomo']);
const SUPPRESSING = new Set(['all', 'oof', 'autoreply']);
const RECIPIENT_FIELDS = ['to', 'cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc'];
const LIST_FIELDS = ['list-id', 'list-owner', 'list-subscribe', 'list-post', 'list-unsubscribe', 'list-archive', 'list-help'];
