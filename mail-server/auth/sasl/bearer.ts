import { decodeUtf8 } from '../../wire/decode-utf8.ts';
import type { Mechanism, SaslClient, SaslEnd } from './mechanism.ts';

/** What stands between the pairs of both mechanisms. */
const separator = '\u0001';

const tokenIn = (pairs: readonly string[]): string | undefined =>
  pairs.map((pair) => /^auth=Bearer +(\S+) *$/i.exec(pair)?.[1]).find((token) => token !== undefined);

/** RFC 7628 section 3.1: a header that may name the user, then pairs. */
export const oauthBearer: Mechanism = async function* (client) {
  const [header = '', ...pairs] = decodeUtf8(yield '')?.split(separator) ?? [];
  const named = /^[ny],(?:a=([^,]*))?,$/.exec(header);
  const token = tokenIn(pairs);
  if (!named || !token) return null;
  const user = (named[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
  return withToken(client, user, token, '{"status":"invalid_token"}');
};

/** Google's elder of it: "user=max@muster.at^Aauth=Bearer token^A^A". */
export const xoauth2: Mechanism = async function* (client) {
  const [name = '', ...pairs] = decodeUtf8(yield '')?.split(separator) ?? [];
  const token = tokenIn(pairs);
  if (!name.startsWith('user=') || !token) return null;
  return withToken(client, name.slice('user='.length), token, '{"status":"401","schemes":"bearer"}');
};

/** RFC 7628 section 3.2.3: the reason for a failure goes out as a challenge. */
async function withToken(client: SaslClient, user: string, token: string, reason: string): Promise<SaslEnd> {
  const { authenticator, remoteAddress, protocol } = client;
  const result = await authenticator.bearer({ user, token, remoteAddress, protocol });
  return result.ok ? result : { failed: result, reason };
}
