import type { ImapFlow } from 'imapflow';
import { connectImap } from './connect-imap.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import { MailError } from './mail-error.ts';
import type { MailEvent } from './types.ts';

type Listener = (event: MailEvent) => void;

/**
 * One IDLE connection (RFC 2177) per mailbox and folder that somebody looks at, shared by all who look. It is closed when the last one
 * leaves, and opened anew with growing pauses when it breaks. Events say only that something changed; the page asks what.
 */
interface Watch {
  mailbox: MailboxIdentity;
  folder: string;
  listeners: Set<Listener>;
  client: ImapFlow | null;
  retryTimer: NodeJS.Timeout | null;
  failures: number;
  ended: boolean;
}

const globalKey = Symbol.for('postamt.webmail.watches');
const globals = globalThis as unknown as { [globalKey]?: Map<string, Watch> };
globals[globalKey] ??= new Map();
const watches = globals[globalKey];

const longestPauseMs = 30_000;
/** Deliveries that come together are told together. */
const gatherMs = 40;

/** Tells `listener` of changes in a folder until the returned function is called. */
export function watchFolder(mailbox: MailboxIdentity, folder: string, listener: Listener): () => void {
  const key = `${mailbox.mailboxId} ${mailbox.credentialVersion} ${folder}`;
  let watch = watches.get(key);
  if (!watch) {
    watch = { mailbox, folder, listeners: new Set(), client: null, retryTimer: null, failures: 0, ended: false };
    watches.set(key, watch);
    void connect(watch);
  } else if (watch.client?.usable) listener({ kind: 'ready' });
  const current = watch;
  current.listeners.add(listener);
  return () => {
    current.listeners.delete(listener);
    if (current.listeners.size > 0) return;
    current.ended = true;
    if (watches.get(key) === current) watches.delete(key);
    if (current.retryTimer) clearTimeout(current.retryTimer);
    current.client?.close();
  };
}

const tell = (watch: Watch, event: MailEvent): void => {
  for (const listener of watch.listeners) listener(event);
};

async function connect(watch: Watch): Promise<void> {
  try {
    const client = await connectImap(watch.mailbox, 'watch');
    if (watch.ended) return client.close();
    watch.client = client;
    client.once('close', () => reconnectLater(watch));
    await client.mailboxOpen(watch.folder, { readOnly: true });
    report(watch, client);
    const wasBroken = watch.failures > 0;
    watch.failures = 0;
    tell(watch, { kind: 'ready' });
    // What happened while nobody listened is found by asking again.
    if (wasBroken) tell(watch, { kind: 'changed', folder: watch.folder });
    while (!watch.ended && client.usable) {
      const idled = await client.idle();
      if (idled === false) client.close();
    }
  } catch (error) {
    watch.client?.close();
    const hopeless = error instanceof MailError && (error.code === 'SessionEnded' || error.code === 'NotFound');
    if (!watch.client) reconnectLater(watch, hopeless ? longestPauseMs : 0);
  }
}

function reconnectLater(watch: Watch, leastMs = 0): void {
  watch.client = null;
  if (watch.ended || watch.retryTimer) return;
  watch.failures += 1;
  const pauseMs = Math.max(leastMs, Math.min(longestPauseMs, 250 * 2 ** watch.failures)) * (0.75 + Math.random() / 2);
  watch.retryTimer = setTimeout(() => {
    watch.retryTimer = null;
    if (!watch.ended) void connect(watch);
  }, pauseMs);
  watch.retryTimer.unref();
}

function report(watch: Watch, client: ImapFlow): void {
  let fresh = 0;
  let timer: NodeJS.Timeout | null = null;
  const soon = () => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      tell(watch, fresh > 0 ? { kind: 'new', folder: watch.folder, count: fresh } : { kind: 'changed', folder: watch.folder });
      fresh = 0;
    }, gatherMs);
  };
  client.on('exists', ({ count, prevCount }) => {
    fresh += Math.max(0, count - prevCount);
    soon();
  });
  client.on('expunge', soon);
  client.on('flags', soon);
}
