import type http from 'node:http';
import https from 'node:https';
import { allowedTarget } from './fetch-remote-image.ts';
import { publicLookup } from './public-lookup.ts';

const timeoutMs = 10_000;
const body = 'List-Unsubscribe=One-Click';

/**
 * The one request of RFC 8058 section 3.1, from our server: to a public address only, as pictures are fetched; without cookie, referrer or
 * anything of the reader. Redirects are not followed. The status, or null if there was no answer.
 */
export async function postOneClick(address: string, lookup = publicLookup): Promise<number | null> {
  const url = allowedTarget(address);
  if (url?.protocol !== 'https:') return null;
  return post(https, url, lookup).catch(() => null);
}

/** The request itself. */
export function post(by: typeof https | typeof http, url: URL, lookup: typeof publicLookup | undefined): Promise<number> {
  return new Promise((settle, reject) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      'user-agent': 'Postamt unsubscribe',
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const started = by.request(url, { method: 'POST', ...(lookup ? { lookup } : {}), agent: false, headers, signal }, (response) => {
      settle(response.statusCode ?? 0);
      response.destroy();
    });
    started.on('error', reject);
    started.end(body);
  });
}
