import { createHash } from 'node:crypto';
import type { CommandSpecification } from '../compile/specification.ts';
import { isMailbox } from '../letter/addresses.ts';
import { whyNotAnswer } from '../letter/why-not-answer.ts';
import { oneLine } from './one-line.ts';

/** RFC 5230 and RFC 6131. */
export const vacation: CommandSpecification = {
  extensions: ['vacation'],
  tags: {
    days: { group: 'period', argument: 'number' },
    seconds: { group: 'period', argument: 'number', extension: 'vacation-seconds' },
    subject: { argument: 'string' },
    from: { argument: 'string' },
    addresses: { argument: 'list' },
    mime: {},
    handle: { argument: 'string' },
  },
  positional: ['string'],
  compile(call) {
    const reason = call.text(0);
    const subject = call.tagText('subject');
    const from = call.tagText('from');
    const handle = call.tagText('handle');
    const addresses = call.tagList('addresses');
    const mime = call.has('mime');
    const [days, seconds] = [call.tagNumber('days'), call.tagNumber('seconds')];
    const noAddress = (given: string): string => `':from "${given.slice(0, 200)}"' of vacation is no address`;
    if (from !== null && from.constant !== null && !isMailbox(from.constant)) call.fault(noAddress(from.constant), from.line);
    return (run) => {
      const { environment } = run;
      const { usual, least, most } = environment.vacationSeconds;
      const given = seconds ?? (days === null ? usual : days * DAY);
      const period = Math.min(Math.max(given, least), most);
      const heading = subject?.read(run) ?? null;
      const texts = {
        subject: heading === null ? null : oneLine(heading),
        from: from?.read(run) ?? null,
        handle: handle?.read(run) ?? null,
      };
      if (texts.from !== null && !isMailbox(texts.from)) run.fail(call.line, noAddress(texts.from));
      const text = reason.read(run);
      const to = environment.envelope.from;
      const own = [...environment.ownAddresses, ...(addresses?.read(run) ?? [])];
      const memoryKey = createHash('sha256')
        .update(JSON.stringify(texts.handle ?? [text, texts.subject, texts.from, mime]))
        .digest('base64url');
      const withheld = whyNotAnswer(run, to, own);
      run.act({ kind: 'vacation', to, seconds: period, ...texts, memoryKey, mime, reason: text, withheld }, call.line);
      return undefined;
    };
  },
};

const DAY = 86_400;
