'use client';

import { Archive, CornerUpLeft, CornerUpRight, Mail, MailOpen, Paperclip, Star, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, useId, type DragEvent } from 'react';
import { withoutReplyMarks } from '#lib/webmail/reading/subject-marks.ts';
import { personName } from '#lib/webmail/people/person-name.ts';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Labels } from '../labels.tsx';
import { endRest, prefetchAtRest, prefetchConversation } from '../letter/conversation-cache.ts';
import type { MailDates } from '../dates.ts';
import { Marked } from './marked.tsx';
import type { MailActions } from '../mail-context.ts';
import { useLongPress } from './use-long-press.ts';
import { focusLetter } from './use-walk.ts';

interface Props {
  row: ConversationRow;
  here: boolean;
  checked: boolean;
  /** something is ticked: on the phone a touch ticks then */
  selecting: boolean;
  /** the one row of the list that Tab reaches */
  tabStop: boolean;
  /** Sent, Drafts and what waits to leave show whom it goes to. */
  showsRecipients: boolean;
  marks: readonly string[];
  dates: MailDates;
  href: string;
  actions: MailActions;
  onCheck: (row: ConversationRow, range: boolean) => void;
  /** it is dragged, by these words */
  onDrag: (event: DragEvent, row: ConversationRow, subject: string) => void;
}

/** One conversation of the list. The whole row is the link; buttons lie above it. */
export const MessageRow = memo(function MessageRow({
  row,
  here,
  checked,
  selecting,
  tabStop,
  showsRecipients,
  marks,
  dates,
  href,
  actions,
  onCheck,
  onDrag,
}: Props) {
  const text = useTranslations('mail');
  const subject = (row.count > 1 ? withoutReplyMarks(row.subject) : row.subject) || text('list.noSubject');
  const shown = showsRecipients ? row.to : row.from;
  const names = shown.map(personName).join(', ') || text(showsRecipients ? 'list.noRecipient' : 'list.noSender');
  const press = useLongPress(() => onCheck(row, false));
  const id = useId();
  return (
    <div
      {...press.handlers}
      onPointerEnter={() => prefetchAtRest(row)}
      onPointerLeave={endRest}
      onPointerDownCapture={() => prefetchConversation(row)}
      className={classes('row', row.unread && 'unread', here && 'here', checked && 'checked')}
    >
      <span className="mark-cell">
        {row.unread ? <i className="dot" /> : null}
        {row.unread ? (
          <span className="vh" id={`${id}-unread`}>
            {text('list.isUnread')}
          </span>
        ) : null}
        <input
          type="checkbox"
          className="pick"
          tabIndex={tabStop ? 0 : -1}
          checked={checked}
          aria-label={text('list.select', { subject })}
          onChange={(event) => onCheck(row, (event.nativeEvent as MouseEvent).shiftKey === true)}
        />
      </span>
      <div className="min-w-0">
        <div className="l1" id={`${id}-from`}>
          <span className="from" dir="auto">
            <Marked text={showsRecipients ? text('list.toWhom', { names }) : names} words={marks} />
          </span>
          {row.count > 1 ? (
            <span className="n" title={text('list.messages', { count: row.count })}>
              <span aria-hidden="true">{row.count}</span>
              <span className="vh">{text('list.messages', { count: row.count })}</span>
            </span>
          ) : null}
          <time dateTime={row.date} suppressHydrationWarning>
            {dates.short(row.date)}
          </time>
        </div>
        <div className="l2">
          {row.answered ? <Icon of={CornerUpLeft} size={14} /> : row.forwarded ? <Icon of={CornerUpRight} size={14} /> : null}
          {row.answered || row.forwarded ? <span className="vh">{text(row.answered ? 'list.isAnswered' : 'list.isForwarded')}</span> : null}
          <a
            className="go grow cut"
            dir="auto"
            href={href}
            tabIndex={tabStop ? 0 : -1}
            aria-current={here ? 'true' : undefined}
            // who goes from row to row by key is told whose letter it is, and not only what it is called
            aria-describedby={row.unread ? `${id}-unread ${id}-from` : `${id}-from`}
            onDragStart={(event) => {
              // A finger that rests ticks the row.
              if (press.happened()) event.preventDefault();
              else onDrag(event, row, subject);
            }}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
              event.preventDefault();
              if (press.happened()) return;
              // Enter on the row that is open already, which no pointer makes a click of
              if (here && event.detail === 0) return focusLetter();
              if (selecting && window.matchMedia('(pointer: coarse)').matches) onCheck(row, false);
              else actions.open(row);
            }}
          >
            <Marked text={subject} words={marks} />
          </a>
          <Labels labels={row.labels} most={2} />
          {row.flagged ? <Star className="flag-star" size={15} strokeWidth={1.75} fill="currentColor" aria-hidden="true" /> : null}
          {row.flagged ? <span className="vh">{text('list.isFlagged')}</span> : null}
          {row.attachment ? <Icon of={Paperclip} size={15} /> : null}
          {row.attachment ? <span className="vh">{text('list.hasAttachment')}</span> : null}
        </div>
        <div className="l3 cut" dir="auto">
          <Marked text={row.preview} words={marks} />
        </div>
      </div>
      <div className="acts">
        <IconButton small tabIndex={-1} label={text('actions.archive')} onClick={() => actions.archive([row])}>
          <Icon of={Archive} size={17} />
        </IconButton>
        <IconButton small tabIndex={-1} label={text('actions.delete')} onClick={() => actions.remove([row])}>
          <Icon of={Trash2} size={17} />
        </IconButton>
        <IconButton
          small
          tabIndex={-1}
          label={text(row.unread ? 'actions.markRead' : 'actions.markUnread')}
          onClick={() => actions.markRead([row], row.unread)}
        >
          <Icon of={row.unread ? MailOpen : Mail} size={17} />
        </IconButton>
        <IconButton
          small
          tabIndex={-1}
          label={text(row.flagged ? 'actions.unflag' : 'actions.flag')}
          onClick={() => actions.flag([row], !row.flagged)}
        >
          <Star size={17} strokeWidth={1.75} fill={row.flagged ? 'currentColor' : 'none'} aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
});

export function RowSkeleton({ seed }: { seed: number }) {
  const widths = [150, 120, 175, 135, 160];
  return (
    <div className="row" aria-hidden="true">
      <span />
      <div className="row-skeleton">
        <span className="sk" style={{ width: widths[seed % 5] }} />
        <span className="sk" style={{ width: 230 + ((seed * 37) % 80) }} />
        <span className="sk l3" style={{ width: 260 + ((seed * 53) % 70) }} />
      </div>
    </div>
  );
}
