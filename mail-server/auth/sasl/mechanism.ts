import type { AuthenticationResult, Authenticator, MailProtocol } from '../types.ts';
import type { Channel } from './channel-binding.ts';

/** Who signs in: what a mechanism needs to ask the authenticator. */
export interface SaslClient {
  authenticator: Authenticator;
  remoteAddress: string;
  protocol: MailProtocol;
  /** the TLS session that ends here; null: there is none, or it ends at a balancer */
  channel: Channel | null;
}

/**
 * How a run ends: with the result; with a failure whose reason is told in one more challenge, the answer to which means nothing; or null
 * when a response had not the form that the mechanism knows.
 */
export type SaslEnd = AuthenticationResult | { failed: AuthenticationResult; reason: string } | null;

/**
 * One run of a mechanism (RFC 4422): yields a challenge and is given the client's response to it. The first challenge goes unsaid where
 * the client responds unasked.
 */
export type Mechanism = (client: SaslClient) => AsyncGenerator<string, SaslEnd, Buffer>;
