'use client';

import { Tag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { knownLabels } from '#lib/webmail/labels.ts';
import type { ConversationRow } from '#lib/webmail/types.ts';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuCaption, MenuItem } from '../ui/menu.tsx';
import { useMail } from './mail-context.ts';

const asKnown = (label: string): (typeof knownLabels)[number] | undefined => knownLabels.find((one) => one === label);

function useLabelName(): (label: string) => string {
  const text = useTranslations('mail.labels');
  return (label) => {
    const one = asKnown(label);
    return one ? text(`known.${one.slice(1) as 'label1'}`) : label;
  };
}

/** Gives a conversation the labels that every program knows, and takes from it what it has. */
export function LabelMenu({ row }: { row: ConversationRow | null }) {
  const text = useTranslations('mail.labels');
  const { actions } = useMail();
  const name = useLabelName();
  const given = row?.labels ?? [];
  const others = given.filter((label) => !asKnown(label));
  return (
    <Menu label={text('give')} trigger={<Icon of={Tag} />}>
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
    </Menu>
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
