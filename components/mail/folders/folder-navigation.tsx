'use client';

import { Plus } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { memo, useState } from 'react';
import type { MailFolder } from '#lib/webmail/reading/conversation-list.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { beginDrag } from './dragged.ts';
import { FolderDialog } from './folder-dialog.tsx';
import { iconOf } from './folder-names.ts';
import { isOwn } from './folder-places.ts';
import { useFolderDrop } from './use-folder-drop.ts';
import { useMail } from '../mail-context.ts';
import { hrefOf } from '../mail-href.ts';
import { goTo } from '../mail-location.ts';

/** Folders with what is unread in them; drafts with how many there are. */
export const FolderNavigation = memo(function FolderNavigation({ current }: { current: string | null }) {
  const text = useTranslations('mail.folders');
  const { folders, actions } = useMail();
  const [creating, setCreating] = useState(false);
  const special = folders.filter((folder) => folder.specialUse !== null);
  const own = folders.filter((folder) => folder.specialUse === null);
  const paths = new Set(own.map((folder) => folder.path));
  const top = useFolderDrop(null);
  return (
    <nav aria-label={text('label')}>
      <ul>
        {special.map((folder) => (
          <FolderLink key={folder.path} folder={folder} here={folder.path === current} />
        ))}
      </ul>
      <div className={classes('side-heading', top.over && 'drop')} {...top.handlers}>
        <h2>{text('own')}</h2>
        <IconButton small label={text('create')} onClick={() => setCreating(true)}>
          <Icon of={Plus} size={15} />
        </IconButton>
      </div>
      <ul>
        {own.map((folder) => (
          <FolderLink key={folder.path} folder={folder} here={folder.path === current} {...placeOf(folder, paths)} />
        ))}
      </ul>
      <FolderDialog open={creating} onClose={() => setCreating(false)} onDone={() => actions.foldersChanged()} />
    </nav>
  );
});

/** Depth below the folders that are shown, and the name from there: what lies below a special folder says so. */
function placeOf(folder: MailFolder, shown: ReadonlySet<string>): { level: number; below: string } {
  const segments = folder.path.split('/');
  const parents = segments.slice(1).map((_, at) => segments.slice(0, at + 1).join('/'));
  const known = parents.filter((path) => shown.has(path));
  const nearest = known.at(-1);
  return { level: known.length, below: nearest === undefined ? folder.path : folder.path.slice(nearest.length + 1) };
}

function FolderLink({ folder, here, level = 0, below = '' }: { folder: MailFolder; here: boolean; level?: number; below?: string }) {
  const text = useTranslations('mail.folders');
  const format = useFormatter();
  const { folderName } = useMail();
  const name = below.includes('/') ? below : folderName(folder.path);
  const count =
    folder.specialUse === 'drafts' ? folder.total : folder.specialUse === 'trash' || folder.specialUse === 'sent' ? 0 : folder.unread;
  const isNew = count > 0 && folder.specialUse !== 'drafts' && folder.specialUse !== 'junk';
  const href = hrefOf({ folder: folder.path });
  const sub = level > 0;
  const content = (
    <>
      <Icon of={iconOf(folder)} />
      <span className="cut">{name}</span> {count > 0 ? <b>{format.number(count)}</b> : null}
    </>
  );
  const { over, handlers } = useFolderDrop(folder);
  const className = classes('fold', here && 'here', isNew && 'new', sub && 'sub', over && 'drop');
  if (!folder.selectable)
    return (
      <li {...handlers}>
        <span className={className}>{content}</span>
      </li>
    );
  return (
    <li {...handlers}>
      <a
        className={className}
        href={href}
        draggable={isOwn(folder)}
        onDragStart={(event) => beginDrag(event, { kind: 'folder', path: folder.path }, name)}
        title={name}
        aria-label={count > 0 ? text('withCount', { name, count }) : name}
        aria-current={here ? 'page' : undefined}
        style={level > 1 ? { paddingLeft: 33 + (level - 1) * 14 } : undefined}
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
