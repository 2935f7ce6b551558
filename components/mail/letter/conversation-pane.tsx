'use client';

import { ChevronDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, startTransition, useEffect, useRef, useState } from 'react';
import useSWR from 'swr';
import { labelsOf } from '#lib/webmail/reading/labels.ts';
import { personName } from '#lib/webmail/people/person-name.ts';
import { subjectHeading } from '#lib/webmail/reading/subject-marks.ts';
import type { Conversation, MailMessage, MessageHead, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { Chip } from '../../ui/chip.tsx';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { Stamp } from '../../ui/stamp.tsx';
import { conversationKey, loadConversation, showsConversation } from './conversation-cache.ts';
import { useMailDates } from '../dates.ts';
import { FailureNote, useFailureWords } from '../failure-note.tsx';
import { iconOf } from '../folders/folder-names.ts';
import { getMail, type MailRequestError } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { markMessageUnread } from './mark-message-unread.ts';
import { OpenMessage } from './open-message.tsx';
import { Labels } from '../labels.tsx';
import { useIsPhone } from '../use-is-phone.ts';

/** A letter is another one where it was fetched anew: nobody compares two megabytes sign by sign. */
const quiet = {
  compare: Object.is,
  revalidateOnFocus: false,
  revalidateOnReconnect: true,
  revalidateIfStale: false,
  shouldRetryOnError: false,
};

interface Props {
  reference: MessageReference;
  /** messages of its folder that a search found */
  hits: readonly number[];
  onKey: (event: KeyboardEvent) => void;
  onLoaded: (conversation: Conversation) => void;
}

/** All five thousand of a very long one would hold up the browser, and everybody else on the way. */
const olderAtOnce = 500;

/** Subject, folders, and the messages of a conversation: earlier ones folded, the one that was asked for open. */
export const ConversationPane = memo(function ConversationPane({ reference, hits, onKey, onLoaded }: Props) {
  const text = useTranslations('mail');
  const { folders, folderName, actions } = useMail();
  const scroller = useRef<HTMLDivElement>(null);
  const key = conversationKey(reference);
  /** so many letters of which conversation: another one is fetched before an effect could take them back */
  const asked = useRef({ key, heads: 0 });
  const { data, error, mutate } = useSWR<Conversation, MailRequestError>(
    key,
    () => loadConversation(reference, asked.current.key === key ? asked.current.heads : 0),
    quiet,
  );
  useEffect(() => showsConversation(key), [key]);
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  /** what was unread when it came: it counts as read from now on, and stays open */
  const unread = useRef({ key, ids: new Set<string>() });
  const [allShown, setAllShown] = useState(false);
  const isPhone = useIsPhone();
  const [failure, setFailure] = useState('');
  const words = useFailureWords();
  const loadOlder = (shown: number) => {
    setAllShown(true);
    // what is fetched anew is no shorter than what is shown
    const heads = shown + olderAtOnce;
    asked.current = { key, heads };
    getMail<Conversation>('conversation', { folder: reference.folder, uid: reference.uid, heads }).then(
      (whole) => void mutate(whole, { revalidate: false }),
      (problem: unknown) => setFailure(words(problem)),
    );
  };
  // On the phone the message is the page.
  const Heading = isPhone ? 'h1' : 'h2';
  // what else is drawn of it comes after the letter itself
  useEffect(() => {
    if (data) startTransition(() => onLoaded(data));
  }, [data, onLoaded]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another message begins at its top
  useEffect(() => {
    setUnfolded(new Set());
    setAllShown(false);
    setFailure('');
    scroller.current?.scrollTo({ top: 0 });
  }, [key]);

  if (error) return <FailureNote failure={error} onRetry={() => void mutate()} onClose={actions.close} />;
  if (!data) return <div className="read-scroll" aria-busy="true" />;
  if (unread.current.key !== key) unread.current = { key, ids: new Set() };
  for (const head of data.messages.filter((head) => head.unread && !head.draft).slice(-mostOpen)) unread.current.ids.add(idOf(head));
  const open = new Set([...unfolded, ...unread.current.ids, ...hitsIn(reference.folder, hits)]);
  const labels = labelsOf(data.messages.flatMap((message) => message.labels));
  const paths = [...new Set(data.messages.map((message) => message.folder))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div ref={scroller} className="read-scroll" id="lesen" tabIndex={0} role="group" aria-label={text('read.text')}>
      <div className="subject">
        <Heading dir="auto">{subjectHeading(data.subject) || text('list.noSubject')}</Heading>
        <div className={classes('chips', labels.length === 0 && 'only-wide')}>
          {paths.map((path) => (
            <Chip key={path} className="only-wide">
              <Icon of={iconOf(folders.find((folder) => folder.path === path))} size={14} />
              {folderName(path)}
            </Chip>
          ))}
          <Labels labels={labels} />
        </div>
      </div>
      {data.older > 0 ? (
        <p className="older" role="status">
          {failure || (
            <button type="button" className="link bare" onClick={() => loadOlder(data.messages.length)}>
              {text('read.older', { count: data.older })}
            </button>
          )}
        </p>
      ) : null}
      {groups(data, open, allShown, isPhone).map((group) =>
        group.kind === 'strip' ? (
          <EarlierStrip key="earlier" heads={group.heads} onOpen={() => setAllShown(true)} />
        ) : group.open ? (
          <Message
            key={idOf(group.head)}
            head={group.head}
            heads={data.messages}
            ready={isSame(group.head, data.open) ? data.open : null}
            onKey={onKey}
          />
        ) : (
          <FoldedMessage key={idOf(group.head)} head={group.head} onOpen={() => setUnfolded(new Set([...unfolded, idOf(group.head)]))} />
        ),
      )}
    </div>
  );
});

type Group = { kind: 'strip'; heads: MessageHead[] } | { kind: 'message'; head: MessageHead; open: boolean };

const idOf = (head: MessageReference): string => `${head.folder} ${head.uid}`;
const isSame = (one: MessageReference, other: MessageReference): boolean => idOf(one) === idOf(other);

const mostOpen = 10;

/** A search opens what it found, not only the newest of a conversation. */
const hitsIn = (folder: string, hits: readonly number[]): string[] =>
  hits.length > 1 ? hits.slice(0, mostOpen).map((uid) => idOf({ folder, uid })) : [];

/** Many messages before the first that is open become one strip; on the phone already two. */
function groups(conversation: Conversation, unfolded: ReadonlySet<string>, allShown: boolean, isPhone: boolean): Group[] {
  const { messages } = conversation;
  const isOpen = (head: MessageHead): boolean => isSame(head, conversation.open) || unfolded.has(idOf(head));
  const single = (head: MessageHead): Group => ({ kind: 'message', head, open: isOpen(head) });
  const at = messages.findIndex(isOpen);
  if (allShown || at <= (isPhone ? 1 : 4)) return messages.map(single);
  return [{ kind: 'strip', heads: messages.slice(0, at) }, ...messages.slice(at).map(single)];
}

function EarlierStrip({ heads, onOpen }: { heads: readonly MessageHead[]; onOpen: () => void }) {
  const text = useTranslations('mail.read');
  const dates = useMailDates();
  const names = [...new Set(heads.map((head) => (head.own ? text('you') : personName(head.from[0] ?? { name: '', address: '' }))))];
  return (
    <article className="msg folded">
      <span className="stamp" aria-hidden="true">
        {heads.length}
      </span>
      <div className="min-w-0">
        <button type="button" onClick={onOpen}>
          <b className="folded-name">{text('earlier', { count: heads.length })}</b>
        </button>
        <div className="dim cut">
          {names.join(', ')}, {dates.day(heads[0]?.date ?? '')}
        </div>
      </div>
      <Icon of={ChevronDown} />
    </article>
  );
}

function FoldedMessage({ head, onOpen }: { head: MessageHead; onOpen: () => void }) {
  const text = useTranslations('mail.read');
  const dates = useMailDates();
  const name = head.own ? text('you') : personName(head.from[0] ?? { name: '', address: '' });
  return (
    <article className={classes('msg folded', head.own && 'out')}>
      <Stamp name={personName(head.from[0] ?? { name: '', address: '' })} me={head.own} />
      <div className="min-w-0">
        <button type="button" aria-label={text('openEarlier', { name, date: dates.day(head.date) })} onClick={onOpen}>
          <b className="folded-name">{name}</b>
        </button>
        <div className="dim cut">{head.draft ? text('draftHere') : head.preview}</div>
      </div>
      <time className="dim" dateTime={head.date}>
        {dates.day(head.date)}
      </time>
    </article>
  );
}

interface MessageProps {
  head: MessageHead;
  heads: readonly MessageHead[];
  ready: MailMessage | null;
  onKey: (event: KeyboardEvent) => void;
}

/** A message that is open; loaded when it was folded before, loaded anew when its pictures or all of it are wanted. */
function Message({ head, heads, ready, onKey }: MessageProps) {
  const { actions } = useMail();
  const [images, setImages] = useState<'blocked' | 'shown'>('blocked');
  const [whole, setWhole] = useState<0 | 1>(0);
  const needed = ready === null || images === 'shown' || whole === 1;
  // what it quotes is folded only where it stands in a letter of this conversation: most likely in the one before it
  const before = heads[heads.findIndex((one) => isSame(one, head)) - 1];
  const answered: Record<string, string | number> = before ? { answeredFolder: before.folder, answeredUid: before.uid } : {};
  const { data, error, mutate } = useSWR<MailMessage, MailRequestError>(
    needed ? ['message', head.folder, head.uid, images, whole] : null,
    () => getMail<MailMessage>('message', { folder: head.folder, uid: head.uid, images, whole, ...answered }),
    { ...quiet, keepPreviousData: true },
  );
  const message = data ?? ready;
  if (!message && error) return <FailureNote failure={error} onRetry={() => void mutate()} />;
  if (!message) return <article className="msg open" aria-busy="true" style={{ minHeight: 120 }} />;
  return (
    <OpenMessage
      message={message}
      onShowImages={() => setImages('shown')}
      onShowWhole={() => setWhole(1)}
      onMarkUnread={() => {
        void markMessageUnread(message);
        actions.close();
      }}
      onKey={onKey}
    />
  );
}
