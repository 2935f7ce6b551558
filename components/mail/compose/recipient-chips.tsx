'use client';

import { TriangleAlert, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, useState } from 'react';
import { looksLikeAddress } from '#lib/webmail/writing/address-list.ts';
import { personName } from '#lib/webmail/people/person-name.ts';
import type { Person } from '#lib/webmail/reading/mail-message.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';

export type RecipientKind = 'to' | 'cc' | 'bcc';

interface Props {
  kind: RecipientKind;
  people: readonly Person[];
  onEdit: (person: Person) => void;
  onRemove: (person: Person) => void;
  /** to the field above or below */
  onMove: (person: Person, direction: 1 | -1) => void;
}

/** What a chip that is dragged carries; other pages cannot make sense of it. */
export const draggedType = 'application/x-postamt-recipient';

const mostShown = 300;

/** Chips of a field. They are drawn anew only when they change, so that a list of thousands slows no key. */
export const RecipientChips = memo(function RecipientChips({ kind, people, onEdit, onRemove, onMove }: Props) {
  const text = useTranslations('mail.compose');
  const [all, setAll] = useState(false);
  const shown = all ? people : people.slice(0, mostShown);
  return (
    <>
      {shown.map((person) => {
        const valid = looksLikeAddress(person.address);
        const name = personName(person);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: what is dragged is moved by key too
          <span
            key={person.address}
            className={classes('rcpt', !valid && 'warn')}
            title={person.address}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.setData(draggedType, JSON.stringify({ kind, person }));
              event.dataTransfer.effectAllowed = 'move';
            }}
          >
            {valid ? null : <Icon of={TriangleAlert} size={14} />}
            <button
              type="button"
              className={classes('rcpt-name', !person.name && 'mono')}
              aria-label={text('editRecipient', { name })}
              aria-keyshortcuts="Alt+ArrowDown Alt+ArrowUp Delete"
              onClick={() => onEdit(person)}
              onKeyDown={(event) => {
                const moves = event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp');
                if (!moves && event.key !== 'Delete' && event.key !== 'Backspace') return;
                event.preventDefault();
                event.stopPropagation();
                if (moves) onMove(person, event.key === 'ArrowDown' ? 1 : -1);
                else onRemove(person);
              }}
            >
              {name}
            </button>
            <button type="button" tabIndex={-1} aria-label={text('removeRecipient', { name })} onClick={() => onRemove(person)}>
              <Icon of={X} size={14} />
            </button>
          </span>
        );
      })}
      {people.length > shown.length ? (
        <button type="button" className="btn s quiet" onClick={() => setAll(true)}>
          {text('moreRecipients', { count: people.length - shown.length })}
        </button>
      ) : null}
    </>
  );
});
