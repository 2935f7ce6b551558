'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import useSWR from 'swr';
import type { Filter, FilterItem } from '#lib/webmail/filters/filter.ts';
import type { FolderList } from '#lib/webmail/reading/conversation-list.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAskFirst } from '../../ui/use-ask-first.tsx';
import { useFolderName } from '../folders/folder-names.ts';
import { getMail, pageBelongsTo } from '../mail-api.ts';
import { ApplyDialog } from './apply-dialog.tsx';
import { FilterEditor, type FolderChoice } from './filter-editor.tsx';
import { FilterList } from './filter-list.tsx';
import { replaceFilter } from './replace-filter.ts';
import { ScriptText } from './script-text.tsx';
import { useFilters } from './use-filters.ts';

interface Props {
  address: string;
  /** a sender for a filter that is begun at once */
  like: string;
}

const begun = (from: string): Filter => ({
  kind: 'filter',
  name: '',
  on: true,
  join: 'all',
  conditions: [{ kind: 'text', field: 'from', header: '', match: from === '' ? 'contains' : 'is', not: false, values: [from] }],
  actions: [{ kind: 'move', folder: '' }],
});

/** A folder with those above it: here nothing else shows which of two that are called the same is meant. */
const levelsOf = (path: string): string[] => path.split('/').map((_, at, levels) => levels.slice(0, at + 1).join('/'));

/** All filters of a mailbox. Each change is saved at once. */
export function FilterBoard({ address, like }: Props) {
  pageBelongsTo(address);
  const text = useTranslations('rules.filters');
  const common = useTranslations('common');
  const { state, failure, save, saveText, waiting, stopWaiting } = useFilters();
  const { data } = useSWR<FolderList>('folders', () => getMail<FolderList>('folders'), { revalidateOnFocus: false });
  const nameOf = useFolderName(data?.folders ?? []);
  const taking = (data?.folders ?? []).filter(({ selectable }) => selectable);
  const trash = taking.find(({ specialUse }) => specialUse === 'trash')?.path;
  const all: FolderChoice[] = taking.map(({ path }) => ({
    path,
    name: levelsOf(path).map(nameOf).join(' / '),
    isThrownAway: trash !== undefined && path.startsWith(`${trash}/`),
  }));
  const folders = all.filter((_, at) => taking[at]?.specialUse !== 'drafts');
  /** what is being written, as it was */
  const [editing, setEditing] = useState<Filter | null>(like === '' ? null : begun(like));
  const isHalf = useRef(false);
  const { question, askFirst } = useAskFirst(() => isHalf.current);
  /** what was saved from the form when another editor's script stood in the way: the form stays until it is */
  const given = useRef<readonly FilterItem[] | null>(null);
  const [applying, setApplying] = useState<Filter | null>(null);

  if (!state) return <p className="hint mt-4">{failure ?? text('loading')}</p>;
  const { items } = state;
  const write = (filter: Filter | null) => {
    isHalf.current = false;
    setEditing(filter);
  };
  const takeOver = async (how: 'replace' | 'include') => {
    if (waiting && (await save(waiting.items, how)) === null && waiting.items === given.current) write(null);
  };
  const remove = (at: number) => {
    void save(items.filter((_, one) => one !== at)).then((problem) => {
      if (problem === null) showToast({ text: text('removed'), undo: () => void save(items) });
    });
  };
  return (
    <>
      {state.foreign ? (
        <section className="sheet block-sheet" aria-labelledby="foreign">
          <h2 className="h" id="foreign">
            {text('foreign.title', { name: state.foreign.name })}
          </h2>
          <p className="mid">{text('foreign.text')}</p>
          <ScriptText
            key={state.foreign.version}
            label={text('foreign.title', { name: state.foreign.name })}
            text={state.foreign.text}
            save={(script) => saveText(false, state.foreign?.version ?? '', script)}
          />
        </section>
      ) : null}
      {question}
      {editing ? (
        <FilterEditor
          key={JSON.stringify(editing)}
          filter={editing}
          folders={folders}
          onCancel={() => write(null)}
          onWrite={(half) => {
            isHalf.current = half;
          }}
          onSave={async (filter) => {
            given.current = replaceFilter(items, editing, filter);
            if ((await save(given.current)) === null) write(null);
          }}
        />
      ) : (
        <div className="mt-5">
          <Button kind="primary" icon={<Icon of={Plus} />} onClick={() => write(begun(''))}>
            {text('new')}
          </Button>
        </div>
      )}
      {items.length === 0 ? (
        editing ? null : (
          <p className="hint mt-4">{text('none')}</p>
        )
      ) : (
        <FilterList
          items={items}
          folders={data ? all : null}
          save={(next) => void save(next)}
          edit={(at) => {
            const item = items[at];
            if (item?.kind === 'filter') askFirst(() => write(item));
          }}
          remove={remove}
          apply={setApplying}
        />
      )}
      <details className="sheet block-sheet">
        <summary className="h">{text('asText')}</summary>
        <p className="mid">{text('asTextHint')}</p>
        <ScriptText key={state.version} label={text('asText')} text={state.text} save={(script) => saveText(true, state.version, script)} />
      </details>
      <ApplyDialog filter={applying} folders={folders} onClose={() => setApplying(null)} />
      <Dialog open={waiting !== null} onClose={stopWaiting} title={text('takeOver.title', { name: waiting?.foreign ?? '' })}>
        <p>{text('takeOver.text', { name: waiting?.foreign ?? '' })}</p>
        <div className="acts">
          <Button onClick={stopWaiting}>{common('cancel')}</Button>
          <Button onClick={() => void takeOver('replace')}>{text('takeOver.replace')}</Button>
          <Button kind="primary" data-autofocus onClick={() => void takeOver('include')}>
            {text('takeOver.include')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
