'use client';

import { EllipsisVertical, FileCode, FileDown, Forward, ImageOff, ListTree, Mail, Paperclip, Pencil, Reply, ReplyAll } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { personName } from '#lib/webmail/person-name.ts';
import type { MailMessage, Person } from '#lib/webmail/types.ts';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Stamp } from '../ui/stamp.tsx';
import { AttachmentList } from './attachment-list.tsx';
import { useMailDates } from './dates.ts';
import { mailAddress } from './mail-api.ts';
import { useMail } from './mail-context.ts';
import { MailFrame } from './mail-frame.tsx';
import { PlainText } from './plain-text.tsx';
import { TrustLine } from './trust-line.tsx';

interface Props {
  message: MailMessage;
  onShowImages: () => void;
  onMarkUnread: () => void;
  onKey: (event: KeyboardEvent) => void;
}

/** One message of a conversation, unfolded. */
export function OpenMessage({ message, onShowImages, onMarkUnread, onKey }: Props) {
  const text = useTranslations('mail');
  const { actions } = useMail();
  const dates = useMailDates();
  const [showQuote, setShowQuote] = useState(false);
  const [hasQuote, setHasQuote] = useState(false);
  const { body, attachments } = message;
  const reference = { folder: message.folder, uid: message.uid };
  const sender = message.from[0] ?? { name: '', address: '' };
  const name = message.own ? text('read.you') : personName(sender) || text('list.noSender');
  const quoteFound = useCallback((found: boolean) => setHasQuote(found), []);
  const plainQuote = body.html === '' && /^\s?>/m.test(body.text);
  const foldable = body.html ? hasQuote : plainQuote && !/^\s*>/.test(body.text.trim());
  const openSource = (open: 0 | 1) => window.open(mailAddress('part', { ...reference, open }), '_blank', 'noopener');
  return (
    <article className={classes('msg open', message.own && 'out')} aria-label={`${name}, ${dates.full(message.date)}`}>
      <div className="msg-head">
        <Stamp name={personName(sender)} me={message.own} />
        <div className="min-w-0">
          <div className="cut">
            <span className="name">{name}</span> <span className="mono dim sender-address">{sender.address}</span>
          </div>
          <Recipients message={message} />
        </div>
        <div className="msg-tools">
          <time className="dim" dateTime={message.date}>
            <span className="only-wide">{dates.full(message.date)}</span>
            <span className="only-phone">{dates.short(message.date)}</span>
          </time>
          <IconButton
            small
            className="only-wide"
            label={text('actions.reply')}
            shortcut="R"
            onClick={() => actions.respond('reply', reference)}
          >
            <Icon of={Reply} size={17} />
          </IconButton>
          <Menu label={text('actions.forMessage')} triggerClass="ib s" trigger={<Icon of={EllipsisVertical} size={17} />}>
            <MenuItem icon={<Icon of={Reply} size={17} />} onSelect={() => actions.respond('reply', reference)}>
              {text('actions.reply')}
            </MenuItem>
            <MenuItem icon={<Icon of={ReplyAll} size={17} />} onSelect={() => actions.respond('reply-all', reference)}>
              {text('actions.replyAll')}
            </MenuItem>
            <MenuItem icon={<Icon of={Forward} size={17} />} onSelect={() => actions.respond('forward', reference)}>
              {text('actions.forward')}
            </MenuItem>
            <MenuItem icon={<Icon of={Paperclip} size={17} />} onSelect={() => actions.respond('forward-whole', reference)}>
              {text('actions.forwardWhole')}
            </MenuItem>
            <hr />
            <MenuItem icon={<Icon of={Mail} size={17} />} onSelect={onMarkUnread}>
              {text('actions.markUnread')}
            </MenuItem>
            <MenuItem icon={<Icon of={FileCode} size={17} />} onSelect={() => openSource(1)}>
              {text('actions.source')}
            </MenuItem>
            <MenuItem icon={<Icon of={FileDown} size={17} />} onSelect={() => openSource(0)}>
              {text('actions.download')}
            </MenuItem>
          </Menu>
        </div>
      </div>
      {message.own ? null : <TrustLine trust={message.trust} />}
      {message.draft ? (
        <div className="strip">
          <Icon of={Pencil} size={17} />
          <span>{text('read.draftHere')}</span>
          <button type="button" className="link bare" onClick={() => actions.respond('draft', reference)}>
            {text('read.editDraft')}
          </button>
        </div>
      ) : null}
      <ImageStrip body={body} onShowImages={onShowImages} />
      <div className="mail-body">
        {body.html ? (
          <MailFrame html={body.html} title={text('read.frame', { name })} showQuote={showQuote} onQuote={quoteFound} onKey={onKey} />
        ) : body.text.trim() ? (
          <div className="plain">
            <PlainText text={body.text} showQuote={showQuote || !foldable} />
          </div>
        ) : (
          <p className="dim">{text('read.empty')}</p>
        )}
        {body.cut ? (
          <p className="dim">
            {text('read.cut')}{' '}
            <a className="link" href={mailAddress('part', reference)} download>
              {text('read.whole')}
            </a>
          </p>
        ) : null}
      </div>
      {attachments.length > 0 || foldable ? (
        <div className="below-text">
          {attachments.length > 0 ? (
            <h3>
              {text('read.attachments', {
                count: attachments.length,
                size: dates.size(attachments.reduce((sum, attachment) => sum + attachment.sizeBytes, 0)),
              })}
            </h3>
          ) : null}
          {foldable ? (
            <button type="button" className="btn quiet s push" aria-expanded={showQuote} onClick={() => setShowQuote(!showQuote)}>
              <Icon of={ListTree} size={16} />
              {text(showQuote ? 'read.hideQuote' : 'read.showQuote')}
            </button>
          ) : null}
        </div>
      ) : null}
      {attachments.length > 0 ? <AttachmentList attachments={attachments} message={reference} /> : null}
    </article>
  );
}

function Recipients({ message }: { message: MailMessage }) {
  const text = useTranslations('mail.read');
  const { isMe } = useMail();
  const names = (people: readonly Person[]) =>
    people.map((person) => (isMe(person.address) ? text('youInside') : personName(person))).join(', ');
  const full = [...message.to, ...message.cc, ...message.bcc].map((person) =>
    person.name ? `${person.name} <${person.address}>` : person.address,
  );
  return (
    <div className="dim recipients" title={full.join(', ')}>
      {[
        message.to.length > 0 ? text('to', { names: names(message.to) }) : '',
        message.cc.length > 0 ? text('cc', { names: names(message.cc) }) : '',
        message.bcc.length > 0 ? text('bcc', { names: names(message.bcc) }) : '',
      ]
        .filter(Boolean)
        .join(', ')}
    </div>
  );
}

function ImageStrip({ body, onShowImages }: { body: MailMessage['body']; onShowImages: () => void }) {
  const text = useTranslations('mail.read');
  if (body.blockedImages === 0) return null;
  const sentences = [
    text('imagesBlocked', { count: body.blockedImages }),
    ...(body.removedTrackers > 0 ? [text('trackersRemoved', { count: body.removedTrackers })] : []),
  ];
  return (
    <div className="strip">
      <Icon of={ImageOff} size={17} />
      <span>{sentences.join(', ')}.</span>
      <button type="button" className="link bare" onClick={onShowImages}>
        {text('showImages')}
      </button>
    </div>
  );
}
