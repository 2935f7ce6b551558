import { messageId } from '../delivery/message-id.ts';
import type { Running, Services } from '../services.ts';
import { traceOf } from '../store/trace-store.ts';
import { acceptSubmission } from './accept-submission.ts';
import { checkSubmissionRecipient, checkSubmissionSender } from './check-submission.ts';
import type { Profile } from './context.ts';
import { noteRefusal, noteRefusals } from './note-refusal.ts';
import { serve } from './serve.ts';

export interface RunningSubmission extends Running {
  /** the ports that are really listened on */
  ports: { submissions: number; submission: number };
}

/** Mail of our own users (RFC 6409): 465 with TLS from the start (RFC 8314), 587 with STARTTLS; nothing without a login. */
export async function startSubmission(services: Services & { secret: string }): Promise<RunningSubmission> {
  const common = {
    lmtp: false,
    offersAuthentication: true,
    requiresAuthentication: true,
    // devices end their lines with LF; acceptSubmission makes them CRLF
    strictLineEnds: false,
    checkSender: checkSubmissionSender,
    async checkRecipient(session, path) {
      const checked = await checkSubmissionRecipient(session, path);
      if ('code' in checked) noteRefusal(session, { sender: session.transaction?.sender ?? '', recipient: path }, checked);
      return checked;
    },
    async accept(session, transaction, content) {
      const verdict = await acceptSubmission(session, services.secret, transaction, content);
      const [answer] = verdict.replies;
      if (answer && answer.code >= 400) noteRefusals(session, transaction, answer, messageId(content));
      return verdict;
    },
  } satisfies Partial<Profile>;
  const { ports } = services.settings;
  const submissions = await serve(services, { ...common, service: 'submissions', encryption: 'implicit' }, ports.submissions);
  const submission = await serve(services, { ...common, service: 'submission', encryption: 'starttls' }, ports.submission).catch(
    async (error: unknown) => {
      await submissions.close(0);
      throw error;
    },
  );
  return {
    ports: { submissions: submissions.port, submission: submission.port },
    async close(graceMs) {
      await Promise.all([submissions.close(graceMs), submission.close(graceMs)]);
      await traceOf(services.database).flush();
    },
  };
}
