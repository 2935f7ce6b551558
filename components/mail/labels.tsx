'use client';

import { Plus, Tag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { isLabelName, knownLabels, labelNamed } from '#lib/webmail/reading/labels.ts';
import type { ConversationRow } from '#lib/webmail/reading/conversation-list.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { type FieldError, TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuCaption, MenuItem } from '../ui/menu.tsx';
import { useMail } from './mail-context.ts';

const asKnown = (label: string): (typeof knownLabels)[number] | undefined => knownLabels.find((one) => one === label);

export function useLabelName(): (label: string) => string {
  const text = useTranslations('mail.labels');
  return (label) => {
    const one = asKnown(label);
    return one ? text(`known.${one.slice(1) as 'label1'}`) : label;
  };
}

/** Gives a conversation the labels that every program knows or a new one, and takes from it what it has. */
export function LabelMenu({ row }: { row: ConversationRow | null }) {
  const text = useTranslations('mail.labels');
  const { actions } = useMail();
  const name = useLabelName();
  const given = row?.labels ?? [];
  const others = given.filter((label) => !asKnown(label));
  const [asks, setAsks] = useState(false);
  return (
    <>
      <Menu late label={text('give')} trigger={<Icon of={Tag} />}>
        <MenuCaption>{text('give')}</MenuCaption>
        {[...knownLabels, ...others].map((label) => (
          <MenuItem
            key={label}
            checked={given.includes(label)}
            several
            onSelect={() => row && actions.label(row, label, !given.includes(label))}
          >
            <span className={classes('label-chip', asKnown(label)?.slice(1))}>{name(label)}</span>
          </MenuItem>
        ))}
        <MenuItem icon={<Icon of={Plus} size={17} />} onSelect={() => setAsks(true)}>
          {text('other')}
        </MenuItem>
      </Menu>
      <Dialog open={asks} onClose={() => setAsks(false)} title={text('other')}>
        <LabelForm onClose={() => setAsks(false)} onGive={(label) => row && actions.label(row, label, true)} />
      </Dialog>
    </>
  );
}

function LabelForm({ onClose, onGive }: { onClose: () => void; onGive: (label: string) => void }) {
  const text = useTranslations('mail.labels');
  const common = useTranslations('common');
  const { actions } = useMail();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<FieldError | null>(null);
  const list = useId();
  return (
    <form
      className="dialog-form"
      onSubmit={(event) => {
        event.preventDefault();
        const label = labelNamed(typed);
        if (!isLabelName(label)) return setError({ text: text('wrong') });
        onGive(label);
        onClose();
      }}
    >
      <TextField
        data-autofocus
        label={text('name')}
        error={error}
        list={list}
        value={typed}
        maxLength={60}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <datalist id={list}>
        {actions
          .labelsSeen()
          .filter((label) => !asKnown(label))
          .map((label) => (
            <option key={label} value={label} />
          ))}
      </datalist>
      <div className="dialog-buttons">
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit">
          {text('giveButton')}
        </Button>
      </div>
    </form>
  );
}

/** Words that were given to a letter. In a row only the first ones have room; the others are said by a number and its title. */
export function Labels({ labels, most = labels.length }: { labels: readonly string[]; most?: number }) {
  const text = useTranslations('mail.labels');
  const name = useLabelName();
  if (labels.length === 0) return null;
  const rest = labels.slice(most);
  return (
    <>
      {labels.slice(0, most).map((label) => (
        <span key={label} className={classes('label-chip', asKnown(label)?.slice(1))}>
          <span className="vh">{text('is')}</span>
          <span className="cut">{name(label)}</span>
        </span>
      ))}
      {rest.length > 0 ? (
        <span className="label-chip" title={rest.map(name).join(', ')}>
          +{rest.length}
        </span>
      ) : null}
    </>
  );
}
