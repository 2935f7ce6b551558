import type { ExpectedRecord, ExpectedRecords } from './expected-records.ts';

// RFC 1035: one character-string holds at most 255 octets; longer values (DKIM keys) are split.
export const quoted = (text: string): string =>
  (text.match(/.{1,250}/gs) ?? ['']).map((part) => `"${part.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(' ');

const data = ({ type, value }: ExpectedRecord): string => (type === 'TXT' ? quoted(value) : `${value}.`);

/** The records as a BIND zone file (RFC 1035, section 5), to be imported at the DNS provider. */
export const zoneFile = (records: ExpectedRecords): string =>
  Object.values(records)
    .flat()
    .map((record) => `${record.name}. 3600 IN ${record.type} ${data(record)}\n`)
    .join('');
