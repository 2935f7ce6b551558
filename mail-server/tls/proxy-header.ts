import type { Socket } from 'node:net';

/** How a connection is encrypted, as Received and logs name it. */
export interface TlsInfo {
  protocol: string;
  cipher: string;
}

/** What a balancer says of the client behind it. */
export interface ProxyHeader {
  /** null: the balancer speaks for itself (a health check) */
  address: string | null;
  /** not null: the client spoke TLS with the balancer, which has ended it */
  tls: TlsInfo | null;
}

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const prefixBytes = 16;
/** addresses and what balancers add to them; the protocol would allow 64 KiB */
const mostBytes = 4_096;
const timeoutMs = 10_000;

/**
 * Reads the header of the PROXY protocol, version 2, with which a connection from a balancer begins, and leaves the socket paused behind
 * it. Rejects for anything else, version 1 too: that is text, and a client could be made to send it.
 */
export function readProxyHeader(socket: Socket): Promise<ProxyHeader> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('end', onGone).off('close', onGone);
      socket.pause();
      then();
    };
    const onGone = (): void => settle(() => reject(new Error('closed before its PROXY header')));
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const length = headerLength(received);
      if (length === null || received.length >= length) settle(() => finish(length ?? 0));
    };
    const finish = (length: number): void => {
      const header = length === 0 ? null : parseProxyHeader(received.subarray(0, length));
      if (!header) {
        reject(new Error('no PROXY header of version 2'));
        return;
      }
      if (received.length > length) socket.unshift(received.subarray(length));
      resolve(header);
    };
    const timer = setTimeout(() => settle(() => reject(new Error('no PROXY header in time'))), timeoutMs);
    socket.on('data', onData).once('end', onGone).once('close', onGone);
  });
}

/** Bytes of the header that begins so, as far as they can be known by now; null if it is none, or one too long. */
function headerLength(received: Buffer): number | null {
  const known = Math.min(received.length, signature.length);
  if (!received.subarray(0, known).equals(signature.subarray(0, known))) return null;
  if (received.length < prefixBytes) return prefixBytes;
  const length = prefixBytes + received.readUInt16BE(14);
  return length > mostBytes ? null : length;
}

/** A whole header. Null if it is not one, or of a connection that no mail can come over (UDP, a local socket). */
export function parseProxyHeader(bytes: Buffer): ProxyHeader | null {
  const [versionAndCommand = 0, family = 0] = [bytes[12], bytes[13]];
  if (versionAndCommand === 0x20) return { address: null, tls: null };
  const addressBytes = family === 0x11 ? 4 : family === 0x21 ? 16 : 0;
  const ports = prefixBytes + 2 * addressBytes;
  if (versionAndCommand !== 0x21 || addressBytes === 0 || bytes.length < ports + 4) return null;
  const source = bytes.subarray(prefixBytes, prefixBytes + addressBytes);
  const address = addressBytes === 4 ? source.join('.') : formatIPv6(source);
  const entries = parseEntries(bytes.subarray(ports + 4));
  return entries && { address, tls: tlsOf(entries.get(0x20)) };
}

function formatIPv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  const url = new URL(`http://[${groups.join(':')}]`);
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  return mapped ? bytes.subarray(12).join('.') : url.hostname.slice(1, -1);
}

/** Type, length and value, one after the other; null if they do not fill the bytes exactly. */
function parseEntries(bytes: Buffer): Map<number, Buffer> | null {
  const entries = new Map<number, Buffer>();
  let at = 0;
  while (at + 3 <= bytes.length) {
    const end = at + 3 + bytes.readUInt16BE(at + 1);
    if (end > bytes.length) return null;
    entries.set(bytes.readUInt8(at), bytes.subarray(at + 3, end));
    at = end;
  }
  return at === bytes.length ? entries : null;
}

/** PP2_TYPE_SSL: flags, result of the client's certificate, then version (0x21) and cipher (0x23) in entries of their own. */
function tlsOf(entry: Buffer | undefined): TlsInfo | null {
  const usesTls = ((entry?.[0] ?? 0) & 1) === 1;
  if (!entry || entry.length < 5 || !usesTls) return null;
  const details = parseEntries(entry.subarray(5));
  const word = (type: number, fallback: string): string =>
    /^[\w.-]{1,60}/.exec(details?.get(type)?.toString('latin1') ?? '')?.[0] ?? fallback;
  return { protocol: word(0x21, 'TLS'), cipher: word(0x23, 'unknown') };
}
