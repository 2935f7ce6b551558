import { describe, expect, it, vi } from 'vitest';
import type { LoadWindow } from '#components/mail/list/list-state.ts';
import { ListStore } from '#components/mail/list/list-store.ts';
import { MailRequestError } from '#components/mail/mail-api.ts';
import { inOrder } from '#components/mail/step-order.ts';
import type { ConversationRow, ListWindow } from '#lib/webmail/reading/conversation-list.ts';
import { eventually } from '#tests/support/eventually.ts';

const rowOf = (uid: number, flagged = false): ConversationRow => ({
  uid,
  uids: [uid],
  threadId: `thread ${uid}`,
  folder: 'INBOX',
  from: [],
  to: [],
  subject: `Brief ${uid}`,
  preview: '',
  date: '2026-11-29T08:00:00Z',
  sizeBytes: 1,
  unread: false,
  flagged,
  answered: false,
  forwarded: false,
  draft: false,
  attachment: false,
  labels: [],
  count: 1,
});

/** A mailbox of the server, and a list that asks it. */
function world(count: number) {
  const server = {
    rows: Array.from({ length: count }, (_, at) => rowOf(count - at)),
    away: false,
    asked: [] as number[],
    late: null as PromiseWithResolvers<void> | null,
    failsFrom: Number.POSITIVE_INFINITY,
  };
  const load: LoadWindow = async ({ folder, from, count: wanted }): Promise<ListWindow> => {
    const { rows } = server;
    server.asked.push(from);
    await server.late?.promise;
    if (server.away || from >= server.failsFrom)
      throw new MailRequestError({ type: 'about:blank', status: 0, title: '', detail: '', code: 'Offline' });
    return { folder, from, rows: rows.slice(from, from + wanted), total: rows.length, unread: 0, uidValidity: '1', modseq: '1' };
  };
  const store = new ListStore('INBOX', 'all', load, null);
  const shown = () => Array.from(store.state.rows, (row) => row?.uid ?? null);
  return { server, store, shown };
}

const threads = (...uids: number[]): Set<string> => new Set(uids.map((uid) => `thread ${uid}`));

