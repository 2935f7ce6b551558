import { bad, no, type Completion } from '../completion.ts';
import { decodeBase64, parseBearerResponse, parsePlainResponse } from '../../auth/parse-sasl.ts';
import { decodeUtf8 } from '../names/mailbox-name.ts';
import type { Continuation, ImapSession } from '../context.ts';
import { cleartextRefused, finishLogin } from './login.ts';
import type { Command } from './command.ts';

/** Takes the client's next answer; null means that it is not valid. */
type Step = (session: ImapSession, answer: Buffer) => Promise<Completion | Challenge> | Completion | Challenge | null;
/** The server's next word, and who takes the answer to it. */
interface Challenge {
  challenge: string;
  next: Step;
}

const mechanisms: ReadonlyMap<string, { firstChallenge: string; step: Step }> = new Map([
  ['PLAIN', { firstChallenge: '', step: plain }],
  ['LOGIN', { firstChallenge: 'Username:', step: loginUser }],
  ['OAUTHBEARER', { firstChallenge: '', step: oauthBearer }],
  ['XOAUTH2', { firstChallenge: '', step: xoauth2 }],
]);

/** RFC 9051 section 6.2.2 with SASL-IR (RFC 4959): PLAIN (4616), LOGIN, OAUTHBEARER (7628), XOAUTH2. */
export const authenticate: Command = {
  states: ['not-authenticated'],
  updates: 'none',
  async run(session, args, _byUid, tag) {
    args.space();
    const mechanism = mechanisms.get(args.keyword());
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

  async line(session: ImapSession, line: string): Promise<Completion | null> {
    if (line === '*') return bad('Authentication was cancelled');
    const answer = decodeBase64(line);
    const outcome = answer === null ? null : await this.#step(session, answer);
    if (!outcome) return bad('The answer is not valid');
    if ('status' in outcome) return outcome;
    this.#step = outcome.next;
    session.writer.continuation(encode(outcome.challenge));
    return null;
  }
}

function plain(session: ImapSession, answer: Buffer): Promise<Completion> | Completion | null {
  const response = parsePlainResponse(answer);
  if (!response) return null;
  const { authorizationId, user, password } = response;
  if (authorizationId !== '' && authorizationId !== user) return no('Acting for another mailbox is not possible', 'AUTHORIZATIONFAILED');
  return byPassword(session, user, password);
}

function loginUser(_session: ImapSession, answer: Buffer): Challenge | null {
  const user = decodeUtf8(answer);
  if (!user) return null;
  const takePassword: Step = (session, second) => {
    const password = decodeUtf8(second);
    return password ? byPassword(session, user, password) : null;
  };
  return { challenge: 'Password:', next: takePassword };
}

async function byPassword(session: ImapSession, user: string, password: string): Promise<Completion> {
  const attempt = { user, password, remoteAddress: session.remoteAddress, protocol: 'imap' } as const;
  return finishLogin(session, await session.services.authenticator.password(attempt));
}

function oauthBearer(session: ImapSession, answer: Buffer): ReturnType<Step> {
  const response = parseBearerResponse(answer);
  return response && byToken(session, response.user, response.token);
}

/** `user=user@example.org^Aauth=Bearer token^A^A` */
function xoauth2(session: ImapSession, answer: Buffer): ReturnType<Step> {
  const [user, token, ...rest] = (decodeUtf8(answer) ?? '').split('\u0001');
  const name = /^user=(.*)$/.exec(user ?? '');
  const bearer = /^auth=Bearer +(\S+)$/i.exec(token ?? '');
  if (!name || !bearer || rest.some((each) => each !== '')) return null;
  return byToken(session, name[1] ?? '', bearer[1] ?? '');
}

async function byToken(session: ImapSession, user: string, token: string): Promise<Completion | Challenge> {
  const attempt = { user, token, remoteAddress: session.remoteAddress, protocol: 'imap' } as const;
  const result = await session.services.authenticator.bearer(attempt);
  if (result.ok) return finishLogin(session, result);
  // RFC 7628 section 3.2.3: the reason as a challenge, the client answers with anything, then NO
  return { challenge: '{"status":"invalid_token","schemes":"bearer"}', next: (later) => finishLogin(later, result) };
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
