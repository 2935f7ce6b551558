import { randomUUID } from 'node:crypto';
import { builtActions, Caller } from '../web/tenants/caller.ts';
import { fairnessOf, type Fairness } from './fairness.ts';

interface Who {
  address: string;
  password: string;
}

type Ask = () => Promise<{ status: number; text: string }>;

/** The routes that the page of a mailbox asks, by what a person does. */
class Reader {
  readonly #caller: Caller;
  readonly #address: string;

  private constructor(caller: Caller, address: string) {
    this.#caller = caller;
    this.#address = address;
  }

  static async signIn(web: string, { address, password }: Who): Promise<Reader> {
    return new Reader(await new Caller(web, builtActions()).signIn(address, password), address);
  }

  #ask(
    path: string,
    init: { method?: string; body?: string | Buffer<ArrayBuffer>; headers?: Record<string, string> } = {},
  ): ReturnType<Ask> {
    return this.#caller.request(`/api/mail/${path}`, {
      ...init,
      headers: { 'x-postamt-mailbox': encodeURIComponent(this.#address), ...init.headers },
    });
  }

  #post(path: string, body: unknown): ReturnType<Ask> {
    return this.#ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }

  list = (from = 0, count = 50, filter = 'all') => this.#ask(`messages?folder=INBOX&from=${from}&count=${count}&filter=${filter}`);
  open = (uid: number) => this.#ask(`conversation?folder=INBOX&uid=${uid}`);
  folders = () => this.#ask('folders');
  search = (q: string) => this.#post('search', { folder: 'INBOX', q });
  star = (uids: number[], on: boolean) => this.#post('flags', { folder: 'INBOX', uids, flag: 'flagged', on });
  upload = (bytes: number) =>
    this.#ask('uploads', {
      method: 'POST',
      headers: { 'x-postamt-file': 'datei.bin application/octet-stream' },
      body: Buffer.alloc(bytes, 7),
    });
  write = (html: string) =>
    this.#post('drafts', {
      ...{ id: randomUUID(), kind: 'new', from: null, to: [], cc: [], bcc: [], subject: 'Entwurf', html, text: '', uploads: [] },
      ...{ inReplyTo: '', references: [], source: null, draft: null },
    });
  /** an event stream that is held open; the answer's end is the end of the stream */
  listen = (signal: AbortSignal) => this.#caller.hold('/api/mail/events?folder=INBOX', signal);
}

/** One mailbox at all its limits in the webmail (streams, uploads, searches, lists, large drafts), while a second one reads and writes. */
export async function measureWebFairness(web: string, greedy: Who, other: Who, seconds: number, loops = 24): Promise<Fairness> {
  const [hammer, reader] = await Promise.all([Reader.signIn(web, greedy), Reader.signIn(web, other)]);
  const first = uidIn((await reader.list()).text);
  const greedyUids = [...(await hammer.list(0, 200)).text.matchAll(/"uid":(\d+)/g)].map(([, uid]) => Number(uid));
  const costly: Ask[] = [
    () => hammer.list(0, 200, 'attachment'),
    () => hammer.search('e'),
    () => hammer.upload(2_000_000),
    () => hammer.list(9000, 200),
    () => hammer.write('<table><tr><td>Zelle</td></tr></table>'.repeat(20_000)),
    () => hammer.star(greedyUids, Math.random() < 0.5),
    () => hammer.open(greedyUids[Math.floor(Math.random() * greedyUids.length)] ?? 1),
    () => hammer.search('betreff:Rechnung'),
  ];
  const stop = new AbortController();
  for (let index = 0; index < 40; index++) void hammer.listen(stop.signal);
  let hammered = 0;
  const hammering = Array.from({ length: loops }, async (_, index) => {
    for (let turn = index; !stop.signal.aborted; turn++) {
      await costly[turn % costly.length]?.().catch(() => {});
      hammered++;
    }
  });
  const work: Ask[] = [
    () => reader.list(),
    () => reader.open(first),
    () => reader.star([first], true),
    () => reader.folders(),
    () => reader.search('hello'),
    () => reader.star([first], false),
    () => reader.write('<p>Ein Satz.</p>'),
  ];
  const waits: number[] = [];
  const until = performance.now() + seconds * 1000;
  for (let turn = 0; performance.now() < until; turn++) {
    const asked = performance.now();
    const answer = await work[turn % work.length]?.();
    if (answer?.status !== 200) throw new Error(`step ${turn % work.length} was answered ${answer?.status}: ${answer?.text.slice(0, 200)}`);
    waits.push(performance.now() - asked);
  }
  stop.abort();
  await Promise.all(hammering);
  return fairnessOf(waits, hammered);
}

function uidIn(list: string): number {
  const uid = Number(/"uid":(\d+)/.exec(list)?.[1] ?? 0);
  if (uid === 0) throw new Error(`the other mailbox shows no letter: ${list.slice(0, 200)}`);
  return uid;
}
