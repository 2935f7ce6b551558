import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Watched {
  /** whose it is: a mailbox or an address */
  party: string;
  request: IncomingMessage;
  response: ServerResponse;
  /** what it sends lies in memory until it is answered, and is not written to the disk while it comes */
  isHeld: boolean;
  /** called when it takes too long or too much */
  end(): void;
}

interface Open extends Watched {
  bytes: number;
  since: number;
  isWhole: boolean;
}

export interface RequestWatch {
  /** Resolves when all that it sends is there, or as much as is taken before somebody reads it. Never, if the client goes before. */
  arrived(watched: Watched): Promise<void>;
  /** Ends what is sent too slowly, and what fills the memory because nobody reads the answers. */
  look(): void;
}

interface Most {
  heldBytes: number;
  bodyMs: number;
  bodyBytesPerSecond: number;
  restBytes: number;
  restMs: number;
}

/** What a connection goes on sending that was answered already. */
interface Rest {
  socket: Socket;
  from: number;
  until: number;
}

/**
 * Watches what lies in memory for clients: forms until they are answered (Next has them twice over), and answers until they are read. All of it
 * together has a bound, and whoever holds the most loses the oldest: a thousand forms that stand still cost their sender something, and nobody else.
 */
export function watchRequests({ heldBytes, bodyMs, bodyBytesPerSecond, restBytes, restMs }: Most): RequestWatch {
  const all = new Set<Open>();
  const rests = new Set<Rest>();
  /** of forms alone, since those come between two looks */
  let held = 0;
  const leave = (open: Open): void => {
    if (all.delete(open) && open.isHeld) held -= open.bytes;
  };
  const end = (open: Open): void => {
    leave(open);
    open.end();
  };
  const count = (open: Open, bytes: number): void => {
    if (!all.has(open)) return;
    open.bytes += bytes;
    if (!open.isHeld) return;
    held += bytes;
    while (held > heldBytes) {
      const most = oldestOfLargest(all);
      if (!most) return;
      end(most);
    }
  };
  return {
    arrived: (watched) =>
      new Promise((resolve) => {
        const { request, response } = watched;
        const open: Open = { ...watched, bytes: 0, since: performance.now(), isWhole: !hasBody(request) };
        all.add(open);
        response.once('close', () => {
          leave(open);
          const { socket } = request;
          if (open.isWhole || socket.destroyed) return;
          // a browser hears no answer while it is still sending: it may go on for a while, and Node reads it and throws it away
          const rest = { socket, from: socket.bytesRead, until: performance.now() + restMs };
          rests.add(rest);
          request.once('close', () => rests.delete(rest));
        });
        if (open.isWhole) return resolve();
        // what the parser hands over passes here; a listener for "data" would take it from whoever reads it later
        const push = request.push.bind(request);
        request.push = (chunk: Buffer | null) => {
          const goesOn = push(chunk);
          if (chunk === null) open.isWhole = true;
          else count(open, chunk.length);
          if (!goesOn) resolve();
          return goesOn;
        };
      }),
    look() {
      const isSlow = ({ isWhole, since, bytes }: Open): boolean =>
        !isWhole && performance.now() - since > bodyMs + (1000 * bytes) / bodyBytesPerSecond;
      for (const open of [...all].filter(isSlow)) end(open);
      for (const rest of rests) {
        const { socket, from, until } = rest;
        if (performance.now() > until || socket.bytesRead - from > restBytes) socket.destroy();
        // a request that was answered hears nothing of the end of its connection
        if (socket.destroyed) rests.delete(rest);
      }
      let sum = [...all].reduce((bytes, open) => bytes + sizeOf(open), 0);
      while (sum > heldBytes) {
        const most = oldestOfLargest(all);
        if (!most) return;
        sum -= sizeOf(most);
        end(most);
      }
    },
  };
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const sizeOf = ({ isHeld, bytes, response }: Open): number => (isHeld ? bytes : 0) + response.writableLength;

function oldestOfLargest(all: ReadonlySet<Open>): Open | undefined {
  const sums = new Map<string, { bytes: number; oldest: Open }>();
  for (const open of all) {
    const bytes = sizeOf(open);
    if (bytes === 0) continue;
    const sum = sums.get(open.party);
    if (sum) sum.bytes += bytes;
    else sums.set(open.party, { bytes, oldest: open });
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes)[0]?.oldest;
}
