'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuCaption, MenuItem } from '../../ui/menu.tsx';
import { iconOf } from './folder-names.ts';
import { useMail } from '../mail-context.ts';

/** Every folder something can be moved to, but the one it is in. */
export function MoveMenu({
  trigger,
  triggerClass,
  onMove,
}: {
  trigger: ReactNode;
  triggerClass?: string;
  onMove: (folder: string) => void;
}) {
  const text = useTranslations('mail.actions');
  const { folders, folder: current, folderName } = useMail();
  const targets = folders.filter(
    (folder) => folder.selectable && folder.path !== current && folder.specialUse !== 'drafts' && folder.specialUse !== 'sent',
  );
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
