import type { Credential } from './seed/demo-customer.ts';

/** Where the running servers are and who the demo mailboxes belong to. */
export interface SeedTarget {
  host: string;
  /** name in the certificate */
  serverName: string;
  /** POSTAMT_PORT_OFFSET */
  offset: number;
  /** path of the authority's certificate */
  authority: string;
  mailboxes: Credential[];
}

export async function deliverLetters(_target: SeedTarget): Promise<number> {
  throw new Error('not yet written');
}
