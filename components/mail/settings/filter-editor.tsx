'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { labelNamed } from '#lib/webmail/reading/labels.ts';
import type { Condition, Filter, FilterAction } from '#lib/webmail/filters/filter.ts';
import type { Tried } from '#lib/webmail/filters/try-filter.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorText, type FieldError, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';
import { ActionRow } from './action-row.tsx';
import { ConditionRow } from './condition-row.tsx';
import { TriedLetters } from './tried-letters.tsx';

export interface FolderChoice {
  path: string;
  name: string;
  /** it lies below the trash */
  isThrownAway: boolean;
}

interface Props {
  filter: Filter;
  folders: readonly FolderChoice[];
  onCancel: () => void;
  /** is something in it that is not saved? */
  onWrite: (half: boolean) => void;
  /** resolves when it is saved, or was refused */
  onSave: (filter: Filter) => Promise<void>;
}

const fresh: Condition = { kind: 'text', field: 'subject', header: '', match: 'contains', not: false, values: [''] };

/** What is missing before it can be tried or saved. */
function lacks({ conditions, actions }: Filter, alsoActions: boolean): 'value' | 'header' | 'folder' | 'address' | 'label' | null {
  for (const one of conditions) {
    if (one.kind === 'text' && one.values.every((value) => value.trim() === '')) return 'value';
    if (one.kind === 'text' && one.field === 'header' && one.header === '') return 'header';
  }
  for (const one of alsoActions ? actions : []) {
    if ((one.kind === 'move' || one.kind === 'copy') && one.folder === '') return 'folder';
    if (one.kind === 'forward' && !/^\S+@\S+$/.test(one.address)) return 'address';
    if (one.kind === 'label' && !/^[A-Za-z0-9$_.-]{1,60}$/.test(labelNamed(one.label))) return 'label';
  }
  return null;
}

const cleaned = (filter: Filter): Filter => ({
  ...filter,
  name: filter.name.trim(),
  conditions: filter.conditions.map((one) =>
    one.kind === 'text' ? { ...one, values: one.values.map((value) => value.trim()).filter((value) => value !== '') } : one,
  ),
  actions: filter.actions.map((one) => (one.kind === 'label' ? { ...one, label: labelNamed(one.label) } : one)),
});

/** One filter, written in sentences; what it would take is shown before it is saved. */
export function FilterEditor({ filter, folders, onCancel, onWrite, onSave }: Props) {
  const text = useTranslations('rules.filters');
  const common = useTranslations('common');
  const words = useFailureWords();
  const form = useRef<HTMLFormElement>(null);
  // it opens above the list, where somebody who asked for it at the list's end does not look
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current = document.activeElement;
    form.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, []);
  // closed, it gives the focus back, where what opened it is still there
  useLayoutEffect(() => {
    const shown = form.current;
    return () => {
      if (shown?.contains(document.activeElement) && opener.current instanceof HTMLElement) opener.current.focus();
    };
  }, []);
  const [draft, setDraft] = useState(filter);
  const latest = useRef(draft);
  latest.current = draft;
  const [error, setError] = useState<FieldError | null>(null);
  const [trying, setTrying] = useState(false);
  // its own save alone: a press while others are saved (one was moved) goes behind them
  const [saving, setSaving] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const change = (part: Partial<Filter>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    onWrite(JSON.stringify(next) !== JSON.stringify(filter));
    setTried(null);
    setError(null);
  };
  const conditionsWith = (at: number, ...next: Condition[]) => change({ conditions: draft.conditions.toSpliced(at, 1, ...next) });
  const actionsWith = (at: number, ...next: FilterAction[]) => change({ actions: draft.actions.toSpliced(at, 1, ...next) });
  const isWhole = (alsoActions: boolean): boolean => {
    const missing = lacks(draft, alsoActions);
    setError(missing === null ? null : { text: text(`missing.${missing}`) });
    return missing === null;
  };
  const attempt = async () => {
    if (!isWhole(false)) return;
    setTrying(true);
    try {
      const given = cleaned({ ...draft, actions: [{ kind: 'stop' }] });
      const found = await sendMail<Tried>('filters/try', { filter: given, folder: 'INBOX', count: 100 });
      // another one is written by now
      if (latest.current === draft) setTried(found);
    } catch (failure) {
      setError({ text: words(failure) });
    } finally {
      setTrying(false);
    }
  };
  const submit = async () => {
    if (saving || !isWhole(true)) return;
    setSaving(true);
    await onSave(cleaned(draft)).finally(() => setSaving(false));
  };
  return (
    <form
      ref={form}
      className="sheet block-sheet grid gap-5"
      aria-label={text('editor')}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      noValidate
    >
      <TextField
        label={text('name')}
        hint={text('nameHint')}
        value={draft.name}
        maxLength={200}
        onChange={(event) => change({ name: event.target.value })}
        autoComplete="off"
      />
      <fieldset className="settings-part">
        <legend className="h">{text('conditions')}</legend>
        <div className="grid gap-3">
          {draft.conditions.length > 1 ? (
            <Segmented
              label={text('join')}
              value={draft.join}
              options={[
                { value: 'all', label: text('all') },
                { value: 'any', label: text('any') },
              ]}
              onChange={(join) => change({ join })}
            />
          ) : null}
          {draft.conditions.length === 0 ? <p className="hint">{text('everyLetter')}</p> : null}
          {draft.conditions.map((condition, at) => (
            <ConditionRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no other name than its place
              key={at}
              condition={condition}
              change={(next) => conditionsWith(at, next)}
              remove={() => conditionsWith(at)}
            />
          ))}
          <div>
            <Button small icon={<Icon of={Plus} size={16} />} onClick={() => change({ conditions: [...draft.conditions, fresh] })}>
              {text('addCondition')}
            </Button>
          </div>
        </div>
      </fieldset>
      <fieldset className="settings-part">
        <legend className="h">{text('actions')}</legend>
        <div className="grid gap-3">
          {draft.actions.map((action, at) => (
            <ActionRow
              // biome-ignore lint/suspicious/noArrayIndexKey: an action has no other name than its place
              key={at}
              action={action}
              folders={folders}
              change={(next) => actionsWith(at, next)}
              remove={draft.actions.length > 1 ? () => actionsWith(at) : null}
            />
          ))}
          <div>
            <Button small icon={<Icon of={Plus} size={16} />} onClick={() => change({ actions: [...draft.actions, { kind: 'read' }] })}>
              {text('addAction')}
            </Button>
          </div>
        </div>
      </fieldset>
      <div role="alert">{error ? <ErrorText error={error} /> : null}</div>
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="primary" type="submit" busy={saving}>
          {common('save')}
        </Button>
        <Button busy={trying} onClick={() => void attempt()}>
          {text('try')}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {common('cancel')}
        </Button>
      </div>
      <div role="status">{tried ? <TriedLetters tried={tried} /> : null}</div>
    </form>
  );
}
