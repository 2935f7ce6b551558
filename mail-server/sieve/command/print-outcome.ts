import type { Field, Header } from '../letter/header.ts';
import { decodeWholeWords } from '../../../lib/mime/decode-encoded-words.ts';
import type { Letter } from '../letter/letter.ts';
import type { Action, FileInto, Keep, Notify, Outcome, Redirect, Vacation } from '../run/actions.ts';

/** What a script decided, in the words of Pigeonhole's sieve-test. */
export function printOutcome(name: string, outcome: Outcome, letter: Letter): string[] {
  const { failure } = outcome;
  if (failure !== null) {
    const sentence = failure.sentence.replace(/\s+/g, ' ').trim();
    return [
      `${failure.script || name}: line ${failure.line}: error: ${sentence}${sentence.endsWith('.') ? '' : '.'}`,
      'final result: failed; resolved with successful implicit keep',
    ];
  }
  const performed = outcome.actions.flatMap((action) => printAction(action, letter));
  const implicit = outcome.implicitKeep === null ? [] : printAction(outcome.implicitKeep, letter);
  return ['', 'Performed actions:', '', ...orNone(performed), '', 'Implicit keep:', '', ...orNone(implicit), ''];
}

const orNone = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? ['  (none)'] : lines);
const note = (text: string): string => `        + ${text}`;

function printAction(action: Action, letter: Letter): string[] {
  switch (action.kind) {
    case 'keep':
    case 'fileinto':
      return printStore(action, letter);
    case 'redirect':
      return [` * redirect message to: <${action.address}>`, ...printCopy(action), ...printEdits(action.header, letter)];
    case 'discard':
      return [' * discard'];
    case 'reject':
      return [` * reject message with reason: ${action.reason.replace(/[\r\n]/g, ' ')}`];
    case 'track':
      return [` * track ${action.last ? 'last ' : ''}duplicate${action.handle === null ? '' : ` with handle: ${action.handle}`}`];
    case 'vacation':
      return printVacation(action);
    case 'notify':
      return printNotify(action);
  }
}

function printStore(action: Keep | FileInto, letter: Letter): string[] {
  if (action.kind === 'keep')
    return [' * store message in folder: INBOX', ...printFlags(action.flags), ...printEdits(action.header, letter)];
  const { mailbox, specialUse, create, flags, header, flagsFirst } = action;
  const [copyNote, flagNote] = [printCopy(action), printFlags(flags)];
  return [
    ` * store message in folder: ${oneLine(mailbox)}`,
    ...(specialUse === null ? [] : [note(`use mailbox with special-use flag \`${oneLine(specialUse)}' instead if accessible`)]),
    ...(create ? [note('create mailbox if it does not exist')] : []),
    ...(flagsFirst ? [...flagNote, ...copyNote] : [...copyNote, ...flagNote]),
    ...printEdits(header, letter),
  ];
}

const printCopy = ({ copy }: FileInto | Redirect): string[] => (copy ? [note('preserve implicit keep')] : []);
const oneLine = (text: string): string => text.replace(/\p{Cc}/gu, '?');

const SYSTEM_FLAGS = ['\\flagged', '\\answered', '\\deleted', '\\seen', '\\draft'];
function printFlags(flags: readonly string[]): string[] {
  if (flags.length === 0) return [];
  const system = SYSTEM_FLAGS.filter((flag) => flags.some((one) => one.toLowerCase() === flag));
  return [note(`add IMAP flags: ${[...system, ...flags.filter((flag) => !flag.startsWith('\\'))].join(' ')}`)];
}

/** The net difference of a copy from the letter as it came. */
function printEdits(header: Header, letter: Letter): string[] {
  const before = letter.header;
  if (header === before) return [];
  const kept = new Set(header.fields);
  const lastOriginal = header.fields.findLastIndex(({ original }) => original);
  const added = header.fields.flatMap((field, at) => {
    if (field.original) return [];
    const place = lastOriginal >= 0 && at > lastOriginal ? ' at the end' : '';
    return [note(`add header${place}: ${field.name}: ${plain(field)}`)];
  });
  const removed = before.fields.filter((field) => !kept.has(field)).map((field) => note(`remove header: ${field.name}: ${plain(field)}`));
  return [...added, ...removed];
}

const plain = (field: Field): string => decodeWholeWords(field.value);

function printVacation({ withheld, seconds, subject, from, handle, reason }: Vacation): string[] {
  if (withheld !== null) return [` * do not send vacation message: ${withheld}`];
  return [
    ' * send vacation message:',
    `    => seconds : ${seconds}`,
    ...(subject === null ? [] : [`    => subject : ${subject}`]),
    ...(from === null ? [] : [`    => from    : ${from}`]),
    ...(handle === null ? [] : [`    => handle  : ${handle}`]),
    '',
    'START MESSAGE',
    ...lines(reason),
    'END MESSAGE',
  ];
}

function printNotify({ withheld, importance, subject, from, recipients, headers, body }: Notify): string[] {
  if (withheld !== null) return [` * do not send notification: ${withheld}`];
  return [
    " * send notification with method 'mailto:':",
    `    => importance   : ${importance}`,
    ...(subject === null ? [] : [`    => subject      : ${subject}`]),
    ...(from === null ? [] : [`    => from         : ${from}`]),
    '    => recipients   :',
    ...(recipients.length === 0 ? ['       NONE, action has no effect'] : []),
    ...recipients.map(({ field, address }) => `       + ${field}: ${address}`),
    ...(headers.length === 0 ? [] : ['    => headers      :', ...headers.map(({ name, value }) => `       + ${name}: ${value}`)]),
    ...(body === null ? [] : ['    => body         : ', '--', ...lines(body), '--']),
    '',
  ];
}

const lines = (text: string): string[] => text.split(/\r?\n/);
