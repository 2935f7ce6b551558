import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** What ties an exchange to the TLS session under it (RFC 5056), so that nobody in between can pass it on over one of his own. */
export interface Channel {
  /** the data of a type of binding, or null where this session has none */
  binding(type: string): Buffer | null;
}

export function channelOf(socket: Socket): Channel | null {
  if (!(socket instanceof TLSSocket)) return null;
  return {
    binding(type) {
      if (type === 'tls-exporter') return exported(socket);
      return type === 'tls-server-end-point' ? ownCertificate(socket) : null;
    },
  };
}

/** RFC 9266 section 2. Below TLS 1.3 it needs an extended master secret, and whether there is one cannot be seen from here (section 4.2). */
const exported = (socket: TLSSocket): Buffer | null =>
  socket.getProtocol() === 'TLSv1.3' ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)) : null;

/** RFC 5929 section 4.1: by the hash of the certificate's signature, SHA-256 instead of MD5 and SHA-1; undefined where that names none. */
function ownCertificate(socket: TLSSocket): Buffer | null {
  const certificate = socket.getX509Certificate();
  const hash = /(MD5|SHA1|SHA224|SHA256|SHA384|SHA512)/i.exec((certificate?.signatureAlgorithm ?? '').replace('-', ''))?.[1]?.toLowerCase();
  if (!certificate || !hash) return null;
  return createHash(hash === 'md5' || hash === 'sha1' ? 'sha256' : hash)
    .update(certificate.raw)
    .digest();
}
