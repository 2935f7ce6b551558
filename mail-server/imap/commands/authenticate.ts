import { SaslExchange, type SaslStep } from '../../auth/sasl/exchange.ts';
import { bad, no, type Completion } from '../completion.ts';
import type { Continuation, ImapSession } from '../context.ts';
import { cleartextRefused, finishLogin } from './login.ts';
import type { Command } from './command.ts';

/** RFC 9051 section 6.2.2 with SASL-IR (RFC 4959). */
export const authenticate: Command = {
  states: ['not-authenticated'],
  updates: 'none',
  async run(session, args, _byUid, tag) {
    args.space();
    const { services, remoteAddress, channel } = session;
    const { authenticator } = services;
    const exchange = SaslExchange.of(args.keyword(), { authenticator, remoteAddress, protocol: 'imap', channel });
    const initial = args.skip(' ') ? args.rest() : null;
    args.end();
    if (!exchange) return no('No such mechanism', 'CANNOT');
    if (!session.mayLogIn) return cleartextRefused;
    const completion = await next(session, await exchange.begin(initial));
    if (completion) return completion;
    session.continuation = new Lines(tag, exchange);
    return null;
  },
};

/** The lines that the client sends while the exchange goes on. */
class Lines implements Continuation {
  readonly tag: string;
  readonly idle = false;
  readonly #exchange: SaslExchange;

  constructor(tag: string, exchange: SaslExchange) {
    this.tag = tag;
    this.#exchange = exchange;
  }

  async line(session: ImapSession, line: string): Promise<Completion | null> {
    return next(session, await this.#exchange.answer(line));
  }
}

async function next(session: ImapSession, step: SaslStep): Promise<Completion | null> {
  switch (step.kind) {
    case 'challenge':
      session.writer.continuation(step.text);
      return null;
    case 'cancelled':
      return bad('Authentication was cancelled');
    case 'malformed':
      return bad('The answer is not valid');
    case 'done':
      return finishLogin(session, step.result);
  }
}
