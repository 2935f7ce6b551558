import type { ConversationRow, ListFilter, ListWindow } from '#lib/webmail/reading/conversation-list.ts';
import { MailRequestError } from '../mail-api.ts';
import type { Change, ListState, LoadWindow, Step } from './list-state.ts';
import { TryAgain } from './try-again.ts';

const pageSize = 50;
const mostKept = 500;
const mostAgain = 50;

/**
 * One folder with one filter, as the list shows it. Pages are loaded as they come into view. What the person does is shown at once
 * (`remove`, `patch`); until the function that these answer is called, the server may not have done it, and what it says is shown as if it
 * had. A window that was asked for before is dropped.
 */
export class ListStore {
  readonly folder: string;
  readonly filter: ListFilter;
  state: ListState = { rows: [], loaded: false, unread: 0, waiting: 0, failure: null };
  /** the reader has scrolled away from the top: what comes waits in the bar */
  away = false;
  private readonly load: LoadWindow;
  private readonly listeners = new Set<() => void>();
  private readonly loading = new Set<number>();
  private stale = new Set<number>();
  private generation = 0;
  /** What waits in the bar: the top of the list with it, null once a step was taken since; and by how many rows it moves the others on. */
  private held: { window: ListWindow | null; more: number } | null = null;
  private readonly steps = new Set<Step>();
  /** positions that were in view last */
  private view: readonly [first: number, last: number] = [0, 0];
  /** read while "unread" was shown: they stay where they are until the list is left */
  private readonly kept = new Set<number>();
  /** how often the top was asked for, and which of these answers came last: they may overtake one another */
  private asked = 0;
  private answered = 0;
  /** for whoever looks; a list that nobody sees is asked for when it is opened */
  private readonly tries = new TryAgain(() => this.listeners.size > 0 && void this.refresh());
  /** the same for what lies further down, which fails by itself where it takes the server longer */
  private readonly furtherTries = new TryAgain(() => this.listeners.size > 0 && this.ensure(...this.view));

  constructor(folder: string, filter: ListFilter, load: LoadWindow, first: ListWindow | null) {
    this.folder = folder;
    this.filter = filter;
    this.load = load;
    if (first) this.show(first);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): ListState => this.state;

