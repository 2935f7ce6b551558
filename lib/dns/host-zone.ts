import type { Database } from '../db/prisma.ts';
import { dkimValue } from '../dkim/key-record.ts';
import { quoted } from './zone-file.ts';

/** Lines of a zone file (RFC 1035 section 5): what this host needs to write letters of its own, and to be sent reports about hosted domains. */
export async function hostZoneText(database: Database, hostName: string): Promise<string> {
  const host = hostName.toLowerCase();
  const key = await database.hostKey.findUnique({ where: { host } });
  const records: [name: string, value: string][] = [
    [host, 'v=spf1 a -all'],
    // made by the mail server when it first sends reports
    ...(key
      ? [[`${key.selector}._domainkey.${host}`, dkimValue({ algorithm: 'rsa', publicKey: key.publicKey })] satisfies [string, string]]
      : []),
    [`_dmarc.${host}`, 'v=DMARC1; p=none'],
    // RFC 9990 section 4: reports about any domain are welcome
    [`*._report._dmarc.${host}`, 'v=DMARC1'],
  ];
  return records.map(([name, value]) => `${name}. 3600 IN TXT ${quoted(value)}\n`).join('');
}
