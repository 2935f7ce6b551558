import type { ImapFlow } from 'imapflow';
import { connectImap } from './connect-imap.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';
import type { MailEvent } from '../reading/conversation-list.ts';
import { onceInProcess } from '../../config/once-in-process.ts';

type Listener = (event: MailEvent) => void;

/**
 * One IDLE connection (RFC 2177) per mailbox and folder that somebody looks at, shared by all who look. It is closed when the last one
 * leaves, and opened anew with growing pauses when it breaks, for whoever of them is still signed in. Events say only that something
 * changed; the page asks what.
 */
interface Watch {
  folder: string;
  /** the sign-in of each listener: the connection belongs to one of them */
  listeners: Map<Listener, MailboxIdentity>;
  client: ImapFlow | null;
  retryTimer: NodeJS.Timeout | null;
  failures: number;
  ended: boolean;
}

const mailboxes = onceInProcess('webmail.watches', () => new Map<number, Map<string, Watch>>());

const longestPauseMs = 30_000;
/** Deliveries that come together are told together. */
const gatherMs = 40;

/**
 * Tells `listener` of changes in a folder until the returned function is called. Null: `most` folders of this mailbox are listened to
 * already, and this one is none of them.
 */
export function watchFolder(mailbox: MailboxIdentity, folder: string, listener: Listener, most: number): (() => void) | null {
  const watches = mailboxes.get(mailbox.mailboxId) ?? new Map<string, Watch>();
  let watch = watches.get(folder);
  if (!watch) {
    if (watches.size >= most) return null;
    watch = { folder, listeners: new Map([[listener, mailbox]]), client: null, retryTimer: null, failures: 0, ended: false };
    watches.set(folder, watch);
    mailboxes.set(mailbox.mailboxId, watches);
    void connect(watch);
  } else if (watch.client?.usable) listener({ kind: 'ready' });
  const current = watch;
  current.listeners.set(listener, mailbox);
  return () => {
    current.listeners.delete(listener);
    if (current.listeners.size > 0 || current.ended) return;
    current.ended = true;
    if (watches.get(folder) === current) watches.delete(folder);
    if (watches.size === 0 && mailboxes.get(mailbox.mailboxId) === watches) mailboxes.delete(mailbox.mailboxId);
    if (current.retryTimer) clearTimeout(current.retryTimer);
    current.client?.close();
  };
}

const tell = (watch: Watch, event: MailEvent): void => {
  for (const listener of watch.listeners.keys()) listener(event);
};

async function connect(watch: Watch): Promise<void> {
  // the one who came last was signed in most recently
  const mailbox = [...watch.listeners.values()].at(-1);
  if (!mailbox) return;
  try {
    const client = await connectImap(mailbox, 'watch');
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
  } catch {
    watch.client?.close();
    if (!watch.client) reconnectLater(watch);
  }
}

function reconnectLater(watch: Watch): void {
  watch.client = null;
  if (watch.ended || watch.retryTimer) return;
  watch.failures += 1;
  const pauseMs = Math.min(longestPauseMs, 250 * 2 ** watch.failures) * (0.75 + Math.random() / 2);
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
