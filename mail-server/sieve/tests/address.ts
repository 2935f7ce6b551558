import { decodeWholeWords } from '../../../lib/mime/decode-encoded-words.ts';
import { always, test } from '../compile/program.ts';
import type { TestSpecification } from '../compile/specification.ts';
import type { Mailbox } from '../letter/addresses.ts';
import { compileMatching, MATCHING } from '../match/matching.ts';
import type { Run } from '../run/run.ts';
import { ADDRESS_PARTS, compileAddressPart } from './address-part.ts';
import { compileHeaders, compileIndex, fieldsOf, INDEX, MIME } from './mime-options.ts';

/** Fields that hold addresses; RFC 5228 section 5.1 wants the test held to such. */
const ADDRESS_FIELDS = new Set(
  (
    'from to cc bcc sender reply-to resent-from resent-to resent-cc resent-bcc resent-sender resent-reply-to delivered-to x-original-to ' +
    'errors-to mail-followup-to mail-reply-to apparently-to return-receipt-to abuse-reports-to x-complaints-to x-beenthere ' +
    'for-approval for-comment for-handling read-receipt-to registered-mail-reply-requested-by return-receipt-requested x-admin ' +
    'x-confirm-reading-to x-report-abuse-to'
  ).split(' '),
);

/** RFC 5228 section 5.1. */
export const address: TestSpecification = {
  tags: { ...MATCHING, ...ADDRESS_PARTS, ...INDEX, ...MIME },
  positional: ['list', 'list'],
  compile(call) {
    const names = call.list(0);
    for (const [at, name] of (names.constant ?? []).entries()) {
      if (!ADDRESS_FIELDS.has(name.toLowerCase())) call.fault(`the field '${name.slice(0, 100)}' holds no addresses`, names.lines[at]);
    }
    const matching = compileMatching(call, call.list(1));
    const part = compileAddressPart(call);
    const headers = compileHeaders(call);
    const index = compileIndex(call);
    const whole = call.oneOf('localpart', 'domain', 'user', 'detail') === null;
    if (matching === null) return always(false);
    return test((run) => {
      const values = function* (): Generator<string> {
        for (const [one, field] of index(fieldsOf(run, headers(run), names.read(run)))) {
          const mailboxes = one.mailboxes(field, run.letter.limits.addresses);
          run.spend(mailboxes.length);
          // a field that cannot be read is compared as it stands (RFC 5228 section 2.7.4)
          if (mailboxes.length === 0 && (whole || field.value === '')) yield decodeWholeWords(field.value);
          yield* parts(run, mailboxes, part);
        }
      };
      return matching.check(run, values(), call.line);
    });
  },
};

/** RFC 5228 section 5.4. */
export const envelope: TestSpecification = {
  extensions: ['envelope'],
  tags: { ...MATCHING, ...ADDRESS_PARTS },
  positional: ['list', 'list'],
  compile(call) {
    const names = call.list(0);
    for (const [at, name] of (names.constant ?? []).entries()) {
      if (!ENVELOPE_PARTS.has(name.toLowerCase())) call.fault(`the envelope has no '${name.slice(0, 100)}' here`, names.lines[at]);
    }
    if (names.constant?.some((name) => name.toLowerCase() === 'auth') && call.oneOf(...PART_TAGS) !== null) {
      call.fault('"auth" is no address, so no part of one can be tested');
    }
    const matching = compileMatching(call, call.list(1));
    const part = compileAddressPart(call);
    if (matching === null) return always(false);
    return test((run) => {
      const values = names.read(run).flatMap((name) => envelopeValues(run, name.toLowerCase(), part));
      return matching.check(run, values, call.line);
    });
  },
};

const PART_TAGS = Object.keys(ADDRESS_PARTS);
const ENVELOPE_PARTS = new Set(['from', 'to', 'auth']);

function envelopeValues(run: Run, name: string, part: (run: Run, mailbox: Mailbox) => string | null): string[] {
  const { from, to } = run.environment.envelope;
  const given = name === 'from' ? from : name === 'to' ? to : null;
  if (given === null) return [];
  // the null sender is an address of its own, empty in all its parts
  if (given === '') return [''];
  const at = given.lastIndexOf('@');
  const local = (at < 0 ? given : given.slice(0, at)).replace(/^"(.*)"$/s, (_, quoted: string) => quoted.replace(/\\(.)/gs, '$1'));
  const mailbox = { local, domain: at < 0 ? '' : given.slice(at + 1) };
  return [...parts(run, [mailbox], part)];
}

function* parts(run: Run, mailboxes: readonly Mailbox[], part: (run: Run, mailbox: Mailbox) => string | null): Generator<string> {
  for (const mailbox of mailboxes) {
    const value = part(run, mailbox);
    if (value !== null) yield value;
  }
}
