import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { nearestAddress } from './forwarded-for.ts';
import { hostOf } from '../addresses/network-of.ts';
import { isPrivateAddress } from '../addresses/private-address.ts';
import { BoundedCounts } from '../workers/bounded-counts.ts';
import { type FairPlace, FairPlaces } from '../workers/fair-places.ts';
import { createSharedTurns, type SharedTurns } from '../workers/shared-turns.ts';
import { onEachServer } from './on-each-server.ts';
import { type ReadTree, refusalOf } from './refuse-odd.ts';
import { watchRequests, type RequestWatch } from './watch-requests.ts';
import { isFirstInProcess } from '../config/once-in-process.ts';

type Turns = Parameters<typeof createSharedTurns>[0];

type Whose = (cookie: string | undefined) => string | null;

interface Limits {
  people: Turns;
  strangers: Turns;
  turnMs: number;
  heldBytes: number;
  bodyMs: number;
  bodyBytesPerSecond: number;
  restBytes: number;
  restMs: number;
  connections: number;
  connectionsPerAddress: number;
  idleMs: number;
}

const lookMs = 1000;
const streamMs = 50;
/**
 * Stands before all that this process answers (decision 108). Whoever is signed in takes turns by mailbox, everybody else by address, apart from each
 * other: a thousand requests from one place are worked on beside those of others, never before them. What is sent must come at some speed and is
 * bounded in memory; a request has its turn when it is there.
 *
 * @param whose whose sign-in a Cookie field carries, as far as this process knows already
 * @param readTree for refuse-odd.ts
 */
export function admitRequests(limits: Limits, whose: Whose, readTree: ReadTree): void {
  if (!isFirstInProcess('http.admit-requests')) return;
  onEachServer((server) => standBefore(server, limits, whose, readTree));
}

export function standBefore(server: Server, limits: Limits, whose: Whose, readTree: ReadTree): void {
  const people = createLane(limits.people, 1);
  const strangers = createLane(limits.strangers, 10);
  // scripts and fonts of a page that somebody waits for, and no work: behind pages that are made, each of them would wait a round
  const files = createLane(limits.strangers, 1);
  const watch = watchRequests(limits);
  const looks = setInterval(() => watch.look(), lookMs).unref();
  server.on('close', () => clearInterval(looks));
  // the whole of a large file may take as long as it needs, at that speed; for a header there is a time of its own
  server.requestTimeout = 0;
  const keep = boundConnections(server, limits);
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request, readTree);
    if (refusal) return refuse(response, refusal.status, refusal.fields);
    const who = whose(request.headers.cookie);
    if (who !== null) keep(request.socket);
    const party = who ?? hostOf(nearestAddress(request.headers['x-forwarded-for']) ?? request.socket.remoteAddress ?? '');
    const answer = (): void => {
      for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
    };
    const lane = who ? people : request.url?.startsWith('/_next/static/') ? files : strangers;
    void takeTurn({ request, response, party, lane, watch, turnMs: limits.turnMs, answer });
  });
}

interface Lane {
  turns: SharedTurns<string>;
  /** Resolves when nobody else of this lane began for as many rounds of the event loop as it lets pass. */
  begin(party: string): Promise<unknown>;
}

/**
 * A page that waits for nothing is made within one round of the event loop, and a round accepts one connection: where each round made a page, whoever
 * comes would wait behind as many pages as there are connections before him.
 */
function createLane(most: Turns, rounds: number): Lane {
  // in the order of the line too: of those that have a turn, two dozen wait here
  const door = createSharedTurns<string>({ running: 1, ofOne: 1 });
  const pass = async (): Promise<void> => {
    for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => void setImmediate(resolve));
  };
  return { turns: createSharedTurns<string>(most), begin: (party) => door.run(party, pass) };
}

interface Turn {
  request: IncomingMessage;
  response: ServerResponse;
  party: string;
  lane: Lane;
  watch: RequestWatch;
  turnMs: number;
  answer(): void;
}

async function takeTurn({ request, response, party, lane, watch, turnMs, answer }: Turn): Promise<void> {
  let isAnswering = false;
  // behind other answers of its connection, 408 would wait with all that was sent
  const end = (): void => void (isAnswering || response.headersSent || !response.socket ? request.socket.destroy() : refuse(response, 408));
  await watch.arrived({ request, response, party, isHeld: !request.url?.startsWith('/api/mail/uploads'), end });
  if (isOver(response)) return;
  const had = await lane.turns.run(party, async () => {
    await lane.begin(party);
    if (isOver(response)) return true;
    isAnswering = true;
    const ended = answered(response, turnMs);
    answer();
    return ended;
  });
  if (had === null) refuse(response, 503, { 'Retry-After': '5' });
}

const isOver = (response: ServerResponse): boolean => response.closed || response.writableEnded;

const answered = (response: ServerResponse, turnMs: number): Promise<true> =>
  new Promise((resolve) => {
    const until = performance.now() + turnMs;
    const end = (): void => {
      clearInterval(looks);
      resolve(true);
    };
    const looks = setInterval(() => (performance.now() >= until || isStream(response)) && end(), streamMs);
    response.once('close', end);
  });

/** Of a company whose windows all listen anew after a start, each would have the turn of another for a second. */
const isStream = (response: ServerResponse): boolean =>
  response.headersSent && String(response.getHeader('content-type')).startsWith('text/event-stream');

function refuse(response: ServerResponse, status: number, fields: Record<string, string> = {}): void {
  // RFC 9110 section 8.6
  const length = status === 204 ? {} : { 'Content-Length': '0' };
  response.writeHead(status, { ...fields, ...length, Connection: 'close' }).end();
}

/**
 * A proxy has as many as it needs; it speaks for many. Of all others whoever has the most loses his oldest where none is left for one who has fewer,
 * but not what somebody who is signed in asked over.
 *
 * @returns call when he did
 */
function boundConnections(server: Server, { connections, connectionsPerAddress, idleMs }: Limits): (socket: Socket) => void {
  server.keepAliveTimeout = idleMs;
  const counts = new BoundedCounts<string>(connectionsPerAddress);
  const places = new FairPlaces<string>(connections);
  const taken = new WeakMap<Socket, FairPlace>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const isTrusted = isPrivateAddress(remoteAddress);
    const host = hostOf(remoteAddress);
    if (!isTrusted && !counts.enter(host)) return socket.destroy();
    const place = places.take(host, isTrusted ? null : () => socket.destroy());
    if (place) taken.set(socket, place);
    socket.once('close', () => {
      place?.giveBack();
      if (!isTrusted) counts.leave(host);
    });
    if (!place) socket.destroy();
  });
  return (socket) => taken.get(socket)?.keep();
}
