import { beforeEach, expect, it, vi } from 'vitest';
import { linkTarget } from '#components/mail/compose/link-target.ts';
import { bringHomeDraft } from '#components/mail/compose/bring-home-draft.ts';
import { keepInJournal, readJournal } from '#components/mail/compose/journal.ts';
import { saveLeftDraft } from '#components/mail/compose/save-left-draft.ts';
import { useDraft } from '#components/mail/compose/use-draft.ts';
import { emptyLetter } from '#lib/webmail/writing/empty-letter.ts';
import type { Letter } from '#lib/webmail/writing/letter.ts';

/** One drawing of a component: its state is asked for nowhere here, and its effects are those of a page that is looked at. */
vi.mock('react', () => ({
  useState: (value: unknown) => [value, () => undefined],
  useRef: (current: unknown) => ({ current }),
  useCallback: (work: unknown) => work,
  useEffect: () => undefined,
}));

const owner = 'max@muster.at';
const letterOf = (change: Partial<Letter>): Letter => ({ ...emptyLetter(), id: crypto.randomUUID(), ...change });
type Answer = () => Promise<Response>;
const answers: Answer[] = [];
const asked: Letter[] = [];
let isFull = false;
beforeEach(() => {
  isFull = false;
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (isFull) throw new DOMException('no room', 'QuotaExceededError');
      kept.set(key, value);
    },
    removeItem: (key: string) => void kept.delete(key),
  };
  vi.stubGlobal(
    'localStorage',
    new Proxy(storage, { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }),
  );
  answers.length = 0;
  asked.length = 0;
  vi.stubGlobal('fetch', (_: string, { body }: RequestInit) => {
    if (typeof body === 'string') asked.push(JSON.parse(body) as Letter);
    return answers.shift()?.() ?? Promise.reject(new TypeError('offline'));
  });
});

const saved = (id: string): Response => Response.json({ id, draft: { folder: 'Drafts', uid: 1 }, savedAt: new Date().toISOString() });

it('a letter that is closed while two saves wait for each other stays in the browser where the second fails', async () => {
  const letter = letterOf({ html: '<p>eins</p>' });
  const draft = useDraft(owner, letter, false, () => undefined);
  let answer = (_: Response): void => undefined;
  answers.push(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  vi.useFakeTimers();
  draft.touch(letter);
  await vi.advanceTimersByTimeAsync(2500);
  draft.touch({ ...letter, html: '<p>eins zwei</p>' });
  await vi.advanceTimersByTimeAsync(2500);
  const closing = draft.close();
  answer(saved(letter.id));
  await vi.advanceTimersByTimeAsync(100);
  vi.useRealTimers();
  expect((await closing)?.html).toBe('<p>eins zwei</p>');
  expect(asked.at(-1)?.html).toBe('<p>eins zwei</p>');
  expect(readJournal(owner).map((entry) => entry.letter.html)).toEqual(['<p>eins zwei</p>']);
});

it('what the browser had no more room for is on the server, and no older text comes in its place', async () => {
  const letter = letterOf({ html: '<p>eins</p>' });
  const draft = useDraft(owner, letter, false, () => undefined);
  answers.push(() => Promise.resolve(saved(letter.id)));
  vi.useFakeTimers();
  draft.touch(letter);
  isFull = true;
  draft.touch({ ...letter, html: '<p>eins zwei</p>' });
  expect(readJournal(owner)).toMatchObject([{ letter: { html: '<p>eins</p>' } }]);
  await vi.advanceTimersByTimeAsync(2500);
  vi.useRealTimers();
  expect(asked).toMatchObject([{ html: '<p>eins zwei</p>' }]);
  expect(readJournal(owner)).toEqual([]);
});

it.each([true, false])(
  'what is closed without a connection is saved once there is one, also where the browser had no room for it: %s',
  async (full) => {
    const letter = letterOf({ html: '<p>eins</p>' });
    const draft = useDraft(owner, letter, false, () => undefined);
    vi.stubGlobal('window', new EventTarget());
    vi.useFakeTimers();
    draft.touch(letter);
    isFull = full;
    draft.touch({ ...letter, html: '<p>eins zwei</p>' });
    const left = await draft.close();
    if (!left) throw new Error('it was saved');
    const done = vi.fn();
    expect(saveLeftDraft(owner, left, done)).toBe(!full);
    const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(leave()).toBe(!full);
    await vi.advanceTimersByTimeAsync(6000);
    asked.length = 0;
    answers.push(() => Promise.resolve(saved(letter.id)));
    await vi.advanceTimersByTimeAsync(6000);
    vi.useRealTimers();
    expect(asked).toMatchObject([{ html: '<p>eins zwei</p>' }]);
    expect(done).toHaveBeenCalledOnce();
    expect(leave()).toBe(true);
    expect(readJournal(owner)).toEqual([]);
  },
);

it('a letter that is brought home from the browser names since when it is as it is, as its saves do: later than those of older words, and as late as one of its own', async () => {
  const letter = letterOf({ html: '<p>eins</p>' });
  const draft = useDraft(owner, letter, false, () => undefined);
  vi.useFakeTimers();
  draft.touch(letter);
  await vi.advanceTimersByTimeAsync(2500);
  draft.touch({ ...letter, html: '<p>eins zwei</p>' });
  const kept = readJournal(owner)[0]?.letter;
  const closing = draft.close();
  await vi.advanceTimersByTimeAsync(2500);
  vi.useRealTimers();
  const [first = 0, second = 0] = asked.map(({ givenAt }) => givenAt);
  expect(kept?.givenAt).toBeGreaterThan(first);
  expect(kept?.givenAt).toBe(second);
  expect((await closing)?.givenAt).toBe(second);
});

it('what the browser kept and its window gave anew afterwards is opened in the place of nothing', async () => {
  const letter = letterOf({ html: '<p>eins</p>' });
  answers.push(() => Promise.resolve(Response.json({ id: letter.id, draft: { folder: 'Drafts', uid: 2 }, savedAt: '', overtaken: true })));
  expect(await bringHomeDraft(letter)).toBe('overtaken');
});

it('a forward whose original had no room in the browser comes back with its files once, and without those that were taken out', async () => {
  const file = (id: string, contentId?: string) => ({
    id,
    name: `${id}.pdf`,
    type: 'application/pdf',
    sizeBytes: 1,
    ...(contentId ? { contentId } : {}),
  });
  const letter = letterOf({
    kind: 'forward',
    source: { folder: 'INBOX', uid: 7 },
    html: '<p>Anbei</p><div data-block="original"></div>',
    uploads: [file('kept')],
  });
  keepInJournal(owner, letter, 'writing');
  const blocks = [{ id: 'original', html: '<img src="cid:new@here">' }];
  answers.push(() =>
    Promise.resolve(Response.json({ ...letter, blocks, uploads: [file('again'), file('takenOut'), file('picture', 'new@here')] })),
  );
  answers.push(() => Promise.resolve(saved(letter.id)));
  const home = await bringHomeDraft(letter);
  if (home === 'overtaken') throw new Error(home);
  expect(home.uploads.map(({ id }) => id)).toEqual(['kept', 'picture']);
  expect(home.blocks).toEqual(blocks);
});

it.each([
  [' https://muster.at/a ', 'https://muster.at/a'],
  ['muster.at', 'https://muster.at'],
  ['max@muster.at', 'mailto:max@muster.at'],
  ['MAILTO:max@muster.at', 'MAILTO:max@muster.at'],
  ['javascript:alert(1)', 'https://javascript:alert(1)'],
])('a link to "%s" leads to %s', (written, target) => {
  expect(linkTarget(written)).toBe(target);
});
