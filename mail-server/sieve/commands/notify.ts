import type { CommandSpecification } from '../compile/specification.ts';
import { isMailbox } from '../letter/addresses.ts';
import { type MailtoUri, parseMailtoUri, recipientKey } from '../letter/mailto-uri.ts';
import type { Notify } from '../run/actions.ts';
import type { Run } from '../run/run.ts';
import { oneLine } from './one-line.ts';

/** RFC 5435 section 3, RFC 5436. */
export const notify: CommandSpecification = {
  extensions: ['enotify'],
  tags: {
    from: { argument: 'string' },
    importance: { argument: 'string' },
    options: { argument: 'list' },
    message: { argument: 'string' },
  },
  positional: ['string'],
  compile(call) {
    const method = call.text(0);
    const from = call.tagText('from');
    const importance = call.tagText('importance');
    const message = call.tagText('message');
    if (method.constant !== null) {
      const uri = parseMailtoUri(method.constant);
      if ('sentence' in uri) call.fault(uri.sentence, method.line);
    }
    // which ones there are is the method's affair, mailto has none
    const options = call.tagList('options');
    for (const [at, option] of options?.constant?.entries() ?? []) {
      if (!OPTION.test(option)) call.fault('an option of notify is written as name=value', options?.lines[at]);
    }
    if (importance !== null && importance.constant !== null && !IMPORTANCES.has(importance.constant)) {
      call.fault(':importance of notify is "1", "2" or "3"', importance.line);
    }
    if (from !== null && from.constant !== null && !isMailbox(from.constant)) call.fault(':from of notify is no address', from.line);
    return (run) => {
      const uri = parseMailtoUri(method.read(run));
      if ('sentence' in uri) return run.fail(call.line, uri.sentence);
      const sender = from?.read(run) ?? null;
      if (sender !== null && !isMailbox(sender)) run.fail(call.line, ':from of notify is no address');
      const level = IMPORTANCES.get(importance?.read(run) ?? '2');
      if (level === undefined) return run.fail(call.line, ':importance of notify is "1", "2" or "3"');
      const recipients = uri.recipients.filter(({ address }) => !run.notified.has(recipientKey(address)));
      // nobody is told twice of one letter
      if (uri.recipients.length > 0 && recipients.length === 0) return undefined;
      for (const { address } of recipients) run.notified.add(recipientKey(address));
      run.act(notification(run, { ...uri, recipients }, level, sender, message?.read(run) ?? null), call.line);
      return undefined;
    };
  },
};

/** RFC 5435 section 3.5 */
const OPTION = /^[a-z0-9][\w.-]*=[^\r\n\0]*$/i;
const IMPORTANCES = new Map<string, Notify['importance']>([
  ['1', 1],
  ['2', 2],
  ['3', 3],
]);

function notification(run: Run, uri: MailtoUri, importance: Notify['importance'], from: string | null, message: string | null): Notify {
  const { recipients, headers, body } = uri;
  const subject = message === null ? uri.subject : oneLine(message);
  return {
    kind: 'notify',
    method: 'mailto',
    importance,
    subject,
    from,
    recipients,
    headers,
    body,
    withheld: recipients.length === 0 ? null : whyWithheld(run),
  };
}

/** Notifications of what a program sent would never end (RFC 5436 section 2.7.1). */
function whyWithheld(run: Run): string | null {
  const values = run.letter.header.values('auto-submitted');
  return values.some((value) => !/^no\s*(;|$)/i.test(value)) ? 'the letter was written by a program (Auto-Submitted)' : null;
}
