import { dropSome } from '../drop-some.ts';
import type { Database } from '../postgres/database.ts';

export interface StsPolicy {
  mode: 'enforce' | 'testing' | 'none';
  /** names of hosts, in lower case; "*.example.org" stands for one label */
  mx: readonly string[];
  maxAgeS?: number;
}

export interface KeptPolicy {
  id: string;
  policy: StsPolicy;
  /** its time is more than half over */
  old: boolean;
}

const read = {
  name: 'sts_policy_read',
  text: `select policy_id, mode, array_to_string(mx, ' '), now() > fetched_at + (expires_at - fetched_at) / 2,
      extract(epoch from expires_at - fetched_at)::int from sts_policy where domain = $1 and expires_at > now()`,
};
const keep = {
  name: 'sts_policy_keep',
  text: `insert into sts_policy (domain, policy_id, mode, mx, expires_at) values ($1, $2, $3, $4::text[], now() + make_interval(secs => $5))
    on conflict (domain) do update set policy_id = excluded.policy_id, mode = excluded.mode, mx = excluded.mx, fetched_at = now(),
      expires_at = excluded.expires_at`,
};

/** What a domain said last, as long as it is to be remembered. */
export async function readStsPolicy(database: Database, domain: string): Promise<KeptPolicy | null> {
  const [row] = await database.read(read, [domain]);
  if (!row) return null;
  const [id, mode, mx, old, maxAgeS] = row as [string, StsPolicy['mode'], string, boolean, number];
  return { id, policy: { mode, mx: mx.split(' ').filter(Boolean), maxAgeS }, old };
}

export async function keepStsPolicy(
  database: Database,
  domain: string,
  id: string,
  policy: StsPolicy & { maxAgeS: number },
): Promise<void> {
  await database.write(keep, [domain, id, policy.mode, [...policy.mx], policy.maxAgeS]);
}

/** Policies whose time is over: a stranger has as many names as he likes, and each that is written to leaves one. True: there is more. */
export const dropStsPolicies = dropSome('sts_policy_drop', 'sts_policy', 'expires_at < now()');
