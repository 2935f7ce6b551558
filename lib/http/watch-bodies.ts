import type { IncomingMessage, ServerResponse } from 'node:http';

interface Body {
  party: string;
  bytes: number;
  since: number;
  isWhole: boolean;
  isHeld: boolean;
  end(): void;
}

export interface Sent {
  request: IncomingMessage;
  response: ServerResponse;
  /** whose it is: a mailbox or an address */
  party: string;
  /** it lies in memory until it is answered, and is not written to the disk while it comes */
  isHeld: boolean;
  /** called when it takes too long or too much */
  end(): void;
}

export interface BodyWatch {
  /** Resolves when all of it is there, or as much as is taken before somebody reads it. Never, if the client goes before. */
  arrived(sent: Sent): Promise<void>;
  /** Ends what comes too slowly. */
  endSlow(): void;
}

interface Most {
  heldBytes: number;
  bodyMs: number;
  bodyBytesPerSecond: number;
}

/**
 * Watches what clients send with their requests. Forms are held in memory, by Next twice over, until they are answered; so all of them together have
 * a bound, and whoever holds the most loses the oldest: a thousand forms that stand still cost their sender something, and nobody else.
 */
export function watchBodies({ heldBytes, bodyMs, bodyBytesPerSecond }: Most, now = Date.now): BodyWatch {
  const open = new Set<Body>();
  let held = 0;
  const leave = (body: Body): void => {
    if (open.delete(body) && body.isHeld) held -= body.bytes;
  };
  const end = (body: Body): void => {
    leave(body);
    body.end();
  };
  const count = (body: Body, bytes: number): void => {
    if (!open.has(body)) return;
    body.bytes += bytes;
    if (!body.isHeld) return;
    held += bytes;
    while (held > heldBytes) {
      const most = oldestOfLargest(open);
      if (!most) return;
      end(most);
    }
  };
  return {
    arrived: ({ request, response, ...sent }) =>
      new Promise((resolve) => {
        const body: Body = { ...sent, bytes: 0, since: now(), isWhole: false };
        open.add(body);
        response.once('close', () => leave(body));
        // what the parser hands over passes here; a listener for "data" would take it from whoever reads it later
        const push = request.push.bind(request);
        request.push = (chunk: Buffer | null) => {
          const goesOn = push(chunk);
          if (chunk === null) body.isWhole = true;
          else count(body, chunk.length);
          if (!goesOn) resolve();
          return goesOn;
        };
      }),
    endSlow() {
      const slow = [...open].filter(
        ({ isWhole, since, bytes }) => !isWhole && now() - since > bodyMs + (1000 * bytes) / bodyBytesPerSecond,
      );
      for (const body of slow) end(body);
    },
  };
}

function oldestOfLargest(open: ReadonlySet<Body>): Body | undefined {
  const sums = new Map<string, { bytes: number; oldest: Body }>();
  for (const body of open) {
    if (!body.isHeld || body.bytes === 0) continue;
    const sum = sums.get(body.party);
    if (sum) sum.bytes += body.bytes;
    else sums.set(body.party, { bytes: body.bytes, oldest: body });
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes)[0]?.oldest;
}
