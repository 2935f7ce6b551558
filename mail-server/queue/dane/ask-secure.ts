import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';

const timeoutMs = 3_000;
const udpBytes = 1232;
const types = { A: 1, MX: 15, AAAA: 28, TLSA: 52 } as const;

export interface SecureAnswer {
  /** the resolver has validated it (AD, RFC 6840 section 5.8) */
  secure: boolean;
  /** 0: no error, 2: it could not be had, or is forged, 3: no such name */
  code: number;
  /** the data of the records of the type that was asked for */
  records: Buffer[];
}

/**
 * Asks a resolver and looks whether it has validated the answer, which node:dns does not tell. Over UDP, and again over TCP where the answer
 * did not fit. Rejects when there is none in time.
 */
export async function askSecure(server: string, name: string, type: keyof typeof types): Promise<SecureAnswer> {
  const { host, port } = parseServer(server);
  const query = writeQuery(name, types[type]);
  const answer = await overUdp(host, port, query).catch(() => overUdp(host, port, query));
  const truncated = (answer.readUInt16BE(2) & 0x0200) !== 0;
  return readAnswer(truncated ? await overTcp(host, port, query) : answer, types[type]);
}

/** "127.0.0.1", "127.0.0.1:5353", "::1", "[::1]:5353". */
function parseServer(server: string): { host: string; port: number } {
  if (isIPv6(server)) return { host: server, port: 53 };
  const [, six, four, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(server) ?? [];
  return { host: six ?? four ?? server, port: Number(port ?? 53) };
}

function writeQuery(name: string, type: number): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  const header = Buffer.alloc(12);
  header.writeUInt16BE(randomInt(65_536), 0);
  header.writeUInt16BE(0x0120, 2); // recursion, and AD in the answer
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(1, 10);
  const question = Buffer.alloc(5);
  question.writeUInt16BE(type, 1);
  question.writeUInt16BE(1, 3);
  const options = Buffer.from([0, 0, 41, udpBytes >> 8, udpBytes & 255, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, question, options]);
}

function isAnswerTo(query: Buffer, answer: Buffer): boolean {
  const question = query.subarray(12, -11);
  return (
    answer.length >= 12 + question.length &&
    answer.readUInt16BE(0) === query.readUInt16BE(0) &&
    (answer.readUInt16BE(2) & 0x8000) !== 0 &&
    answer
      .subarray(12, 12 + question.length)
      .toString('latin1')
      .toLowerCase() === question.toString('latin1').toLowerCase()
  );
}

function overUdp(host: string, port: number, query: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    const timer = setTimeout(() => end(new Error('the resolver does not answer')), timeoutMs);
    const end = (result: Buffer | Error): void => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.close();
      if (Buffer.isBuffer(result)) resolve(result);
      else reject(result);
    };
    socket.on('error', end);
    socket.on('message', (answer) => {
      if (isAnswerTo(query, answer)) end(answer);
    });
    // a connected socket hears nobody else
    socket.connect(port, host, () => socket.send(query));
  });
}

function overTcp(host: string, port: number, query: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    let received = Buffer.alloc(0);
    const socket = connect({ host, port, timeout: timeoutMs });
    const timer = setTimeout(() => socket.destroy(new Error('the resolver does not answer')), timeoutMs);
    socket.on('connect', () => socket.write(Buffer.concat([length, query])));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const answer = received.subarray(2, 2 + received.readUInt16BE(0));
      if (isAnswerTo(query, answer)) resolve(answer);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      reject(new Error('no answer'));
    });
  });
}

/** Throws a RangeError where the message ends before it should. */
function readAnswer(message: Buffer, type: number): SecureAnswer {
  const flags = message.readUInt16BE(2);
  const records: Buffer[] = [];
  let at = 12;
  for (let left = message.readUInt16BE(4); left > 0; left--) at = behindName(message, at) + 4;
  for (let left = message.readUInt16BE(6); left > 0; left--) {
    at = behindName(message, at);
    const data = at + 10;
    const end = data + message.readUInt16BE(at + 8);
    if (end > message.length) throw new RangeError('a record ends behind its message');
    if (message.readUInt16BE(at) === type) records.push(message.subarray(data, end));
    at = end;
  }
  return { secure: (flags & 0x0020) !== 0, code: flags & 15, records };
}

/** A name ends with its root, or with a pointer, which need not be followed to get behind it. */
function behindName(message: Buffer, start: number): number {
  for (let at = start; ; ) {
    const length = message.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
}
