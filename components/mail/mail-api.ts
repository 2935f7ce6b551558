import type { MailProblem } from '#lib/webmail/reading/conversation-list.ts';
import { hearClock } from './server-clock.ts';

/** A failed request in words a person can use; `code` is one of lib/webmail/connection/mail-error.ts, or Offline. */
export class MailRequestError extends Error {
  readonly problem: MailProblem;

  constructor(problem: MailProblem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** The sign-in has ended, or is another mailbox's. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof MailRequestError && (error.problem.code === 'SessionEnded' || error.problem.code === 'OtherMailbox');

export const sessionEndedEvent = 'postamt:session-ended';
export const sessionBackEvent = 'postamt:session-back';

let mailboxOfPage = '';
/** Whose mail this page shows: said with every request, so that no step meant for one mailbox is ever taken in another. */
export const pageBelongsTo = (address: string): void => {
  if (typeof window === 'undefined') return;
  // another one signed in meanwhile, in another window: what this document remembers is not theirs
  if (mailboxOfPage !== '' && mailboxOfPage !== address) window.location.reload();
  mailboxOfPage = address;
};
/** Header names and values of every request to the mail routes. */
export const pageHeaders = (): Record<string, string> => ({
  accept: 'application/json',
  'x-postamt-mailbox': encodeURIComponent(mailboxOfPage),
});

const offline: MailProblem = { type: 'about:blank', status: 0, title: '', detail: '', code: 'Offline' };
const timeoutMs = 40_000;

let signedOut = false;
/** Whoever signed in again, in whatever window: the first request that is answered shows it. */
function noteSignedIn(): void {
  if (!signedOut) return;
  signedOut = false;
  window.dispatchEvent(new Event(sessionBackEvent));
}

/** Throws MailRequestError, whatever went wrong; an AbortError where the caller's signal was aborted. */
async function request<T>(url: string, options: RequestInit, patienceMs = timeoutMs): Promise<T> {
  const given = options.signal;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patienceMs);
  // by hand: AbortSignal.any is younger than browsers that are in use
  given?.addEventListener('abort', () => stop.abort(), { once: true });
  if (given?.aborted) stop.abort();
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(url, {
      ...options,
      signal: stop.signal,
      headers: { ...pageHeaders(), ...options.headers },
    });
    hearClock(response);
    // the server may be gone in the middle of its answer
    answer = response.ok
      ? await response.json()
      : await response.json().catch(() => ({ ...offline, status: response.status, code: 'Unexpected' }));
  } catch (error) {
    if (given?.aborted) throw error;
    throw new MailRequestError(offline);
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) {
    noteSignedIn();
    return answer as T;
  }
  const problem = answer as MailProblem;
  if (problem.code === 'SessionEnded' || problem.code === 'OtherMailbox') {
    signedOut = true;
    window.dispatchEvent(new CustomEvent(sessionEndedEvent, { detail: problem }));
  }
  throw new MailRequestError(problem);
}

const address = (route: string, query: Record<string, string | number>): string =>
  `/api/mail/${route}?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`;

export const getMail = <T>(
  route: string,
  query: Record<string, string | number> = {},
  signal: AbortSignal | null = null,
  patienceMs?: number,
): Promise<T> => request<T>(address(route, query), { signal }, patienceMs);

/** Asks with words that somebody typed: they go in the body, since addresses stand in the logs of servers and proxies. */
export const askMail = <T>(
  route: string,
  question: Record<string, string | number>,
  signal: AbortSignal | null = null,
  patienceMs?: number,
): Promise<T> =>
  request<T>(
    `/api/mail/${route}`,
    { method: 'POST', body: JSON.stringify(question), headers: { 'content-type': 'application/json' }, signal },
    patienceMs,
  );

/**
 * `keepalive`: goes through although the page is closed meanwhile; bodies up to 64 KiB only. `patienceMs`: how long an answer is waited for.
 */
export const sendMail = <T>(
  route: string,
  body: unknown,
  method: 'POST' | 'PATCH' | 'DELETE' = 'POST',
  { keepalive = false, patienceMs }: { keepalive?: boolean; patienceMs?: number } = {},
): Promise<T> =>
  request<T>(
    `/api/mail/${route}`,
    { method, body: JSON.stringify(body), keepalive, headers: { 'content-type': 'application/json' } },
    patienceMs,
  );

export const mailAddress = address;