describe('a list', () => {
  it('does not show again what was taken out of it before the server has done it', async () => {
    const { server, store, shown } = world(4);
    await store.refresh(false);
    const over = store.remove(threads(3));
    server.rows.unshift(rowOf(5));
    await store.refresh(false);
    expect(shown()).toEqual([5, 4, 2, 1]);
    server.rows = server.rows.filter(({ uid }) => uid !== 3);
    await store.refresh(false);
    expect(shown()).toEqual([5, 4, 2, 1]);
    over();
    await store.refresh(false);
    expect(shown()).toEqual([5, 4, 2, 1]);
  });

  it('shows it again where the server has refused it', async () => {
    const { store, shown } = world(3);
    await store.refresh(false);
    const over = store.remove(threads(2));
    await store.refresh(false);
    expect(shown()).toEqual([3, 1]);
    over();
    store.reload();
    await eventually('the letter being back', async () => shown().join() === '3,2,1');
  });

  it('keeps a star that the server does not have yet', async () => {
    const { server, store } = world(2);
    await store.refresh(false);
    const over = store.patch(threads(1), { flagged: true });
    await store.refresh(false);
    expect(store.state.rows.map((row) => row?.flagged)).toEqual([false, true]);
    server.rows = [rowOf(2), rowOf(1, true)];
    over();
    await store.refresh(false);
    expect(store.state.rows.map((row) => row?.flagged)).toEqual([false, true]);
  });

  it('shows what came while a step was under way, once it is over', async () => {
    const { server, store } = world(2);
    await store.refresh(false);
    const over = store.patch(threads(1), { unread: false });
    server.rows[1] = { ...rowOf(1), unread: true };
    await store.refresh(false);
    expect(store.state.rows[1]?.unread).toBe(false);
    over();
    await eventually('what the server says', async () => store.state.rows[1]?.unread === true);
  });

  it('fills what is in view once there is a connection again, and shows there what another program changes', async () => {
    const { server, store } = world(200);
    await store.refresh(false);
    server.away = true;
    store.ensure(120, 130);
    await eventually('the failure', async () => store.state.failure !== null);
    server.away = false;
    await store.refresh(false);
    await eventually('the rows in view', async () => store.state.rows[125] !== undefined);
    const { uid = 0 } = store.state.rows[125] ?? {};
    server.rows[125] = rowOf(uid, true);
    await store.refresh(false);
    await eventually('its star', async () => store.state.rows[125]?.flagged === true);
  });

  it('lets what comes wait in the bar while others are read, also where the first page has a hole to fill', async () => {
    const { server, store, shown } = world(60);
    await store.refresh();
    store.away = true;
    store.ensure(5, 20);
    const over = store.remove(threads(40));
    server.rows = server.rows.filter(({ uid }) => uid !== 40);
    server.rows[49] = { ...rowOf(10), unread: true };
    server.rows.unshift({ ...rowOf(61), unread: true });
    server.rows.splice(30, 1);
    over();
    store.ensure(20, 49);
    await eventually('the letter in the bar', async () => store.state.waiting === 1);
    await store.refresh();
    expect(store.state.waiting).toBe(1);
    expect(shown()[0]).toBe(60);
    store.showWaiting();
    await eventually('the letter in the list', async () => shown()[0] === 61 && store.state.waiting === 0);
  });

  it('fills a hole of the page that is read by letters that were there before, unread or not', async () => {
    const { server, store, shown } = world(60);
    await store.refresh();
    store.away = true;
    const over = store.remove(threads(40));
    server.rows = server.rows.filter(({ uid }) => uid !== 40).map((row) => (row.uid === 10 ? { ...row, unread: true } : row));
    over();
    store.ensure(5, 49);
    await eventually('the hole being filled', async () => shown()[49] === 10);
    expect(store.state.waiting).toBe(0);
  });

  it('shows no conversation twice and leaves none out while something waits in the bar, however far one reads on', async () => {
    const { server, store, shown } = world(200);
    await store.refresh();
    store.away = true;
    server.rows.unshift({ ...rowOf(202), unread: true }, { ...rowOf(201), unread: true });
    await store.refresh();
    // a step of the reader's, too
    store.patch(threads(190), { unread: false })();
    store.ensure(45, 60);
    await eventually('the second page', async () => shown()[99] !== null);
    store.ensure(100, 140);
    await eventually('the third page', async () => shown()[149] !== null);
    expect(shown().slice(0, 150)).toEqual(Array.from({ length: 150 }, (_, at) => 200 - at));
    expect([store.state.rows.length, store.state.waiting]).toEqual([200, 2]);
    store.showWaiting();
    await eventually('the letters in the list', async () => shown()[0] === 202 && store.state.rows.length === 202);
  });

  it('leaves none out of what is ticked while something waits in the bar, and ticks nothing that is not shown', async () => {
    const { server, store, shown } = world(300);
    await store.refresh();
    store.away = true;
    server.rows.unshift({ ...rowOf(302), unread: true }, { ...rowOf(301), unread: true });
    await store.loadRange(0, 299);
    expect(shown()).toEqual(Array.from({ length: 300 }, (_, at) => 300 - at));
    expect(store.state.waiting).toBe(2);
  });

  it('pushes nothing away after a step either: what came waits on, and what was taken out leaves no hole', async () => {
    const { server, store, shown } = world(120);
    await store.refresh();
    store.away = true;
    store.ensure(20, 45);
    server.rows.unshift({ ...rowOf(121), unread: true });
    await store.refresh();
    const over = store.remove(threads(90));
    server.rows = server.rows.filter(({ uid }) => uid !== 90);
    over();
    store.reload(true);
    await eventually('the row that follows', async () => shown()[49] === 70);
    expect([shown()[0], store.state.waiting, store.state.rows.length]).toEqual([120, 1, 119]);
  });

  it('leaves a conversation where it is while a new letter of it waits', async () => {
    const { server, store, shown } = world(60);
    await store.refresh();
    store.away = true;
    server.rows = [{ ...rowOf(61), threadId: 'thread 40', unread: true }, ...server.rows.filter(({ uid }) => uid !== 40)];
    await store.refresh();
    expect([shown()[0], shown()[20], store.state.waiting, store.state.rows.length]).toEqual([60, 40, 1, 60]);
    store.ensure(20, 59);
    await eventually('the rest', async () => shown()[59] === 1);
    expect(new Set(shown()).size).toBe(60);
    store.showWaiting();
    await eventually('the letter in the list', async () => shown()[0] === 61);
    await eventually('all of them once', async () => new Set(store.state.rows.map((row) => row?.threadId)).size === 60);
  });

  it('asks again where an answer to a notice failed to come, for whoever looks', async () => {
    const { server, store, shown } = world(2);
    await store.refresh(false);
    const leave = store.subscribe(() => {});
    vi.useFakeTimers();
    try {
      server.rows.unshift(rowOf(3));
      server.away = true;
      await store.refresh(false);
      await vi.advanceTimersByTimeAsync(3_000);
      server.away = false;
      await vi.advanceTimersByTimeAsync(5_000);
      expect(shown()).toEqual([3, 2, 1]);
      server.asked.length = 0;
      await vi.advanceTimersByTimeAsync(120_000);
      expect(server.asked).toEqual([]);
      server.away = true;
      await store.refresh(false);
      leave();
      await vi.advanceTimersByTimeAsync(120_000);
      expect(server.asked).toEqual([0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('asks less and less often for a page that fails while the top of the list does not', async () => {
    const { server, store, shown } = world(200);
    await store.refresh(false);
    store.subscribe(() => {});
    vi.useFakeTimers();
    try {
      server.failsFrom = 50;
      store.ensure(60, 70);
      server.asked.length = 0;
      await vi.advanceTimersByTimeAsync(120_000);
      expect(server.asked).toEqual([50, 50, 50, 50, 50, 50, 50]);
      server.failsFrom = Number.POSITIVE_INFINITY;
      await vi.advanceTimersByTimeAsync(30_000);
      expect(shown()[60]).toBe(140);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps a new letter where an answer from before it comes late', async () => {
    const { server, store, shown } = world(2);
    await store.refresh(false);
    server.late = Promise.withResolvers<void>();
    const { late } = server;
    const older = store.refresh(false);
    server.late = null;
    server.rows = [rowOf(3), ...server.rows];
    await store.refresh(false);
    expect(shown()).toEqual([3, 2, 1]);
    late.resolve();
    await older;
    expect(shown()).toEqual([3, 2, 1]);
  });

  it('asks once for what is in view after each step', async () => {
    const { server, store } = world(200);
    await store.refresh(false);
    store.ensure(0, 20);
    const over = store.remove(threads(190));
    server.rows = server.rows.filter(({ uid }) => uid !== 190);
    over();
    server.asked = [];
    store.reload();
    await eventually('the list being asked for', async () => server.asked.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.asked).toEqual([0]);
  });
});

describe('steps', () => {
  it('that concern the same letter are taken one after the other, whatever becomes of the first', async () => {
    const taken: string[] = [];
    const { promise: answer, reject } = Promise.withResolvers<void>();
    const first = inOrder({ folder: 'INBOX', uids: [1, 2] }, async () => {
      taken.push('read');
      await answer;
    });
    const second = inOrder({ folder: 'INBOX', uids: [2] }, async () => void taken.push('archived'));
    await inOrder({ folder: 'INBOX', uids: [3] }, async () => void taken.push('of another letter'));
    await inOrder({ folder: 'Andere', uids: [2] }, async () => void taken.push('of another folder'));
    expect(taken).toEqual(['read', 'of another letter', 'of another folder']);
    reject(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await second;
    expect(taken.at(-1)).toBe('archived');
  });
});
