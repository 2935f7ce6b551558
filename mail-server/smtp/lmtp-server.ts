import type { Services } from '../services.ts';
import { traceOf } from '../store/trace-store.ts';
import { checkLocalRecipient } from './check-local-recipient.ts';
import type { Profile } from './context.ts';
import { receiveMessage } from './receive-message.ts';
import { serve, type RunningSmtp } from './serve.ts';

const profile: Profile = {
  service: 'lmtp',
  lmtp: true,
  encryption: 'none',
  offersAuthentication: false,
  requiresAuthentication: false,
  strictLineEnds: false,
  checkSender: async () => null,
  checkRecipient: checkLocalRecipient,
  accept: receiveMessage,
};

/** LMTP (RFC 2033) for a trusted peer on this machine: an MTA in front of us, and tests. Never on another address than loopback. */
export async function startLmtp(services: Services): Promise<RunningSmtp> {
  const running = await serve(services, profile, services.settings.ports.lmtp, '127.0.0.1');
  return {
    port: running.port,
    async close(graceMs) {
      await running.close(graceMs);
      await traceOf(services.database).flush();
    },
  };
}
