import type { IncomingMessage } from 'node:http';
import { parseUrl } from '../addresses/parse-url.ts';

export interface Refusal {
  status: number;
  fields?: Record<string, string>;
}

export type ReadTree = (field: string | string[] | undefined) => unknown;

/** What a page or a small route takes; what lies under /api/ says by itself what it takes. */
const methods = ['GET', 'HEAD', 'POST', 'OPTIONS'];
const fields = { Allow: methods.join(', ') };
/** The most that an action reads (Next's limit). */
const mostActionBytes = 1_048_576;

/**
 * Requests that no page, program or proxy of good will makes, answered before Next sees them: it would serve some, and others it answers with 500 and
 * a trace in the log. Null: nothing odd about it.
 *
 * @param readTree how Next reads which parts of a page a browser has already; throws where it cannot
 */
export function refusalOf(request: IncomingMessage, readTree: ReadTree): Refusal | null {
  const { method = '', url = '', headers, rawHeaders } = request;
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  // RFC 9112 section 3.2; what is left after take-odd-requests.ts is the form that a server answers
  if (hosts.length > 1 || !isHost(headers.host ?? '') || !/^(?:\/|\*$)/.test(url)) return { status: 400 };
  // the method that says back what was sent
  if (method === 'TRACE') return { status: 405, fields };
  if (isFromElsewhere(request)) return { status: 403 };
  if (url.startsWith('/api/')) return null;
  if (method === 'OPTIONS') return { status: 204, fields };
  if (!methods.includes(method)) return { status: 405, fields };
  if (Number(headers['content-length'] ?? 0) > mostActionBytes) return { status: 413 };
  try {
    readTree(headers['next-router-state-tree']);
    return null;
  } catch {
    return { status: 400 };
  }
}

/** A name, an IPv4 or IPv6 address, and a port; empty where the address that was asked has none (RFC 9110 section 7.2). */
const isHost = (host: string): boolean => /^(?:[\w.-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i.test(host);

/**
 * What changes something is asked by our own pages. Browsers say where a request comes from (Fetch Metadata, else Origin); who says nothing is no browser
 * and carries nobody's cookie. Letters' one-click links (RFC 8058) may be followed by any page.
 */
function isFromElsewhere({ method = '', url = '', headers }: IncomingMessage): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method) || /^\/unsubscribe\/\w+\.[\w-]+\.[\w-]+$/.test(url)) return false;
  const { origin } = headers;
  const from = origin === undefined ? null : parseUrl(origin)?.host;
  if (from === undefined) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const [host] = String(headers['x-forwarded-host'] ?? headers.host).split(',');
  return from !== null && from !== host?.trim();
}
