import { bad, no, type Completion } from '../completion.ts';
import { decodeUtf8 } from '../names/mailbox-name.ts';
import type { Continuation, Session } from '../session.ts';
import { cleartextRefused, finishLogin } from './login.ts';
import type { Command } from './command.ts';

/** Takes the client's next answer, decoded; a string is the server's next challenge, null means that the answer is not valid. */
type Step = (session: Session, answer: string) => Promise<Completion | Challenge | null> | Completion | Challenge | null;
interface Challenge {
  challenge: string;
  next: Step;
}

const mechanisms: Record<string, { firstChallenge: string; step: Step; takesInitialResponse: boolean }> = {
  PLAIN: { firstChallenge: '', step: plain, takesInitialResponse: true },
  LOGIN: { firstChallenge: 'Username:', step: loginUser, takesInitialResponse: true },
  OAUTHBEARER: { firstChallenge: '', step: oauthBearer, takesInitialResponse: true },
  XOAUTH2: { firstChallenge: '', step: xoauth2, takesInitialResponse: true },
};

/** RFC 9051 section 6.2.2 with SASL-IR (RFC 4959): PLAIN (4616), LOGIN, OAUTHBEARER (7628), XOAUTH2. */
export const authenticate: Command = {
  states: ['not-authenticated'],
  updates: 'none',
  async run(session, args, _byUid, tag) {
    args.space();
    const mechanism = mechanisms[args.keyword()];
    const initial = args.skip(' ') ? args.rest() : null;
    args.end();
    if (!mechanism) return no('No such mechanism', 'CANNOT');
    if (!session.mayLogIn) return cleartextRefused;
    const exchange = new Exchange(tag, mechanism.step);
    if (initial !== null) {
      const completion = await exchange.line(session, initial === '=' ? '' : initial);
      if (completion) return completion;
    } else {
      session.writer.continuation(encode(mechanism.firstChallenge));
    }
    session.continuation = exchange;
    return null;
  },
};

class Exchange implements Continuation {
  readonly tag: string;
  readonly idle = false;
  #step: Step;

  constructor(tag: string, step: Step) {
    this.tag = tag;
    this.#step = step;
  }

  async line(session: Session, line: string): Promise<Completion | null> {
    if (line === '*') return bad('Authentication was cancelled');
    const answer = decode(line);
    const outcome = answer === null ? null : await this.#step(session, answer);
    if (!outcome) return bad('Not a valid answer');
    if ('status' in outcome) return outcome;
    this.#step = outcome.next;
    session.writer.continuation(encode(outcome.challenge));
    return null;
  }
}

function plain(session: Session, answer: string): Promise<Completion> | Completion | null {
  const [authorization, user, password, ...more] = answer.split('\0');
  if (authorization === undefined || !user || password === undefined || more.length > 0) return null;
  if (authorization !== '' && authorization !== user) return no('Acting for another mailbox is not possible', 'AUTHORIZATIONFAILED');
  return byPassword(session, user, password);
}

function loginUser(_session: Session, user: string): Challenge {
  return { challenge: 'Password:', next: (session, password) => byPassword(session, user, password) };
}

async function byPassword(session: Session, user: string, password: string): Promise<Completion> {
  const attempt = { user, password, remoteAddress: session.remoteAddress, protocol: 'imap' } as const;
  return finishLogin(session, await session.services.authenticator.password(attempt));
}

/** `n,a=user@example.org,^Ahost=…^Aauth=Bearer token^A^A` */
function oauthBearer(session: Session, answer: string): ReturnType<Step> {
  const parts = /^[ny],(?:a=([^,\x01]*))?,\x01(.*)\x01$/s.exec(answer);
  const token = bearerToken(parts?.[2] ?? '');
  if (!parts || !token) return null;
  return byToken(session, (parts[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '='), token);
}

/** `user=user@example.org^Aauth=Bearer token^A^A` */
function xoauth2(session: Session, answer: string): ReturnType<Step> {
  const parts = /^user=([^\x01]*)\x01(.*)\x01$/s.exec(answer);
  const token = bearerToken(parts?.[2] ?? '');
  return parts && token ? byToken(session, parts[1] ?? '', token) : null;
}

const bearerToken = (pairs: string): string | null => /(?:^|\x01)auth=Bearer +([^\x01]+)\x01/i.exec(pairs)?.[1] ?? null;

async function byToken(session: Session, user: string, token: string): Promise<Completion | Challenge> {
  const attempt = { user, token, remoteAddress: session.remoteAddress, protocol: 'imap' } as const;
  const result = await session.services.authenticator.bearer(attempt);
  if (result.ok) return finishLogin(session, result);
  // RFC 7628 section 3.2.3: the reason as a challenge, the client answers with anything, then NO
  return { challenge: '{"status":"invalid_token","schemes":"bearer"}', next: (later) => finishLogin(later, result) };
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

function decode(line: string): string | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(line)) return null;
  return decodeUtf8(Buffer.from(line, 'base64'));
}
