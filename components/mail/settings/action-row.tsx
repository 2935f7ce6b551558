'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { FilterAction } from '#lib/webmail/filters/filter.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useLabelName } from '../labels.tsx';
import type { FolderChoice } from './filter-editor.tsx';

interface Props {
  action: FilterAction;
  folders: readonly FolderChoice[];
  change: (action: FilterAction) => void;
  remove: (() => void) | null;
}

const kinds = ['move', 'copy', 'read', 'star', 'label', 'forward', 'forwardOnly', 'delete', 'stop'] as const;
type Kind = (typeof kinds)[number];

const kindOf = (action: FilterAction): Kind => (action.kind === 'forward' && !action.keep ? 'forwardOnly' : action.kind);

function ofKind(kind: Kind, before: FilterAction): FilterAction {
  const { folder = '', folderId } = before.kind === 'move' || before.kind === 'copy' ? before : {};
  const address = before.kind === 'forward' ? before.address : '';
  if (kind === 'move' || kind === 'copy') return { kind, folder, folderId };
  if (kind === 'label') return { kind, label: '' };
  if (kind === 'forward' || kind === 'forwardOnly') return { kind: 'forward', address, keep: kind === 'forward' };
  return { kind };
}

/** "In den Ordner verschieben" "…". */
export function ActionRow({ action, folders, change, remove }: Props) {
  const text = useTranslations('rules.filters');
  const nameOf = useLabelName();
  const known = action.kind === 'move' || action.kind === 'copy' ? folders.some(({ path }) => path === action.folder) : true;
  return (
    <div className="rule-row">
      <select
        className="input"
        aria-label={text('action')}
        value={kindOf(action)}
        onChange={({ target }) => change(ofKind(kinds.find((one) => one === target.value) ?? 'read', action))}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {text(`choose.${kind}`)}
          </option>
        ))}
      </select>
      {action.kind === 'move' || action.kind === 'copy' ? (
        <select
          className="input"
          aria-label={text('folder')}
          required
          value={action.folder}
          onChange={({ target }) => change({ kind: action.kind, folder: target.value })}
        >
          <option value="">{text('chooseFolder')}</option>
          {known || action.folder === '' ? null : <option value={action.folder}>{action.folder}</option>}
          {folders.map(({ path, name }) => (
            <option key={path} value={path}>
              {name}
            </option>
          ))}
        </select>
      ) : null}
      {action.kind === 'label' ? (
        <input
          className="input"
          aria-label={text('label')}
          value={nameOf(action.label)}
          maxLength={60}
          required
          placeholder="Rechnung"
          onChange={({ target }) => change({ ...action, label: target.value })}
        />
      ) : null}
      {action.kind === 'forward' ? (
        <input
          className="input mono"
          type="email"
          aria-label={text('address')}
          value={action.address}
          maxLength={254}
          required
          autoCapitalize="none"
          onChange={({ target }) => change({ ...action, address: target.value })}
        />
      ) : null}
      {remove ? (
        <IconButton small label={text('removeAction')} onClick={remove}>
          <Icon of={X} size={16} />
        </IconButton>
      ) : null}
    </div>
  );
}
