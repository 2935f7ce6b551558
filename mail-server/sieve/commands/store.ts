import type { Call } from '../compile/call.ts';
import type { CommandSpecification } from '../compile/specification.ts';
import type { TagSpecification } from '../compile/syntax-of-call.ts';
import { splitFlags } from '../letter/flags.ts';
import { isSpecialUse, NO_SPECIAL_USE } from '../letter/special-use.ts';
import type { Run } from '../run/run.ts';

const FLAGS: Record<string, TagSpecification> = { flags: { extension: 'imap4flags', argument: 'list' } };
const COPY: Record<string, TagSpecification> = { copy: { extension: 'copy' } };

/** Flags of :flags, else those of the internal variable at this moment (RFC 5232 section 5). */
function compileFlags(call: Call): (run: Run) => readonly string[] {
  const flags = call.tagList('flags');
  return flags === null ? (run) => run.flags : (run) => splitFlags(flags.read(run));
}

/** RFC 5228 section 4.3. */
export const keep: CommandSpecification = {
  tags: FLAGS,
  compile(call) {
    const flags = compileFlags(call);
    return (run) => {
      run.act({ kind: 'keep', flags: flags(run), header: run.header }, call.line);
      return undefined;
    };
  },
};

/** RFC 5228 section 4.4. */
export const discard: CommandSpecification = {
  compile: (call) => (run) => {
    run.act({ kind: 'discard' }, call.line);
    return undefined;
  },
};

/** RFC 5228 section 4.1 with copy, mailbox, special-use, mailboxid and flags. */
export const fileinto: CommandSpecification = {
  extensions: ['fileinto'],
  tags: {
    ...FLAGS,
    ...COPY,
    create: { extension: 'mailbox' },
    specialuse: { extension: 'special-use', argument: 'string' },
    mailboxid: { extension: 'mailboxid', argument: 'string' },
  },
  positional: ['string'],
  compile(call) {
    const flags = compileFlags(call);
    const mailbox = call.text(0);
    const specialUse = call.tagText('specialuse');
    const mailboxId = call.tagText('mailboxid');
    const [create, copy] = [call.has('create'), call.has('copy')];
    const order = [...call.tags.keys()];
    const flagsFirst = copy && order.includes('flags') && order.indexOf('flags') < order.indexOf('copy');
    if (specialUse !== null && mailboxId !== null) call.fault(':specialuse and :mailboxid must not stand together in fileinto');
    if (specialUse !== null && specialUse.constant !== null && !isSpecialUse(specialUse.constant)) {
      call.fault(NO_SPECIAL_USE, specialUse.line);
    }
    if (mailbox.constant !== null && !isMailboxName(mailbox.constant)) call.fault('the name of the mailbox is not valid', mailbox.line);
    return (run) => {
      const name = mailbox.read(run);
      if (Buffer.byteLength(name) > MAXIMUM_NAME) run.fail(call.line, 'the name of the mailbox is not valid');
      const use = specialUse?.read(run) ?? null;
      if (use !== null && !isSpecialUse(use)) run.fail(call.line, NO_SPECIAL_USE);
      const special = { specialUse: use, mailboxId: mailboxId?.read(run) ?? null };
      run.act({ kind: 'fileinto', mailbox: name, flags: flags(run), header: run.header, create, copy, flagsFirst, ...special }, call.line);
      return undefined;
    };
  },
};

/** Bytes that are no UTF-8 arrive here as U+FFFD. */
const isMailboxName = (name: string): boolean => !name.includes('\ufffd') && Buffer.byteLength(name) <= MAXIMUM_NAME;
const MAXIMUM_NAME = 4096;
