import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from '../../addresses/public-address.ts';
import { JoinedBytes } from '../../mime/joined-bytes.ts';
import { pictureBytes, pictureType } from '../files/picture-type.ts';
import { parseUrl } from '../../addresses/parse-url.ts';
import { publicLookup } from './public-lookup.ts';

export interface RemoteImage {
  type: string;
  bytes: Buffer;
}

const timeoutMs = 10_000;
const largestBytes = 10_485_760;
const mostRedirects = 3;

/**
 * Loads a picture that a mail refers to. Connects only to public addresses: each name is resolved once, every address it has is
 * checked, and the connection goes to exactly one of those (no second resolution that could answer differently). Redirects are checked
 * the same way. No cookies, no referrer, no address of the reader. Null if it cannot be had: too large, too slow, not a picture. What it is say its
 * bytes: stores of files call all of them octet-stream, and some servers say nothing, or "image/jpg".
 */
export async function fetchRemoteImage(url: string, gone?: AbortSignal): Promise<RemoteImage | null> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const deadline = gone ? AbortSignal.any([timeout, gone]) : timeout;
  let address = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const target = allowedTarget(address);
    if (!target) return null;
    const answer = await requestPicture(target, deadline).catch(() => null);
    if (!answer) return null;
    if ('image' in answer) return answer.image;
    const next = parseUrl(answer.location, target);
    if (!next) return null;
    address = next.href;
  }
  return null;
}

/**
 * http(s) on the standard ports, no credentials; an address in place of a name must itself be public, since it is never resolved. A name
 * without a dot is a host of the network that we stand in.
 */
export function allowedTarget(address: string): URL | null {
  const url = parseUrl(address);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.port !== '' || url.username || url.password) return null;
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) ? !isPublicAddress(literal) : !/[^.]\.[^.]/.test(literal)) return null;
  return url;
}

type Answer = { image: RemoteImage | null } | { location: string };

/** The request itself. */
export function requestPicture(url: URL, signal: AbortSignal): Promise<Answer> {
  return new Promise((settle, reject) => {
    const { get } = url.protocol === 'https:' ? https : http;
    const headers = { accept: 'image/*', 'user-agent': 'Postamt image proxy' };
    const started = get(url, { lookup: publicLookup, agent: false, headers, signal, timeout: timeoutMs }, (response) => {
      const status = response.statusCode ?? 0;
      const { location } = response.headers;
      if (status >= 300 && status < 400 && location) {
        response.destroy();
        settle({ location });
        return;
      }
      const refuse = (): void => {
        response.destroy();
        settle({ image: null });
      };
      if (status !== 200) return refuse();
      const bytes = new JoinedBytes();
      let beginning = Buffer.alloc(0);
      response.on('data', (chunk: Buffer) => {
        bytes.push(chunk);
        if (beginning.length < pictureBytes) beginning = Buffer.concat([beginning, chunk]).subarray(0, pictureBytes);
        const isOther = beginning.length === pictureBytes && pictureType(beginning) === null;
        if (!isOther && bytes.length <= largestBytes) return;
        bytes.clear();
        refuse();
      });
      response.on('end', () => {
        const type = pictureType(beginning);
        settle({ image: type === null ? null : { type, bytes: bytes.take() } });
      });
      response.on('error', reject);
    });
    started.on('error', reject);
    started.on('timeout', () => started.destroy(new Error('timeout')));
  });
}
