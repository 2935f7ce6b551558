'use client';

import { Ellipsis, PencilLine, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { MailFolder } from '#lib/webmail/reading/conversation-list.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { FolderDialog } from './folder-dialog.tsx';
import { useMail } from '../mail-context.ts';

/** What may be done with a folder that the person made. */
export function FolderMenu({ folder }: { folder: MailFolder }) {
  const text = useTranslations('mail.folders');
  const { actions } = useMail();
  const [renaming, setRenaming] = useState(false);
  return (
    <span className="push">
      <Menu label={text('menu')} triggerClass="ib s" trigger={<Icon of={Ellipsis} size={17} />}>
        <MenuItem icon={<Icon of={PencilLine} size={17} />} onSelect={() => setRenaming(true)}>
          {text('rename')}
        </MenuItem>
        <MenuItem danger icon={<Icon of={Trash2} size={17} />} onSelect={() => actions.deleteFolder(folder)}>
          {text('delete')}
        </MenuItem>
      </Menu>
      <FolderDialog open={renaming} path={folder.path} onClose={() => setRenaming(false)} onDone={actions.foldersChanged} />
    </span>
  );
}
