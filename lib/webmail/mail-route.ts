import { getTranslations } from 'next-intl/server';
import { currentMailbox } from '../auth/session.ts';
import { isDatabaseAway } from '../db/is-database-away.ts';
import { webLog } from '../http/web-log.ts';
import { httpStatusOf, MailError, type MailErrorCode } from './connection/mail-error.ts';
import type { MailboxIdentity } from './connection/mailbox-identity.ts';
import type { MailProblem } from './reading/conversation-list.ts';
import { parseUrl } from '../addresses/parse-url.ts';

export interface MailRequest {
  mailbox: MailboxIdentity;
  request: Request;
  query: URLSearchParams;
}

/**
 * Wraps a mail route: whose mail it is comes from the session and nowhere else; failures become problem details (RFC 9457) in the
 * person's language; a request that changes something is taken from our own pages only.
 */
export function mailRoute(handler: (given: MailRequest) => Promise<unknown>): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      if (!fromOurPages(request)) throw new MailError('InvalidRequest', 'origin');
      const signedIn = await currentMailbox();
      if (!signedIn) throw new MailError('SessionEnded');
      if (!isOwnPage(request, signedIn.address)) throw new MailError('OtherMailbox', signedIn.address);
      const { accountId: mailboxId, address, name, locale, credentialVersion, sessionId } = signedIn;
      const mailbox: MailboxIdentity = { mailboxId, address, name, locale, credentialVersion, sessionId };
      const result = await handler({ mailbox, request, query: new URL(request.url).searchParams });
      if (result instanceof Response) {
        // nothing of a letter may be left in a browser whose person has gone
        result.headers.set('cache-control', 'no-store, no-transform');
        return result;
      }
      return Response.json(result ?? {}, { headers: { 'cache-control': 'no-store' } });
    } catch (error) {
      return problem(error);
    }
  };
}

/** Safe methods (RFC 9110 section 9.2.1). */
const onlyReads = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

/**
 * The page says whose mail it shows. Somebody may have signed in to another mailbox since, in another tab: then folder and UID would
 * name another person's message. Links (parts, pictures) and the event stream carry no header; they only read.
 */
function isOwnPage(request: Request, address: string): boolean {
  const said = request.headers.get('x-postamt-mailbox');
  return said === null ? onlyReads(request) : said === encodeURIComponent(address);
}

/**
 * Fetch Metadata says where a request comes from; without it the Origin of what changes something must be the host that was asked. What reads may be
 * opened by a link from elsewhere, and nothing else: another host below our domain, whose pages have the cookie sent too, could learn how long a
 * search takes, and take the places of a mailbox.
 */
function fromOurPages(request: Request): boolean {
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  if (site === 'same-origin') return true;
  if (onlyReads(request)) {
    const isOpened = headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
    return site === null || site === 'none' || isOpened;
  }
  const origin = headers.get('origin');
  return site === null && origin !== null && parseUrl(origin)?.host === headers.get('host');
}

async function problem(error: unknown): Promise<Response> {
  const text = await getTranslations('mail.errors');
  const failure = expected(error);
  const code: MailErrorCode | 'Unexpected' = failure?.code ?? 'Unexpected';
  const status = failure ? httpStatusOf[failure.code] : 500;
  const reference = failure ? '' : crypto.randomUUID().slice(0, 8);
  if (!failure) webLog().error({ reference, err: error }, 'a request of the webmail failed');
  const body: MailProblem = {
    type: 'about:blank',
    status,
    title: text(`${code}.title`),
    detail: text(`${code}.detail`, { detail: failure ? failure.detail : reference }),
    code,
  };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } });
}

/** The database is behind all of it, the sign-in too: while it is away nothing can be told but that. */
function expected(error: unknown): MailError | null {
  if (error instanceof MailError) return error;
  return isDatabaseAway(error) ? new MailError('Unreachable', '', error) : null;
}