  private set(change: Partial<ListState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Loads the pages that positions first to last need and that are not there or out of date. */
  ensure(first: number, last: number): void {
    this.view = [first, last];
    const lastPage = Math.floor(Math.max(0, Math.min(last, Math.max(0, this.state.rows.length - 1))) / pageSize);
    for (let page = Math.floor(first / pageSize); page <= lastPage; page++) {
      const missing = !this.state.loaded || this.stale.has(page) || this.hasHole(page);
      if (missing && !this.loading.has(page)) void this.loadPage(page);
    }
  }

  /** Loads every row of these positions, at most 200 at a time, as the server gives. Throws MailRequestError. */
  async loadRange(first: number, last: number): Promise<void> {
    const step = 4 * pageSize;
    let again = 0;
    for (let from = first - (first % step); from <= Math.min(last, this.state.rows.length - 1); from += step) {
      const pages = [0, 1, 2, 3].map((page) => from / pageSize + page);
      if (!pages.some((page) => this.stale.has(page) || this.hasHole(page))) continue;
      const generation = this.generation;
      const window = await this.askAround(from, step);
      // Something was read or moved meanwhile: this stretch is asked for again, so that none of it is left out.
      if (generation !== this.generation) {
        if (++again > mostAgain) throw new Error('the list changes faster than it can be read');
        from -= step;
        continue;
      }
      for (const page of pages) this.stale.delete(page);
      this.put(window, this.away);
      // what waits took the room of the last of them
      if (this.hasHole(from / pageSize + 3)) from -= pageSize;
    }
  }

  private hasHole(page: number): boolean {
    const end = Math.min(this.state.rows.length, (page + 1) * pageSize);
    for (let at = page * pageSize; at < end; at++) if (!this.state.rows[at]) return true;
    return false;
  }

  private async loadPage(page: number): Promise<void> {
    const generation = this.generation;
    const tries = page === 0 ? this.tries : this.furtherTries;
    this.loading.add(page);
    try {
      const window = await (page === 0 ? this.askTop() : this.askAround(page * pageSize, pageSize));
      this.loading.delete(page);
      if (generation !== this.generation) return this.ensure(...this.view);
      this.stale.delete(page);
      tries.done();
      if (window) this.put(window, this.away);
    } catch (error) {
      this.loading.delete(page);
      if (!(error instanceof MailRequestError)) throw error;
      this.set({ failure: error });
      tries.failed(error);
    }
  }

  /** Puts a window in its place. If the folder has grown or shrunk elsewhere, the other pages count as out of date. */
  private show(window: ListWindow, waiting = 0): void {
    const before = this.state.rows;
    const moved = this.state.loaded && before.length !== window.total;
    const rows: (ConversationRow | undefined)[] = moved ? this.shifted(before, window) : before.slice();
    rows.length = window.total;
    window.rows.forEach((row, at) => {
      rows[window.from + at] = row;
    });
    const pageOfWindow = Math.floor(window.from / pageSize);
    if (moved) {
      for (let page = 0; page * pageSize < window.total; page++) if (page !== pageOfWindow) this.stale.add(page);
    }
    this.set({ rows, loaded: true, unread: window.unread, failure: null, waiting });
  }

  private shifted(before: (ConversationRow | undefined)[], window: ListWindow): (ConversationRow | undefined)[] {
    if (window.from !== 0) return before.slice();
    const fresh = new Set(window.rows.map((row) => row.threadId));
    const rest = before.filter((row) => row === undefined || !fresh.has(row.threadId));
    return [...window.rows, ...rest.slice(Math.max(0, rest.length - (window.total - window.rows.length)))];
  }

  /**
   * Asks for the top of the list again. With `hold`, conversations that are new wait in the bar instead of pushing what is being read
   * away. Resolves to the conversations that are new.
   */
  async refresh(hold = this.away): Promise<ConversationRow[]> {
    const generation = this.generation;
    let window: ListWindow | null;
    try {
      window = await this.askTop();
    } catch (error) {
      if (!(error instanceof MailRequestError)) throw error;
      this.set({ failure: this.state.loaded ? this.state.failure : error });
      this.tries.failed(error);
      return [];
    }
    this.tries.done();
    if (!window) return [];
    if (generation !== this.generation) return this.refresh(hold);
    this.stale.delete(0);
    for (let page = 1; page * pageSize < window.total; page++) this.stale.add(page);
    const fresh = this.put(window, hold);
    // whoever has scrolled down looks at others
    this.ensure(...this.view);
    return fresh;
  }

  /** What of the top of the list came since it was shown. Behind all that is known there it only goes on. */
  private freshOf({ from, rows }: ListWindow): ConversationRow[] {
    if (!this.state.loaded || from > 0) return [];
    const known = new Map(this.state.rows.flatMap((row) => (row ? [[row.threadId, row.uid] as const] : [])));
    const lastKnown = rows.findLastIndex((row) => known.get(row.threadId) === row.uid);
    return rows.filter((row, at) => (lastKnown < 0 || at < lastKnown) && row.uid > (known.get(row.threadId) ?? 0) && row.unread);
  }

  /**
   * Shows a window; with `hold`, what is new in it waits, and the rest stands where it would without it: a conversation of which a new letter waits
   * stays where it was. Answers what is new.
   */
  private put(window: ListWindow, hold: boolean): ConversationRow[] {
    const fresh = this.freshOf(window);
    if (window.from > 0) this.show(window, this.state.waiting);
    else if (!hold || fresh.length === 0) {
      this.held = null;
      this.show(window);
    } else {
      const threads = new Set(fresh.map(({ threadId }) => threadId));
      const rows = window.rows.filter((row) => !fresh.includes(row));
      let more = fresh.length;
      for (const [at, row] of this.state.rows.entries()) {
        if (!row || !threads.has(row.threadId)) continue;
        more -= 1;
        if (at <= rows.length) rows.splice(at, 0, row);
      }
      this.held = { window, more };
      this.show({ ...window, rows, total: window.total - more }, fresh.length);
    }
    return fresh;
  }

  showWaiting(): void {
    if (this.held?.window) this.show(this.held.window);
    this.held = null;
    this.set({ waiting: 0 });
    void this.refresh(false);
  }

  /** The first page, and one more where some of it may wait. Null: an answer to a later question is here already. */
  private async askTop(): Promise<ListWindow | null> {
    const asked = ++this.asked;
    const window = await this.ask(0, this.away ? 2 * pageSize : pageSize);
    if (asked < this.answered) return null;
    this.answered = asked;
    return window;
  }

  /** A stretch of the list as it is shown: for the server it begins further down by what waits. */
  private async askAround(from: number, count: number): Promise<ListWindow> {
    const { held } = this;
    const more = from > 0 ? (held?.more ?? 0) : 0;
    const window = await this.ask(from + more, count);
    if (held !== this.held) return this.askAround(from, count);
    return { ...window, from, total: window.total - more };
  }

  private async ask(from: number, count: number): Promise<ListWindow> {
    const window = await this.load({ folder: this.folder, from, count, filter: this.filter, keep: [...this.kept].join(',') });
    if (this.steps.size === 0) return window;
    const steps = [...this.steps];
    const rows = window.rows.flatMap((row) => {
      const own = steps.filter(({ threadIds }) => threadIds.has(row.threadId));
      if (own.some(({ change }) => change === null)) return [];
      for (const step of own)
        step.contradicted ||= Object.entries(step.change ?? {}).some(([name, value]) => row[name as keyof Change] !== value);
      return [Object.assign({}, row, ...own.map(({ change }) => change)) as ConversationRow];
    });
    const gone = steps.reduce((sum, step) => sum + step.gone, 0);
    return { ...window, rows, total: Math.max(from + rows.length, window.total - gone) };
  }

  /** Holds until the returned function is called. */
  private begin(threadIds: ReadonlySet<string>, change: Change | null, gone: number): () => void {
    this.generation += 1;
    if (this.held) this.held = { ...this.held, window: null };
    const step: Step = { threadIds, change, gone, contradicted: false };
    this.steps.add(step);
    return () => {
      this.generation += 1;
      this.steps.delete(step);
      if (step.contradicted) void this.refresh();
    };
  }

  /** The list is left: what was kept for the eye goes the next time it is asked for. */
  left(): void {
    this.view = [0, 0];
    if (this.kept.size === 0) return;
    this.kept.clear();
    for (let page = 0; page * pageSize < Math.max(1, this.state.rows.length); page++) this.stale.add(page);
  }

  /** Takes conversations out at once. Answers what to call once the server has. */
  remove(threadIds: ReadonlySet<string>): () => void {
    const rows = this.state.rows.filter((row) => row === undefined || !threadIds.has(row.threadId));
    // filter() skips holes of a sparse array; the length that is left must count them.
    const holes = this.state.rows.length - this.state.rows.filter(() => true).length;
    rows.length += holes;
    const gone = this.state.rows.filter((row) => row && threadIds.has(row.threadId) && row.unread).length;
    const over = this.begin(threadIds, null, this.state.rows.length - rows.length);
    this.set({ rows, unread: Math.max(0, this.state.unread - gone) });
    return over;
  }

  /** Changes how conversations look at once. Answers what to call once the server has. */
  patch(threadIds: ReadonlySet<string>, change: Change): () => void {
    const over = this.begin(threadIds, change, 0);
    let unread = this.state.unread;
    const rows = this.state.rows.map((row) => {
      if (!row || !threadIds.has(row.threadId)) return row;
      if (this.filter === 'unread' && change.unread === false && this.kept.size < mostKept) this.kept.add(row.uid);
      if (change.unread !== undefined && change.unread !== row.unread) unread += change.unread ? 1 : -1;
      return { ...row, ...change };
    });
    this.set({ rows, unread: Math.max(0, unread) });
    return over;
  }

  /** Everything anew, without emptying what is seen. With `hold`, after a step, which is no reason to push what is being read away. */
  reload(hold = false): void {
    this.generation += 1;
    for (let page = 0; page * pageSize < Math.max(1, this.state.rows.length); page++) this.stale.add(page);
    void this.refresh(hold && this.away);
  }
}
