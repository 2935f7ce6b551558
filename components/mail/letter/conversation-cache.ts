import { mutate } from 'swr';
import type { Conversation, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { BoundedMap } from '#lib/workers/bounded-map.ts';
import { getMail } from '../mail-api.ts';

/** Conversations that were fetched ahead or read before, so that opening one shows it at once. Messages never change; who answered does. */
const fetched = new BoundedMap<string, Promise<Conversation>>(60);
/** those whose answer is still to come */
const underWay = new Map<string, Promise<unknown>>();
/** of these, those that are asked for once more then */
const askedAgain = new Set<Promise<unknown>>();
/** the one that is on the page */
let shown = '';

/** Answers how to say that it is left. */
export function showsConversation(key: string): () => void {
  shown = key;
  return () => {
    if (shown === key) shown = '';
  };
}

export const conversationKey = ({ folder, uid }: MessageReference): string => `conversation ${uid} ${folder}`;

/** `heads`: so many of its letters, where somebody asked for older ones; else as many as the server gives at first. */
export function loadConversation({ folder, uid }: MessageReference, heads?: number): Promise<Conversation> {
  const key = conversationKey({ folder, uid });
  const known = fetched.get(key);
  if (known) return known;
  const loading = getMail<Conversation>('conversation', { folder, uid, ...(heads ? { heads } : {}) });
  fetched.set(key, loading);
  loading.catch(() => fetched.get(key) === loading && fetched.delete(key));
  const over = () => underWay.get(key) === loading && underWay.delete(key);
  underWay.set(key, loading);
  loading.then(over, over);
  return loading;
}

export const prefetchConversation = (message: MessageReference): void => void loadConversation(message).catch(() => undefined);

/** Longer than a mouse stays on a row that it only passes. */
const restMs = 60;
let rest: ReturnType<typeof setTimeout> | undefined;

/** The row that a mouse rests on is most likely the one that is pressed next. */
export function prefetchAtRest(message: MessageReference): void {
  clearTimeout(rest);
  rest = setTimeout(() => prefetchConversation(message), restMs);
}

export const endRest = (): void => clearTimeout(rest);

/** By then an open letter is on the screen, where browser and server share the processors too. */
const drawnMs = 100;

/** What stands next to the open one comes after it: it takes nothing of the time that somebody waits. Answers how to call it off. */
export function prefetchAround(open: MessageReference, neighbours: readonly (MessageReference | undefined)[]): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const fetchThem = () => {
    for (const one of neighbours) if (one) prefetchConversation(one);
  };
  const then = () => {
    if (!over) timer = setTimeout(fetchThem, drawnMs);
  };
  loadConversation(open).then(then, then);
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

/**
 * Something was added to conversations: what was fetched is fetched anew when it is wanted, and the open one now. One that is still on its way is asked
 * for once more too: its answer counts no more, and whoever waits for it would wait for ever. Of the open one it counts until the next is there:
 * letters may come faster than the server answers.
 */
export function forgetConversations(open: MessageReference | null): void {
  const key = open && conversationKey(open);
  const onItsWay = key === null ? undefined : underWay.get(key);
  fetched.clear();
  void mutate((one) => typeof one === 'string' && one.startsWith('conversation ') && one !== key, undefined);
  if (key === null) return;
  const anew = () => {
    fetched.delete(key);
    void (shown === key ? mutate(key) : mutate(key, undefined));
  };
  if (!onItsWay) anew();
  else if (!askedAgain.has(onItsWay)) {
    askedAgain.add(onItsWay);
    void onItsWay.then(anew, anew).finally(() => askedAgain.delete(onItsWay));
  }
}
