import type { Running, Services } from '../services.ts';
import { traceOf } from '../store/trace-store.ts';
import { acceptSubmission } from './accept-submission.ts';
import { checkSubmissionRecipient, checkSubmissionSender } from './check-submission.ts';
import type { Profile } from './profile.ts';
import { serve } from './serve.ts';

/** Mail of our own users (RFC 6409): 465 with TLS from the start (RFC 8314), 587 with STARTTLS; nothing without a login. */
export async function startSubmission(services: Services & { secret: string }): Promise<Running> {
  const common = {
    lmtp: false,
    offersAuthentication: true,
    requiresAuthentication: true,
    strictLineEnds: true,
    checkSender: checkSubmissionSender,
    checkRecipient: checkSubmissionRecipient,
    accept: (session, transaction, content) => acceptSubmission(session, services.secret, transaction, content),
  } satisfies Partial<Profile>;
  const { ports } = services.settings;
  const servers = [await serve(services, { ...common, service: 'submissions', encryption: 'implicit' }, ports.submissions)];
  try {
    servers.push(await serve(services, { ...common, service: 'submission', encryption: 'starttls' }, ports.submission));
  } catch (error) {
    await servers[0]?.close(0);
    throw error;
  }
  return {
    async close(graceMs) {
      await Promise.all(servers.map((server) => server.close(graceMs)));
      await traceOf(services.database).flush();
    },
  };
}
