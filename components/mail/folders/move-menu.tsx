'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuCaption, MenuItem } from '../../ui/menu.tsx';
import { iconOf } from './folder-names.ts';
import { takesLetters } from './folder-places.ts';
import { useMail } from '../mail-context.ts';

/** Every folder that these can be moved to. */
export function MoveMenu({
  rows,
  trigger,
  triggerClass,
  onMove,
}: {
  rows: readonly Pick<ConversationRow, 'folder'>[];
  trigger: ReactNode;
  triggerClass?: string;
  onMove: (folder: string) => void;
}) {
  const text = useTranslations('mail.actions');
  const { folders, folderName } = useMail();
  const targets = folders.filter((folder) => takesLetters(folder, rows));
  return (
    <Menu late label={text('move')} trigger={trigger} {...(triggerClass ? { triggerClass } : {})}>
      <MenuCaption>{text('moveTo')}</MenuCaption>
      {targets.map((folder) => (
        <MenuItem key={folder.path} icon={<Icon of={iconOf(folder)} size={17} />} onSelect={() => onMove(folder.path)}>
          <span className="block" style={{ paddingLeft: folder.specialUse ? 0 : folder.depth * 14 }}>
            {folderName(folder.path)}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
