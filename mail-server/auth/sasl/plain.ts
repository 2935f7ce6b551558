import { credentialText } from '../credential-text.ts';
import type { Mechanism } from './mechanism.ts';

/** RFC 4616: [authorization identity] NUL user NUL password. Nobody acts as somebody else here. */
export const plain: Mechanism = async function* ({ authenticator, remoteAddress, protocol }) {
  const [authorizationId, user, password, ...more] = credentialText(yield '').split('\0');
  if (authorizationId === undefined || !user || !password || more.length > 0) return null;
  if (authorizationId !== '' && authorizationId.toLowerCase() !== user.toLowerCase()) return { ok: false, failure: 'NotAuthorized' };
  return authenticator.password({ user, password, remoteAddress, protocol });
};
