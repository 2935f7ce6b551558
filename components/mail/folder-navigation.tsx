'use client';

import { Plus } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import type { MailFolder } from '#lib/webmail/types.ts';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { FolderDialog } from './folder-dialog.tsx';
import { iconOf } from './folder-names.ts';
import { useMail } from './mail-context.ts';
import { hrefOf } from './mail-href.ts';
import { goTo } from './mail-location.ts';

/** Folders with what is unread in them; drafts with how many there are. */
export function FolderNavigation({ current }: { current: string | null }) {
  const text = useTranslations('mail.folders');
  const { folders, actions } = useMail();
  const [creating, setCreating] = useState(false);
  const special = folders.filter((folder) => folder.specialUse !== null);
  const own = folders.filter((folder) => folder.specialUse === null);
  return (
    <nav aria-label={text('label')}>
      <ul>
        {special.map((folder) => (
          <FolderLink key={folder.path} folder={folder} here={folder.path === current} />
        ))}
      </ul>
      <div className="side-heading">
        <h2>{text('own')}</h2>
        <IconButton small label={text('create')} onClick={() => setCreating(true)}>
          <Icon of={Plus} size={15} />
        </IconButton>
      </div>
      <ul>
        {own.map((folder) => (
          <FolderLink key={folder.path} folder={folder} here={folder.path === current} />
        ))}
      </ul>
      <FolderDialog open={creating} onClose={() => setCreating(false)} onDone={() => actions.foldersChanged()} />
    </nav>
  );
}

function FolderLink({ folder, here }: { folder: MailFolder; here: boolean }) {
  const text = useTranslations('mail.folders');
  const format = useFormatter();
  const { folderName } = useMail();
  const name = folderName(folder.path);
  const count =
    folder.specialUse === 'drafts' ? folder.total : folder.specialUse === 'trash' || folder.specialUse === 'sent' ? 0 : folder.unread;
  const isNew = count > 0 && folder.specialUse !== 'drafts' && folder.specialUse !== 'junk';
  const href = hrefOf({ folder: folder.path });
  const sub = folder.specialUse === null && folder.depth > 0;
  const content = (
    <>
      <Icon of={iconOf(folder)} />
      <span className="cut">{name}</span> {count > 0 ? <b>{format.number(count)}</b> : null}
    </>
  );
  const className = classes('fold', here && 'here', isNew && 'new', sub && 'sub');
  if (!folder.selectable) return <li className={className}>{content}</li>;
  return (
    <li>
      <a
        className={className}
        href={href}
        title={name}
        aria-label={count > 0 ? text('withCount', { name, count }) : name}
        aria-current={here ? 'page' : undefined}
        style={sub && folder.depth > 1 ? { paddingLeft: 33 + (folder.depth - 1) * 14 } : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          goTo(href);
        }}
      >
        {content}
      </a>
    </li>
  );
}
