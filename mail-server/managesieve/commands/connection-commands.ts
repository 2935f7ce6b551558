import { capabilities } from '../capabilities.ts';
import { no, ok, writeString } from '../reply.ts';
import { ANYWHERE, type Command } from './command.ts';

/** RFC 5804 section 2.4. */
export const capability: Command = {
  states: ANYWHERE,
  run: (session) => session.connection.write(`${capabilities(session)}${ok()}`),
};

/** RFC 5804 section 2.2: the capabilities come anew, nobody may have changed them on the way. */
export const startTls: Command = {
  states: ['signed out'],
  async run(session) {
    const { connection, services } = session;
    if (connection.secure) return connection.write(no('TLS is on already'));
    await connection.write(ok('Begin TLS'));
    if (!(await connection.startTls(services, 'sieve'))) return session.cut();
    return connection.write(`${capabilities(session)}${ok('TLS is on')}`);
  },
};

/** RFC 5804 section 2.13: a string comes back, so that a client finds its place again. */
export const noop: Command = {
  states: ANYWHERE,
  run({ connection }, [tag]) {
    return connection.write(tag?.kind === 'string' ? ok('Done', `TAG ${writeString(tag.value)}`) : ok('Done'));
  },
};

/** RFC 5804 section 2.14. */
export const unauthenticate: Command = {
  states: ['signed in'],
  run(session) {
    session.leave();
    return session.connection.write(ok());
  },
};

/** RFC 5804 section 2.3. */
export const logout: Command = {
  states: ANYWHERE,
  run: (session) => session.close(ok('Goodbye')),
};
