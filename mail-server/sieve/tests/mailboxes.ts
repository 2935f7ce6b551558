import { canonicalName } from '../../folder-name.ts';
import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import { isSpecialUse, NO_SPECIAL_USE } from '../letter/special-use.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';
import type { RuleMailbox } from '../run/environment.ts';
import type { Run } from '../run/run.ts';

const mailboxes = (run: Run): readonly RuleMailbox[] => run.answers.mailboxes();
function isCalled(name: string): (mailbox: RuleMailbox) => boolean {
  const wanted = canonicalName(name);
  return (mailbox) => mailbox.name === wanted;
}

/** RFC 5490 section 3.1. */
export const mailboxexists: TestSpecification = {
  extensions: ['mailbox'],
  positional: ['list'],
  compile(call) {
    const names = call.list(0);
    return test((run) => names.read(run).every((name) => mailboxes(run).some(isCalled(name))));
  },
};

/** RFC 9042 section 4. */
export const mailboxidexists: TestSpecification = {
  extensions: ['mailboxid'],
  positional: ['list'],
  compile(call) {
    const ids = call.list(0);
    return test((run) => ids.read(run).every((id) => mailboxes(run).some(({ mailboxId }) => mailboxId === id)));
  },
};

/** RFC 8579 section 4.1: the mailbox, or any where none is named, has all of these uses. */
export const specialuseExists: TestSpecification = {
  extensions: ['special-use'],
  positional: ['string', 'list'],
  optional: 'first',
  compile(call) {
    const name = call.positional.length === 2 ? call.text(0) : null;
    const uses = call.list(call.positional.length - 1);
    for (const [at, use] of (uses.constant ?? []).entries()) {
      if (!isSpecialUse(use)) call.compiler.warn(uses.lines[at] ?? call.line, NO_SPECIAL_USE);
    }
    return test((run) => {
      const wanted = uses.read(run);
      if (!wanted.every(isSpecialUse)) run.fail(call.line, NO_SPECIAL_USE);
      const among = name === null ? mailboxes(run) : mailboxes(run).filter(isCalled(name.read(run)));
      return wanted.every((use) => among.some(({ specialUse }) => specialUse.some((one) => one.toLowerCase() === use.toLowerCase())));
    });
  },
};

const lookUp = (run: Run, mailbox: string | null, entry: string): string | null => run.answers.metadata(mailbox, entry);

/** RFC 5490 section 3.3. */
export const metadata: TestSpecification = {
  extensions: ['mboxmetadata'],
  tags: MATCHING,
  positional: ['string', 'string', 'list'],
  compile(call) {
    const mailbox = call.text(0);
    const entry = call.text(1);
    const matching = compileMatching(call, call.list(2));
    if (matching === null) return always(false);
    return test((run) => {
      const value = lookUp(run, mailbox.read(run), entry.read(run));
      // what is not there matches nothing, and is not counted either
      return value !== null && matching.check(run, [value], call.line);
    });
  },
};

/** RFC 5490 section 3.4. */
export const metadataexists: TestSpecification = {
  extensions: ['mboxmetadata'],
  positional: ['string', 'list'],
  compile(call) {
    const mailbox = call.text(0);
    const entries = call.list(1);
    return test((run) => entries.read(run).every((entry) => lookUp(run, mailbox.read(run), entry) !== null));
  },
};

/** RFC 5490 section 4.1. */
export const servermetadata: TestSpecification = {
  extensions: ['servermetadata'],
  tags: MATCHING,
  positional: ['string', 'list'],
  compile(call) {
    const entry = call.text(0);
    const matching = compileMatching(call, call.list(1));
    if (matching === null) return always(false);
    return test((run) => {
      const value = lookUp(run, null, entry.read(run));
      // what is not there matches nothing, and is not counted either
      return value !== null && matching.check(run, [value], call.line);
    });
  },
};

/** RFC 5490 section 4.2. */
export const servermetadataexists: TestSpecification = {
  extensions: ['servermetadata'],
  positional: ['list'],
  compile(call) {
    const entries = call.list(0);
    return test((run) => entries.read(run).every((entry) => lookUp(run, null, entry) !== null));
  },
};
