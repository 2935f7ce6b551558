import { createHmac } from 'node:crypto';
import { deriveKey } from '../../lib/auth/derive-key.ts';
import type { LoginThrottle } from '../../lib/auth/login-throttle.ts';
import { verifyScramProof } from '../../lib/auth/scram-keys.ts';
import { type EmailAddress, parseEmailAddress } from '../../lib/addresses/email-address.ts';
import type { Directory } from '../store/mail-directory.ts';
import type { Verdict } from './check-password.ts';
import type { ScramProof } from './types.ts';

export type ProofVerdict = { verdict: Verdict; serverSignature: Buffer | null };

export interface ProofCheck {
  salt(user: string): Promise<Buffer>;
  check(attempt: ScramProof, address: EmailAddress): Promise<ProofVerdict>;
}

interface Options {
  directory: Directory;
  throttle: LoginThrottle;
  /** POSTAMT_SECRET */
  secret: string;
}

const none = (verdict: Verdict): ProofVerdict => ({ verdict, serverSignature: null });

/**
 * Tells whether one of a mailbox's app passwords made a proof (SCRAM). A proof by a revoked one is wrong, but no guess: it comes from a
 * device that was forgotten, and is not counted. Nobody guesses an app password, so no block keeps one out.
 */
export function createProofCheck({ directory, throttle, secret }: Options): ProofCheck {
  const key = deriveKey(secret, 'scram salts of nobody v1');
  return {
    async salt(user) {
      const address = parseEmailAddress(user);
      const invented = createHmac('sha256', key)
        .update(address ?? user)
        .digest();
      return (address && (await directory.scramSalt(address))) ?? invented;
    },
    async check(attempt, address) {
      const subject = { address, remoteAddress: attempt.remoteAddress };
      const [{ waitS, note }, found, all] = await Promise.all([
        throttle.check(subject),
        directory.login(address),
        directory.scramKeys(address),
      ]);
      const proved = all
        .map((each) => ({ ...each, serverSignature: verifyScramProof(each.keys, attempt.authMessage, attempt.proof) }))
        .find(({ serverSignature }) => serverSignature !== null);
      if (proved && found && found.status !== 'deleted') {
        // biome-ignore lint/correctness/useHookAtTopLevel: a verb of the directory, nothing of React
        const appPasswordId = proved.revoked ? null : await directory.useAppPassword(found.accountId, proved.sha256, attempt.protocol);
        if (appPasswordId === null) return none({ kind: 'wrong', repeated: true });
        if (note) await throttle.succeed(subject);
        return { verdict: { kind: 'app-password', login: found, appPasswordId }, serverSignature: proved.serverSignature };
      }
      if (waitS > 0) return none({ kind: 'blocked' });
      await throttle.fail(subject);
      return none({ kind: 'wrong', repeated: false });
    },
  };
}
