import type { Services } from '../services.ts';
import { countsOf } from '../store/reports/report-counts.ts';
import { traceOf } from '../store/trace-store.ts';
import { checkLocalRecipient } from './check-local-recipient.ts';
import type { Profile } from './context.ts';
import { receiveMessage } from './receive-message.ts';
import { serve, type RunningSmtp } from './serve.ts';

const profile: Profile = {
  service: 'smtp',
  lmtp: false,
  encryption: 'starttls',
  offersAuthentication: false,
  requiresAuthentication: false,
  strictLineEnds: true,
  checkSender: async () => null,
  checkRecipient: checkLocalRecipient,
  accept: receiveMessage,
};

/** Mail from other hosts for our domains: port 25, STARTTLS, never a login, never a relay. */
export async function startMx(services: Services): Promise<RunningSmtp> {
  const running = await serve(services, profile, services.settings.ports.smtp);
  return {
    port: running.port,
    async close(graceMs) {
      await running.close(graceMs);
      await Promise.all([traceOf(services.database).flush(), countsOf(services.database).flush()]);
    },
  };
}
