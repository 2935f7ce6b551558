'use client';

import { useTranslations } from 'next-intl';
import { useMemo, useRef } from 'react';
import { labelsOf } from '#lib/webmail/reading/labels.ts';
import { isScheduledFolder } from '#lib/webmail/sending/scheduled-name.ts';
import type { ConversationRow, MoveResult, SpecialUse } from '#lib/webmail/reading/conversation-list.ts';
import type { HeldLetter, Letter } from '#lib/webmail/writing/letter.ts';
import { showToast } from '../ui/toast.tsx';
import type { Confirmation } from './confirm-dialog.tsx';
import { useFailureWords } from './failure-note.tsx';
import type { ListStore } from './list/list-store.ts';
import { rowKey } from './list/row-key.ts';
import { getMail, MailRequestError, sendMail } from './mail-api.ts';
import { askToStay } from '../ui/ask-to-stay.ts';
import { whenOnline } from './compose/when-online.ts';
import { filtersInto } from './folders/filters-into.ts';
import type { MailActions } from './mail-context.ts';
import { type Batch, batches, byFolder, inOrder } from './step-order.ts';

/** What the actions need to know of the page, as it is at the moment of the click. */
export interface ActionWorld {
  folder: string;
  trash: string | null;
  trashTotal: number;
  folderName: (path: string) => string;
  storesOf: (folder: string) => ListStore[];
  dropHits: (keys: ReadonlySet<string>) => void;
  patchHits: (keys: ReadonlySet<string>, change: Partial<ConversationRow>) => void;
  /** leaves the open conversation for its neighbour, if it is one of these */
  leave: (rows: readonly ConversationRow[]) => void;
  closeIfOpen: (rows: readonly ConversationRow[]) => void;
  refreshFolders: () => void;
  refreshSearch: () => void;
  /** what was fetched of conversations is fetched anew, of the open one now */
  forgetConversations: () => void;
  confirm: (confirmation: Confirmation) => void;
  navigation: Pick<MailActions, 'open' | 'step' | 'close' | 'compose' | 'respond' | 'foldersChanged'>;
}

type Rows = readonly ConversationRow[];

const threadsOf = (rows: Rows): Set<string> => new Set(rows.map((row) => row.threadId));
const keysOf = (rows: Rows): Set<string> => new Set(rows.map(rowKey));

/** What is said of the connection takes no button away from a step before. */
const ofConnection = { key: 'connection', aside: true } as const;

const together = (all: readonly (() => void)[]) => (): void => {
  for (const one of all) one();
};

type Flag = 'seen' | 'flagged' | { label: string };

function wordsOfFlag(flag: Flag, on: boolean) {
  if (flag === 'seen') return on ? 'actions.markRead' : 'actions.markUnread';
  if (flag === 'flagged') return on ? 'actions.flag' : 'actions.unflag';
  return 'labels.give';
}

