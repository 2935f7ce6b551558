import { credentialText } from '../credential-text.ts';
import type { Mechanism } from './mechanism.ts';

/** Never a standard, and all that some devices know. */
export const login: Mechanism = async function* ({ authenticator, remoteAddress, protocol }) {
  const user = credentialText(yield 'Username:');
  if (!user) return null;
  const password = credentialText(yield 'Password:');
  if (!password) return null;
  return authenticator.password({ user, password, remoteAddress, protocol });
};
