import { createServer, type Socket } from 'node:net';
import { type DnsServer, startDnsServer } from '#tests/support/dns-server.ts';

/** The world outside, on loopback: names, and one host that takes all mail for them. */
export interface Outside {
  dns: DnsServer;
  sink: Sink;
  close(): Promise<void>;
}

export const outsideDomain = 'ziel.test';

/** `mailbench` writes as absender@extern.test, with authors at firma0.test to firma16.test. */
export async function openOutside(): Promise<Outside> {
  const mailHost = { MX: [[10, `mx.${outsideDomain}`]] as [number, string][] };
  const authors = Array.from({ length: 17 }, (_, index) => [`firma${index}.test`, mailHost] as const);
  const vouching = { ...mailHost, TXT: ['v=spf1 ip4:127.0.0.1 -all'] };
  const dns = await startDnsServer({
    ...Object.fromEntries(authors),
    'extern.test': vouching,
    'firma.test': vouching,
    [outsideDomain]: mailHost,
    [`mx.${outsideDomain}`]: { A: ['127.0.0.1'] },
  });
  const sink = new Sink();
  await sink.open();
  return {
    dns,
    sink,
    async close() {
      await Promise.all([dns.close(), sink.close()]);
    },
  };
}

const endOfData = '\r\n.\r\n';
const marked = /^X-Bench-Id: (\S+)/im;

/** A mail host that does as little as one can: it takes every letter and remembers its X-Bench-Id and for whom it came. */
export class Sink {
  port = 0;
  /** "id recipient" of each letter that came, as often as it came */
  taken: string[] = [];
  readonly #server = createServer((socket) => this.#serve(socket));

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    let text = '';
    let recipients: string[] = [];
    let inData = false;
    socket.on('error', () => socket.destroy());
    // answers to commands that came together are not held back for the other side's acknowledgement of the first
    socket.setNoDelay(true);
    socket.write('220 mx.ziel.test ESMTP\r\n');
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = text.indexOf(inData ? endOfData : '\r\n');
        if (end < 0) return;
        const piece = text.slice(0, end);
        text = text.slice(end + (inData ? endOfData.length : 2));
        if (inData) {
          for (const recipient of recipients) this.taken.push(`${marked.exec(piece)?.[1] ?? ''} ${recipient}`);
          recipients = [];
          inData = false;
          socket.write('250 2.0.0 taken\r\n');
        } else {
          const verb = piece.slice(0, 4).toUpperCase();
          if (verb === 'RCPT') recipients.push(/<(.*?)>/.exec(piece)?.[1] ?? '');
          inData = verb === 'DATA';
          socket.write(answers[verb] ?? '250 2.0.0 ok\r\n');
          if (verb === 'QUIT') socket.end();
        }
      }
    });
  }
}

const answers: Record<string, string> = {
  EHLO: '250-mx.ziel.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n',
  DATA: '354 go on\r\n',
  QUIT: '221 2.0.0 bye\r\n',
};
