import { createSocket } from 'node:dgram';

/**
 * What a name has: "MX" lists [preference, exchange], "A", "AAAA" and "TXT" lists, "TLSA" data. `secure`: its answers say that they were
 * validated (AD), `broken`: that this failed. 'silent': no answer at all.
 */
export type DnsZone = Record<
  string,
  | {
      CNAME?: string;
      MX?: [number, string][];
      A?: string[];
      AAAA?: string[];
      TXT?: string[];
      TLSA?: Buffer[];
      secure?: boolean;
      broken?: boolean;
    }
  | 'silent'
>;

export interface DnsServer {
  /** for settings.dnsServers */
  address: string;
  zone: DnsZone;
  close(): Promise<void>;
}

/** the name that was asked for, in answers (RFC 1035 section 4.1.4) */
const pointer = Buffer.from([0xc0, 0x0c]);

const types: Record<number, 'A' | 'CNAME' | 'MX' | 'TXT' | 'AAAA' | 'TLSA'> = {
  1: 'A',
  5: 'CNAME',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  52: 'TLSA',
};

/** A name server on UDP that knows `zone` and nothing else: other names do not exist (RFC 1035). */
export async function startDnsServer(zone: DnsZone, port = 0): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const server: DnsServer = {
    address: '',
    zone,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on('message', (query, from) => {
    const { name, end } = readName(query, 12);
    const asked = server.zone[name.toLowerCase()];
    if (asked === 'silent') return;
    const type = types[query.readUInt16BE(end)];
    const alias = asked?.CNAME?.toLowerCase();
    // what stands behind an alias comes with it, as from a resolver
    const found = alias === undefined || type === 'CNAME' ? asked : server.zone[alias];
    const entry = found === 'silent' ? undefined : found;
    const records = [
      ...(alias === undefined ? [] : [{ owner: pointer, type: 5, data: writeName(alias) }]),
      ...(entry && type && type !== 'CNAME'
        ? encode(type, entry[type] ?? []).map((data) => ({
            owner: alias === undefined ? pointer : writeName(alias),
            type: query.readUInt16BE(end),
            data,
          }))
        : []),
    ];
    const header = Buffer.from(query.subarray(0, 12));
    const flags = entry ? (entry.secure ? 0x85a0 : 0x8580) : 0x8583;
    header.writeUInt16BE(entry?.broken ? 0x8582 : flags, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    const answers = records.map((record) => {
      const head = Buffer.alloc(10);
      head.writeUInt16BE(record.type, 0);
      head.writeUInt16BE(1, 2);
      head.writeUInt32BE(60, 4);
      head.writeUInt16BE(record.data.length, 8);
      return Buffer.concat([record.owner, head, record.data]);
    });
    socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  server.address = `127.0.0.1:${socket.address().port}`;
  return server;
}

function readName(message: Buffer, at: number): { name: string; end: number } {
  const labels: string[] = [];
  let position = at;
  for (let length = message[position] ?? 0; length > 0; length = message[position] ?? 0) {
    labels.push(message.toString('latin1', position + 1, position + 1 + length));
    position += 1 + length;
  }
  return { name: labels.join('.'), end: position + 1 };
}

const writeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);

function encode(type: string, values: readonly (string | Buffer | [number, string])[]): Buffer[] {
  return values.map((value) => {
    if (Buffer.isBuffer(value)) return value;
    if (typeof value !== 'string') {
      const preference = Buffer.alloc(2);
      preference.writeUInt16BE(value[0]);
      return Buffer.concat([preference, writeName(value[1])]);
    }
    if (type === 'A') return Buffer.from(value.split('.').map(Number));
    if (type === 'TXT') {
      const pieces = value.match(/.{1,255}/g) ?? [''];
      return Buffer.concat(pieces.flatMap((piece) => [Buffer.from([piece.length]), Buffer.from(piece, 'latin1')]));
    }
    // "::1" and the like are all that the tests need
    const groups = value.split('::');
    const [head = [], tail = []] = groups.map((part) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))));
    const words = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
    return Buffer.from(words.flatMap((word) => [word >> 8, word & 255]));
  });
}
