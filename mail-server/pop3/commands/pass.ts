import { err } from '../reply.ts';
import { signIn } from '../sign-in.ts';
import type { Command } from './command.ts';

/** RFC 1939 section 7. Spaces belong to the password: it is everything behind the first one. */
export const pass: Command = {
  states: ['authorization'],
  async run(session, argument) {
    const user = session.userName;
    session.userName = null;
    if (!session.mayLogIn) return session.connection.write(err('Start TLS first'));
    if (user === null) return session.connection.write(err('USER comes first'));
    const { authenticator } = session.services;
    const { remoteAddress } = session.connection;
    return signIn(session, await authenticator.password({ user, password: argument, remoteAddress, protocol: 'pop3' }));
  },
};
