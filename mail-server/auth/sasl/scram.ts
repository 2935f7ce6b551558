import { decodeUtf8 } from '../../wire/decode-utf8.ts';
import { randomBytes } from 'node:crypto';
import { scramIterations } from '../../../lib/auth/scram-keys.ts';
import type { Mechanism, SaslClient } from './mechanism.ts';

const nonceBytes = 18;

interface Opening {
  /** as it was sent, with the authorization identity: the proof covers it */
  gs2Header: string;
  bindingType: string | null;
  clientSupportsBinding: boolean;
  authorizationId: string;
  user: string;
  nonce: string;
  bare: string;
}

/** RFC 5802 with SHA-256 (RFC 7677): for app passwords only, whose keys are stored for it. */
export const scramSha256: Mechanism = (client) => run(client, false);
/** The same, bound to the TLS session: tls-exporter (RFC 9266) or tls-server-end-point (RFC 5929). */
export const scramSha256Plus: Mechanism = (client) => run(client, true);

async function* run(client: SaslClient, bound: boolean): ReturnType<Mechanism> {
  const opening = parseOpening(decodeUtf8(yield ''));
  if (!opening) return null;
  const binding = bindingOf(client, opening, bound);
  if (!binding) return null;
  if (opening.authorizationId !== '' && opening.authorizationId.toLowerCase() !== opening.user.toLowerCase())
    return { ok: false, failure: 'NotAuthorized' };
  const nonce = opening.nonce + randomBytes(nonceBytes).toString('base64');
  const salt = await client.authenticator.scramSalt(opening.user);
  const challenge = `r=${nonce},s=${salt.toString('base64')},i=${scramIterations}`;
  const closing = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,]*)*),p=([A-Za-z0-9+/]{43}=)$/.exec(
    decodeUtf8(yield challenge) ?? '',
  );
  if (!closing) return null;
  const [, withoutProof = '', given, repeated, proof = ''] = closing;
  const { remoteAddress, protocol } = client;
  // a binding that is not ours is somebody in between, and told from a wrong password by nobody
  const isOurs = given === binding.toString('base64') && repeated === nonce;
  const { result, serverSignature } = await client.authenticator.scram({
    user: opening.user,
    authMessage: `${opening.bare},${challenge},${withoutProof}`,
    proof: isOurs ? Buffer.from(proof, 'base64') : Buffer.alloc(0),
    remoteAddress,
    protocol,
  });
  if (!serverSignature) return result;
  // the client checks who it talks to before it says the last word, which is empty
  const last = yield `v=${serverSignature.toString('base64')}`;
  return last.length === 0 ? result : null;
}

/** gs2-header and client-first-message-bare (section 7). An extension that must be understood ("m=") is not. */
function parseOpening(text: string | null): Opening | null {
  const parts = /^((?:p=([A-Za-z0-9.-]+)|([ny])),(?:a=([^,]*))?,)(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,]*)*)$/.exec(
    text ?? '',
  );
  if (!parts) return null;
  const [, gs2Header = '', bindingType = null, flag, authorizationName = '', bare = '', name = '', nonce = ''] = parts;
  const [authorizationId, user] = [decodeName(authorizationName), decodeName(name)];
  if (authorizationId === null || !user) return null;
  return { gs2Header, bindingType, clientSupportsBinding: flag === 'y', authorizationId, user, nonce, bare };
}

/** "=2C" and "=3D" and no other "=" (section 5.1). */
const decodeName = (name: string): string | null => (/=(?!2C|3D)/.test(name) ? null : name.replaceAll('=2C', ',').replaceAll('=3D', '='));

/** What must come back in "c=". Null: the mechanism and the flag contradict each other, or somebody hid the mechanism with PLUS (section 6). */
function bindingOf(
  { channel, authenticator }: SaslClient,
  { gs2Header, bindingType, clientSupportsBinding }: Opening,
  bound: boolean,
): Buffer | null {
  const header = Buffer.from(gs2Header);
  if (!bound) return bindingType !== null || (clientSupportsBinding && channel && authenticator.namesScram) ? null : header;
  const data = bindingType === null ? null : (channel?.binding(bindingType) ?? null);
  return data && Buffer.concat([header, data]);
}
