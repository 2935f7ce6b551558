/** Client response of SASL PLAIN (RFC 4616): [authorization identity] NUL user NUL password. */
export interface PlainResponse {
  authorizationId: string;
  user: string;
  password: string;
}

/** Null if it has not that form: three fields of valid UTF-8, a user and a password that are not empty. */
export function parsePlainResponse(response: Buffer): PlainResponse | null {
  const text = decode(response);
  const [authorizationId, user, password, ...more] = text?.split('\0') ?? [];
  if (authorizationId === undefined || !user || !password || more.length > 0) return null;
  return { authorizationId, user, password };
}

/** Client response of OAUTHBEARER (RFC 7628 section 3.1): gs2 header, then key=value pairs between %x01. `user` may be empty. */
export function parseBearerResponse(response: Buffer): { user: string; token: string } | null {
  const [header, ...pairs] = decode(response)?.split('\u0001') ?? [];
  const gs2 = /^[ny],(?:a=([^,]*))?,$/.exec(header ?? '');
  const token = pairs.map((pair) => /^auth=Bearer +(\S+) *$/i.exec(pair)?.[1]).find((each) => each !== undefined);
  if (!gs2 || !token) return null;
  return { user: (gs2[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '='), token };
}

/** The bytes of a base64 text as SASL exchanges it, or null if it is none. */
export const decodeBase64 = (text: string): Buffer | null =>
  text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
