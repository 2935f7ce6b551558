import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { TestImap } from '#tests/support/imap-client.ts';

export interface Fairness {
  /** what the other mailbox waits for its answers */
  others_ms: { p50: number; p95: number; worst: number; count: number };
  /** how many commands the greedy mailbox had answered meanwhile */
  hammered: number;
}

interface Who {
  address: string;
  password: string;
}

/** As costly as a client can make them, and each of another kind: memory, database, bodies, writes. */
const costly = [
  `SEARCH ${Array.from({ length: 600 }, (_, index) => `OR HEADER x a${index} `).join('')}SEEN DELETED`,
  `SEARCH ${Array.from({ length: 600 }, (_, index) => `OR TEXT b${index} `).join('')}SEEN DELETED`,
  'THREAD REFERENCES UTF-8 ALL',
  'SORT (SUBJECT FROM TO DATE) UTF-8 ALL',
  'FETCH 1:* (ENVELOPE BODYSTRUCTURE BODY.PEEK[])',
  'FETCH 1:* (FLAGS UID MODSEQ)',
  'STORE 1:* +FLAGS.SILENT (\\Flagged)',
  'STORE 1:* -FLAGS.SILENT (\\Flagged)',
];

/** Many connections of one mailbox, each with the next costly command as soon as one is answered. Answers are counted, not read. */
class Hammer {
  answered = 0;
  readonly #sockets: TLSSocket[] = [];

  async start(port: number, { address, password }: Who, connections: number): Promise<void> {
    for (let index = 0; index < connections; index++) {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
      this.#sockets.push(socket);
      socket.on('error', () => socket.destroy());
      await once(socket, 'data');
      let turn = index;
      let tail = '';
      socket.on('data', (chunk: Buffer) => {
        // the tagged answer is the end of what comes, whatever stands in front
        tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 200))).slice(-200);
        if (!/(^|\r\n)x (OK|NO|BAD)[^\r\n]*\r\n$/.test(tail)) return;
        tail = '';
        this.answered++;
        socket.write(`x ${costly[turn++ % costly.length]}\r\n`);
      });
      socket.write(`y LOGIN "${address}" "${password}"\r\nx SELECT INBOX\r\n`);
    }
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** One mailbox at all its limits on the IMAP port with TLS, while a second one reads and writes. `clock`: what its waits are measured by, ms. */
export async function measureFairness(
  port: number,
  greedy: Who,
  other: Who,
  { seconds, connections = 16, clock = () => performance.now() }: { seconds: number; connections?: number; clock?: () => number },
): Promise<Fairness> {
  const client = await TestImap.connect(port, true);
  await client.ok(`LOGIN "${other.address}" "${other.password}"`);
  await client.append('INBOX', 'Subject: hello\r\nFrom: a@example.org\r\n\r\nhello\r\n');
  await client.ok('SELECT INBOX');
  const hammer = new Hammer();
  await hammer.start(port, greedy, connections);
  const waits: number[] = [];
  const until = performance.now() + seconds * 1000;
  const work = [
    'NOOP',
    'FETCH 1 (FLAGS ENVELOPE)',
    'FETCH 1 BODY.PEEK[]',
    'STORE 1 +FLAGS (\\Seen)',
    'STORE 1 -FLAGS (\\Seen)',
    'SEARCH TEXT hello',
  ];
  for (let turn = 0; performance.now() < until; turn++) {
    const asked = clock();
    if (turn % 7 === 6) await client.append('Archive', 'Subject: more\r\n\r\nmore\r\n');
    else await client.ok(work[turn % 7] ?? 'NOOP');
    waits.push(clock() - asked);
  }
  hammer.stop();
  client.end();
  return fairnessOf(waits, hammer.answered);
}

export function fairnessOf(waits: readonly number[], hammered: number): Fairness {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (part: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10;
  return { others_ms: { p50: at(0.5), p95: at(0.95), worst: at(1), count: waits.length }, hammered };
}
