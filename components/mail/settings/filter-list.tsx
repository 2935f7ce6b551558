'use client';

import { ChevronDown, ChevronUp, CircleAlert, FileCode, GripVertical, Pencil, Play, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Filter, FilterItem } from '#lib/webmail/filters/filter.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import type { FolderChoice } from './filter-editor.tsx';
import { useFilterSentence } from './filter-sentence.ts';

interface Props {
  items: readonly FilterItem[];
  /** null: not known yet */
  folders: readonly FolderChoice[] | null;
  save: (items: FilterItem[]) => void;
  edit: (at: number) => void;
  remove: (at: number) => void;
  apply: (filter: Filter) => void;
}

/** Filters in the order in which they are asked; dragged, or moved by buttons and keys. */
export function FilterList({ items, folders, save, edit, remove, apply }: Props) {
  const text = useTranslations('rules.filters');
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const move = (from: number, to: number) => {
    const next = [...items];
    const [item] = next.splice(from, 1);
    if (!item || to < 0 || to >= items.length || from === to) return;
    next.splice(to, 0, item);
    save(next);
    focusSame(list.current?.children[to]);
  };
  const end = () => {
    setDragged(null);
    setOver(null);
  };
  const onKey = (at: number) => (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    move(at, at + by);
  };
  return (
    <>
      <ol ref={list} className="filter-list sheet" aria-label={text('title')}>
        {items.map((item, at) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: an item has no other name than its place
            key={at}
            className={classes(over === at && dragged !== null && 'over', item.kind === 'filter' && !item.on && 'off')}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              setDragged(at);
            }}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(at);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) move(dragged, at);
              end();
            }}
            onDragEnd={end}
            onKeyDown={onKey(at)}
          >
            <span className="grip only-wide" aria-hidden="true">
              <Icon of={GripVertical} size={16} />
            </span>
            <div className="grow">
              {item.kind === 'filter' ? <Sentence filter={item} folders={folders} /> : <Foreign name={item.name} text={item.text} />}
              {item.kind === 'filter' ? (
                <label className="check">
                  <input
                    type="checkbox"
                    checked={item.on}
                    onChange={() => save(items.map((one, index) => (index === at ? { ...item, on: !item.on } : one)))}
                  />{' '}
                  {text('on')}
                </label>
              ) : null}
            </div>
            <div className="filter-tools">
              <IconButton small label={text('up')} shortcut="Alt+↑" onClick={() => move(at, at - 1)}>
                <Icon of={ChevronUp} size={16} />
              </IconButton>
              <IconButton small label={text('down')} shortcut="Alt+↓" onClick={() => move(at, at + 1)}>
                <Icon of={ChevronDown} size={16} />
              </IconButton>
              {item.kind === 'filter' ? (
                <>
                  <IconButton small label={text('edit')} onClick={() => edit(at)}>
                    <Icon of={Pencil} size={16} />
                  </IconButton>
                  <IconButton small label={text('apply')} onClick={() => apply(item)}>
                    <Icon of={Play} size={16} />
                  </IconButton>
                </>
              ) : null}
              <IconButton small label={text('remove')} onClick={() => remove(at)}>
                <Icon of={X} size={16} />
              </IconButton>
            </div>
          </li>
        ))}
      </ol>
      <p className="hint mt-3">{text('orderHint')}</p>
    </>
  );
}

/** What was pressed goes along with what it moved, so that it can be pressed again. */
function focusSame(place: Element | undefined): void {
  const label = document.activeElement?.getAttribute('aria-label');
  const buttons = [...(place?.querySelectorAll('button') ?? [])];
  (buttons.find((button) => button.getAttribute('aria-label') === label) ?? buttons[0])?.focus();
}

function Sentence({ filter, folders }: { filter: Filter; folders: Props['folders'] }) {
  const text = useTranslations('rules.filters');
  const choiceOf = (path: string) => folders?.find((one) => one.path === path);
  const { when, what } = useFilterSentence((path) => choiceOf(path)?.name ?? path)(filter);
  const named = folders ? [...new Set(filter.actions.flatMap((action) => ('folder' in action ? action.folder : [])))] : [];
  return (
    <>
      {filter.name ? <b>{filter.name}</b> : null}
      <p className="mid">
        {when}: {what}.
      </p>
      {named.map((folder) => {
        const choice = choiceOf(folder);
        return choice && !choice.isThrownAway ? null : (
          <p key={folder} className="err">
            <Icon of={CircleAlert} size={16} />{' '}
            <span>{choice ? text('thrownAway', { folder: choice.name }) : text('gone', { folder })}</span>
          </p>
        );
      })}
    </>
  );
}

function Foreign({ name, text: script }: { name: string; text: string }) {
  const text = useTranslations('rules.filters');
  const [first = '', ...more] = script.trim().split('\n');
  const isRemark = script.replace(/\/\*[\s\S]*?\*\/|^\s*#.*$/gm, '').trim() === '';
  if (isRemark && name === '') return <pre className="script">{script.trim()}</pre>;
  return (
    <>
      <b className="flex items-center gap-2">
        <Icon of={FileCode} size={16} /> {name || text('foreignRule')}
      </b>
      <pre className="script">{more.length > 7 ? `${[first, ...more.slice(0, 6)].join('\n')}\n…` : script.trim()}</pre>
      <p className="hint">{text('foreignHint')}</p>
    </>
  );
}