/** Every change is shown at once, then made; if it fails it is taken back and said; undoing is moving back. */
export function useMailActions(world: ActionWorld): MailActions {
  const text = useTranslations('mail');
  const words = useFailureWords();
  const latest = useRef({ world, text, words });
  latest.current = { world, text, words };

  return useMemo(() => {
    const now = () => latest.current;

    /** A step that was taken without a connection waits for one, says so, and is made then; what it took out of the list stays out. */
    const sendPatiently = async <T>(route: string, body: unknown, what: string, method: 'POST' | 'DELETE' = 'POST'): Promise<T> => {
      // What waits goes with its page: the browser asks.
      let askNoMore: (() => void) | null = null;
      try {
        for (;;) {
          try {
            const result = await sendMail<T>(route, body, method);
            if (askNoMore) showToast({ text: now().text('done.reconnected'), seconds: 4, ...ofConnection });
            return result;
          } catch (error) {
            if (!(error instanceof MailRequestError) || error.problem.code !== 'Offline') throw error;
            if (!askNoMore) showToast({ text: now().text('done.waitsForConnection', { what }), seconds: 30, ...ofConnection });
            askNoMore ??= askToStay(() => true);
            await new Promise<void>((resolve) => whenOnline(resolve));
          }
        }
      } finally {
        askNoMore?.();
      }
    };

    /** `hold`: what comes waits on where others are read; where a step was taken back or refused, all is shown. */
    const afterwards = (folders: Iterable<string>, { hold }: { hold: boolean }) => {
      const { world } = now();
      for (const folder of folders) for (const store of world.storesOf(folder)) store.reload(hold);
      world.refreshFolders();
    };
    const failed = (what: string, error: unknown, folders: Iterable<string>) => {
      const { text, words, world } = now();
      showToast({ text: text('done.failed', { what, why: words(error) }), seconds: 20 });
      afterwards(folders, { hold: false });
      world.refreshSearch();
    };
    /** Answers what to call once the server has moved them, or has said that it did not. */
    const takeOut = (rows: Rows): (() => void) => {
      const { world } = now();
      world.leave(rows);
      const overs = [...byFolder(rows)].flatMap(([folder, own]) => world.storesOf(folder).map((store) => store.remove(threadsOf(own))));
      world.dropHits(keysOf(rows));
      return together(overs);
    };
    const takeStep = <T>(route: string, batch: Batch, how: object, what: string): Promise<T> =>
      inOrder(batch, () => sendPatiently<T>(route, { ...batch, ...how }, what));

    const moveAway = (rows: Rows, to: string | { use: SpecialUse }, said: string) => {
      const moving = rows.filter((row) => typeof to !== 'string' || row.folder !== to);
      if (moving.length === 0) return;
      const over = takeOut(moving);
      const done = Promise.all(batches(moving).map((batch) => takeStep<MoveResult>('move', batch, { to }, said))).finally(over);
      const sources = [...byFolder(moving).keys()];
      done.then(
        (results) => afterwards(results.map((result) => result.to ?? '').concat(sources), { hold: true }),
        (error: unknown) => failed(said, error, sources),
      );
      const undo = async () => {
        try {
          const results = await done;
          for (const { from, to: where, uids } of results) {
            if (where !== null && uids.length > 0)
              await sendPatiently('move', { folder: where, uids, to: from }, now().text('done.undone'));
          }
          afterwards([...sources, ...results.map((result) => result.to ?? '')], { hold: false });
          now().world.refreshSearch();
        } catch (error) {
          failed(now().text('done.undone'), error, sources);
        }
      };
      showToast({ text: said, undo: () => void undo() });
    };

    /** A letter that waits to leave is not thrown away while it still leaves: it is taken back, and lies with the drafts. Others wait for nothing. */
    const takeBackAll = async (rows: Rows) => {
      const said = now().text('compose.withdrawn', { count: rows.length });
      const over = takeOut(rows);
      const others = new Set(rows);
      let late = 0;
      try {
        for (const row of rows)
          for (const uid of row.uids) {
            const { held } = await getMail<{ held: HeldLetter[] }>('held', { folder: row.folder, uid });
            for (const { id } of held) {
              const { letter } = await sendPatiently<{ letter: Letter | null }>('held', { id }, said, 'DELETE');
              if (letter === null) late += 1;
            }
            if (held.length > 0) others.delete(row);
          }
        over();
        const withdrawn = rows.length - others.size - late;
        if (withdrawn > 0) showToast({ text: now().text('compose.withdrawn', { count: withdrawn }), seconds: 8 });
        moveAway([...others], { use: 'trash' }, now().text('done.deleted', { count: others.size }));
        if (late > 0) showToast({ text: now().text('compose.tooLate'), seconds: 15, aside: true });
        afterwards([now().world.folder], { hold: true });
      } catch (error) {
        over();
        failed(said, error, [now().world.folder]);
      }
    };

    const setFlag = (rows: Rows, flag: Flag, on: boolean, change: Partial<ConversationRow>): void => {
      const { world } = now();
      for (const [folder, own] of byFolder(rows)) {
        const overs = world.storesOf(folder).map((store) => store.patch(threadsOf(own), change));
        world.patchHits(keysOf(own), change);
        // Taking a star or a label off, or marking read, concerns the whole conversation; putting it on, the newest message.
        const whole = flag === 'seen' ? on : !on;
        const concerned = whole ? own : own.map((row) => ({ ...row, uids: [row.uid] }));
        const said = now().text(wordsOfFlag(flag, on));
        Promise.all(batches(concerned).map((batch) => takeStep('flags', batch, { flag, on }, said)))
          .finally(together(overs))
          .then(
            () => {
              world.refreshFolders();
              // the open conversation says the labels of its letters
              if (typeof flag !== 'string') now().world.forgetConversations();
            },
            (error: unknown) => failed(said, error, [folder]),
          );
      }
    };

    const deleteForGood = (rows: Rows) => {
      const { text, world } = now();
      const count = rows.length;
      world.confirm({
        title: text('confirm.deleteTitle', { count }),
        text: text('confirm.deleteText'),
        button: text('confirm.deleteButton'),
        act: () => {
          const over = takeOut(rows);
          const said = text('done.deletedForGood', { count });
          Promise.all(batches(rows).map((batch) => takeStep('delete', batch, {}, said)))
            .finally(over)
            .then(
              () => {
                showToast({ text: said, seconds: 5 });
                afterwards([world.folder], { hold: true });
              },
              (error: unknown) => failed(said, error, [world.folder]),
            );
        },
      });
    };

    const actions: MailActions = {
      archive: (rows) => moveAway(rows, { use: 'archive' }, now().text('done.archived', { count: rows.length })),
      remove: (rows) => {
        const { trash } = now().world;
        const waiting = rows.filter((row) => isScheduledFolder(row.folder));
        const inTrash = rows.filter((row) => row.folder === trash);
        const others = rows.filter((row) => row.folder !== trash && !waiting.includes(row));
        // What lies elsewhere goes to the trash, where it can be taken out again; never for good along with what was there.
        moveAway(others, { use: 'trash' }, now().text('done.deleted', { count: others.length }));
        if (waiting.length > 0) void takeBackAll(waiting);
        if (inTrash.length > 0) deleteForGood(inTrash);
      },
      junk: (rows) => moveAway(rows, { use: 'junk' }, now().text('done.junked', { count: rows.length })),
      notJunk: (rows) => moveAway(rows, { use: 'inbox' }, now().text('done.notJunk', { count: rows.length })),
      move: (rows, folder) => {
        const { trash, folderName } = now().world;
        if (folder === trash) return actions.remove(rows.filter((row) => row.folder !== trash));
        moveAway(rows, folder, now().text('done.moved', { count: rows.length, folder: folderName(folder) }));
      },
      flag: (rows, on) => setFlag(rows, 'flagged', on, { flagged: on }),
      label: (row, label, on) =>
        setFlag([row], { label }, on, { labels: labelsOf([...row.labels.filter((one) => one !== label), ...(on ? [label] : [])]) }),
      labelsSeen: () => {
        const { world } = now();
        return labelsOf(world.storesOf(world.folder).flatMap(({ state }) => state.rows.flatMap((row) => row?.labels ?? [])));
      },
      markRead: (rows, read) => {
        // What stays open would be marked as read again.
        if (!read) now().world.closeIfOpen(rows);
        setFlag(rows, 'seen', read, { unread: !read });
      },
      emptyTrash: () => {
        const { text, world } = now();
        const { trash } = world;
        if (trash === null) return;
        world.confirm({
          title: text('confirm.emptyTitle'),
          text: text('confirm.emptyText', { count: world.trashTotal }),
          button: text('confirm.emptyButton'),
          act: () => {
            world.navigation.close();
            sendMail('delete', { folder: trash, uids: 'all' }).then(
              () => afterwards([trash], { hold: true }),
              (error: unknown) => failed(text('confirm.emptyButton'), error, [trash]),
            );
          },
        });
      },
      deleteFolder: async (folder) => {
        const { name } = folder;
        const filters = await filtersInto(folder.path);
        const { text, world } = now();
        const names = filters.map((one) => (one ? text('confirm.filter', { name: one }) : text('confirm.filterUnnamed'))).join(', ');
        world.confirm({
          title: text('confirm.folderTitle', { name }),
          text: `${text('confirm.folderText', { count: folder.total })} ${names && text('confirm.folderFilters', { names, count: filters.length })}`,
          button: text('confirm.folderButton'),
          act: () => {
            sendMail<{ moved: number }>('folders', { path: folder.path }, 'DELETE').then(
              ({ moved }) => {
                showToast({ text: text('done.folderDeleted', { name, count: moved }), seconds: 5 });
                now().world.navigation.foldersChanged('INBOX');
                afterwards([world.trash ?? ''], { hold: true });
              },
              (error: unknown) => failed(text('folders.delete'), error, [folder.path]),
            );
          },
        });
      },
      foldersChanged: (open) => now().world.navigation.foldersChanged(open),
      open: (row) => now().world.navigation.open(row),
      step: (direction) => now().world.navigation.step(direction),
      close: () => now().world.navigation.close(),
      compose: (request) => now().world.navigation.compose(request),
      respond: (kind, message) => now().world.navigation.respond(kind, message),
    };
    return actions;
  }, []);
}
