import type { Query } from './postgres/database.ts';

export interface HostKey {
  selector: string;
  /** sealed with the installation's secret */
  privateKey: string;
  publicKey: string;
}

const read = { name: 'host_key_read', text: 'select selector, private_key, public_key from host_key where host = $1' };
const keep = {
  name: 'host_key_keep',
  text: 'insert into host_key (host, selector, private_key, public_key) values ($1, $2, $3, $4) on conflict (host) do nothing',
};

export async function readHostKey(query: Query, host: string): Promise<HostKey | null> {
  const [row] = await query(read, [host]);
  if (!row) return null;
  const [selector, privateKey, publicKey] = row as [string, string, string];
  return { selector, privateKey, publicKey };
}

/** Of several processes that make one at the same time the first one's stays. */
export async function keepHostKey(query: Query, host: string, { selector, privateKey, publicKey }: HostKey): Promise<void> {
  await query(keep, [host, selector, privateKey, publicKey]);
}
