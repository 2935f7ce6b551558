import { mechanismNames } from '../../auth/sasl/exchange.ts';
import { listing } from '../reply.ts';
import type { Command } from './command.ts';

/** RFC 2449. What asks for a password is named only where one may be given. */
export const capa: Command = {
  states: ['authorization', 'transaction'],
  async run(session) {
    const lines = ['TOP', 'UIDL', 'RESP-CODES', 'AUTH-RESP-CODE', 'PIPELINING', 'EXPIRE NEVER', 'IMPLEMENTATION Postamt'];
    if (session.mayLogIn)
      lines.push('USER', `SASL ${mechanismNames(session.connection.channel, session.services.authenticator).join(' ')}`);
    if (!session.connection.secure && !session.maildrop) lines.push('STLS');
    return session.connection.write(listing('Capability list follows', lines));
  },
};
