'use client';

import {
  Archive,
  Ellipsis,
  FolderInput,
  Forward,
  ListChecks,
  type LucideIcon,
  Mail,
  MailOpen,
  ShieldAlert,
  ShieldCheck,
  Trash2,
  X,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ListFilter, MailFolder } from '#lib/webmail/reading/conversation-list.ts';
import { Icon } from '../../ui/icon.tsx';
import { useCount } from '../dates.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { useForwardLetters } from './forward-letters.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { FolderMenu } from '../folders/folder-menu.tsx';
import { useMail } from '../mail-context.ts';
import { MoveMenu } from '../folders/move-menu.tsx';
import { useIsPhone } from '../use-is-phone.ts';
import type { Selection } from './use-selection.ts';

/** Head of the list: the folder in the serif voice, what is in it, and what may be done with what is selected. */
export function ListHead({ title, note, children }: { title: string; note: ReactNode; children?: ReactNode }) {
  return (
    <div className="list-head">
      <div className="hd">
        <h1>{title}</h1>
        <span className="dim num">{note}</span>
      </div>
      {children}
    </div>
  );
}

export function FilterBar({
  filter,
  onFilter,
  folder,
}: {
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
  folder: MailFolder | undefined;
}) {
  const text = useTranslations('mail');
  const { actions } = useMail();
  return (
    <div className="list-tools">
      <Segmented
        label={text('list.filter')}
        value={filter}
        onChange={onFilter}
        options={[
          { value: 'all', label: text('list.all') },
          { value: 'unread', label: text('list.onlyUnread') },
          { value: 'attachment', label: text('list.withAttachment') },
        ]}
      />
      {folder?.specialUse === 'trash' && folder.total > 0 ? (
        <button type="button" className="btn s quiet push" onClick={actions.emptyTrash}>
          {text('folders.empty')}
        </button>
      ) : null}
      {folder && folder.specialUse === null ? <FolderMenu folder={folder} /> : null}
    </div>
  );
}

/** Takes the place of the filters while something is selected, so that nothing jumps. */
export function SelectionBar({ selection, complete }: { selection: Selection; complete: boolean }) {
  const { rows, clear: onClear } = selection;
  const text = useTranslations('mail');
  const { actions, folderOfUse } = useMail();
  const forward = useForwardLetters();
  const isPhone = useIsPhone();
  const anyUnread = rows.some((row) => row.unread);
  const inTrash = rows.every((row) => row.folder === folderOfUse('trash'));
  const isJunk = rows.every((row) => row.folder === folderOfUse('junk'));
  const number = useCount()(rows.length);
  const selected = text('list.selected', { count: rows.length, number });
  const act = (action: () => void) => () => {
    action();
    onClear();
  };
  /** the phone has no room for them side by side */
  const more: { icon: LucideIcon; label: string; shortcut?: string; run: () => void }[] = [
    isJunk
      ? { icon: ShieldCheck, label: text('actions.notJunk'), run: act(() => actions.notJunk(rows)) }
      : { icon: ShieldAlert, label: text('actions.junk'), run: act(() => actions.junk(rows)) },
    { icon: Forward, label: text('actions.forwardWhole'), run: () => forward(rows, onClear) },
    {
      icon: anyUnread ? MailOpen : Mail,
      label: text(anyUnread ? 'actions.markRead' : 'actions.markUnread'),
      shortcut: 'U',
      run: act(() => actions.markRead(rows, anyUnread)),
    },
  ];
  return (
    <Toolbar className="list-tools" label={selected}>
      <IconButton small label={text('list.clearSelection')} onClick={onClear}>
        <Icon of={X} size={17} />
      </IconButton>
      <b className="num cut grow" title={selected}>
        {isPhone ? number : text('list.selectedShort', { number })}
      </b>
      <IconButton small label={text('list.selectAll')} disabled={complete} onClick={selection.all}>
        <Icon of={ListChecks} size={17} />
      </IconButton>
      <IconButton small label={text('actions.archive')} shortcut="E" onClick={act(() => actions.archive(rows))}>
        <Icon of={Archive} size={17} />
      </IconButton>
      <IconButton
        small
        label={text(inTrash ? 'actions.deleteForGood' : 'actions.delete')}
        shortcut="#"
        onClick={act(() => actions.remove(rows))}
      >
        <Icon of={Trash2} size={17} />
      </IconButton>
      <MoveMenu
        rows={rows}
        triggerClass="ib s"
        trigger={<Icon of={FolderInput} size={17} />}
        onMove={(to) => act(() => actions.move(rows, to))()}
      />
      {isPhone ? (
        <Menu label={text('actions.more')} triggerClass="ib s" trigger={<Icon of={Ellipsis} size={17} />}>
          {more.map(({ icon, label, run }) => (
            <MenuItem key={label} icon={<Icon of={icon} size={17} />} onSelect={run}>
              {label}
            </MenuItem>
          ))}
        </Menu>
      ) : (
        more.map(({ icon, label, shortcut, run }) => (
          <IconButton key={label} small label={label} {...(shortcut ? { shortcut } : {})} onClick={run}>
            <Icon of={icon} size={17} />
          </IconButton>
        ))
      )}
    </Toolbar>
  );
}
