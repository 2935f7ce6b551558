'use client';

import {
  Archive,
  ArrowLeft,
  ChevronDown,
  ChevronUp,
  Ellipsis,
  FileCode,
  FolderInput,
  Forward,
  Mail,
  Printer,
  Reply,
  ReplyAll,
  ShieldAlert,
  ShieldCheck,
  Star,
  Trash2,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Conversation, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { isScheduledFolder } from '#lib/webmail/sending/scheduled-name.ts';
import { ConversationPane } from './conversation-pane.tsx';
import { HeldBanner } from './held-banner.tsx';
import { mailAddress } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { LabelMenu } from '../labels.tsx';
import { MoveMenu } from '../folders/move-menu.tsx';
import { QuickReply } from './quick-reply.tsx';

interface Props {
  reference: MessageReference | null;
  row: ConversationRow | null;
  /** messages of the conversation that a search found: they are open */
  hits: readonly number[];
  position: number;
  total: number;
  conversation: Conversation | null;
  onConversation: (conversation: Conversation) => void;
  onKey: (event: KeyboardEvent) => void;
}

/** The sheet on the right: what may be done, the conversation, and one line to answer. */
export function ReadingPane({ reference, row, hits, position, total, conversation, onConversation, onKey }: Props) {
  const text = useTranslations('mail');
  const { actions } = useMail();
  if (!reference) {
    return (
      <section className="read only-wide" aria-label={text('read.conversation')}>
        {total > 0 ? (
          <div className="empty nothing-open">
            <p className="say-s">{text('read.nothing')}</p>
            <p className="mid">{text('read.nothingText')}</p>
          </div>
        ) : null}
      </section>
    );
  }
  const current = conversation?.open.folder === reference.folder && conversation.open.uid === reference.uid ? conversation : null;
  const answered = current?.messages.findLast((message) => !message.own && !message.draft) ?? current?.open ?? null;
  return (
    <section className="read" aria-label={text('read.conversation')}>
      <Tools row={row} reference={reference} position={position} total={total} />
      {isScheduledFolder(reference.folder) ? <HeldBanner key={reference.uid} reference={reference} /> : null}
      <ConversationPane reference={reference} hits={hits} onKey={onKey} onLoaded={onConversation} />
      {answered && !current?.open.draft ? <QuickReply key={`${answered.folder} ${answered.uid}`} message={answered} /> : null}
      <div className="phone-answer only-phone">
        <Button kind="primary" icon={<Icon of={Reply} size={17} />} onClick={() => actions.respond('reply', reference)}>
          {text('actions.reply')}
        </Button>
        <Button
          icon={<Icon of={ReplyAll} size={17} />}
          aria-label={text('actions.replyAll')}
          onClick={() => actions.respond('reply-all', reference)}
        >
          {text('actions.replyAllShort')}
        </Button>
        <IconButton label={text('actions.forward')} onClick={() => actions.respond('forward', reference)}>
          <Icon of={Forward} />
        </IconButton>
      </div>
    </section>
  );
}

function Tools({
  row,
  reference,
  position,
  total,
}: {
  row: ConversationRow | null;
  reference: MessageReference;
  position: number;
  total: number;
}) {
  const text = useTranslations('mail.actions');
  const { actions, folderOfUse } = useMail();
  const isJunk = reference.folder === folderOfUse('junk');
  const isTrash = reference.folder === folderOfUse('trash');
  const on = (action: (rows: readonly ConversationRow[]) => void) => () => {
    if (row) action([row]);
  };
  return (
    <Toolbar className="tools" label={text('label')}>
      <IconButton className="only-phone" label={text('back')} onClick={actions.close}>
        <Icon of={ArrowLeft} size={21} />
      </IconButton>
      <span className="grow only-phone" />
      <IconButton label={text('archive')} shortcut="E" disabled={!row} onClick={on(actions.archive)}>
        <Icon of={Archive} />
      </IconButton>
      <IconButton label={text(isTrash ? 'deleteForGood' : 'delete')} shortcut="#" disabled={!row} onClick={on(actions.remove)}>
        <Icon of={Trash2} />
      </IconButton>
      <IconButton
        className="only-wide"
        label={text(isJunk ? 'notJunk' : 'junk')}
        disabled={!row}
        onClick={on(isJunk ? actions.notJunk : actions.junk)}
      >
        <Icon of={isJunk ? ShieldCheck : ShieldAlert} />
      </IconButton>
      <span className="sep only-wide" />
      <MoveMenu rows={[reference]} triggerClass="ib" trigger={<Icon of={FolderInput} />} onMove={(to) => row && actions.move([row], to)} />
      <LabelMenu row={row} />
      <IconButton
        className="only-wide"
        label={text(row?.flagged ? 'unflag' : 'flag')}
        shortcut="S"
        disabled={!row}
        onClick={() => row && actions.flag([row], !row.flagged)}
      >
        <Star size={18} strokeWidth={1.75} fill={row?.flagged ? 'currentColor' : 'none'} aria-hidden="true" />
      </IconButton>
      <IconButton className="opt only-wide" label={text('print')} onClick={() => window.print()}>
        <Icon of={Printer} />
      </IconButton>
      <Menu late label={text('more')} trigger={<Icon of={Ellipsis} />}>
        <MenuItem icon={<Icon of={Mail} size={17} />} onSelect={() => row && actions.markRead([row], false)}>
          {text('markUnread')}
        </MenuItem>
        <MenuItem icon={<Icon of={isJunk ? ShieldCheck : ShieldAlert} size={17} />} onSelect={on(isJunk ? actions.notJunk : actions.junk)}>
          {text(isJunk ? 'notJunk' : 'junk')}
        </MenuItem>
        <MenuItem icon={<Icon of={Star} size={17} />} onSelect={() => row && actions.flag([row], !row.flagged)}>
          {text(row?.flagged ? 'unflag' : 'flag')}
        </MenuItem>
        <MenuItem icon={<Icon of={Printer} size={17} />} onSelect={() => window.print()}>
          {text('print')}
        </MenuItem>
        <MenuItem
          icon={<Icon of={FileCode} size={17} />}
          onSelect={() => window.open(mailAddress('part', { ...reference, open: 1 }), '_blank', 'noopener')}
        >
          {text('source')}
        </MenuItem>
      </Menu>
      <span className="dim num cut position only-wide">{position >= 0 ? text('position', { position: position + 1, total }) : ''}</span>
      <IconButton className="only-wide" label={text('previous')} shortcut="K" disabled={position <= 0} onClick={() => actions.step(-1)}>
        <Icon of={ChevronUp} />
      </IconButton>
      <IconButton
        className="only-wide"
        label={text('next')}
        shortcut="J"
        disabled={position < 0 || position >= total - 1}
        onClick={() => actions.step(1)}
      >
        <Icon of={ChevronDown} />
      </IconButton>
    </Toolbar>
  );
}
