'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import type { Letter } from '#lib/webmail/writing/letter.ts';
import type { Person } from '#lib/webmail/reading/mail-message.ts';
import { Button } from '../../ui/button.tsx';
import type { RecipientKind } from './recipient-chips.tsx';
import { RecipientField } from './recipient-field.tsx';

const kinds: readonly RecipientKind[] = ['to', 'cc', 'bcc'];

interface Props {
  letter: Pick<Letter, RecipientKind>;
  startsHere: boolean;
  onChange: (change: Partial<Pick<Letter, RecipientKind>>) => void;
}

/** To, Cc and Bcc; people go from one to another by drag, or with Alt and an arrow. */
export function RecipientFields({ letter, startsHere, onChange }: Props) {
  const text = useTranslations('mail.compose');
  const [showsAll, setShowsAll] = useState(letter.cc.length > 0 || letter.bcc.length > 0);
  const move = (person: Person, from: RecipientKind, where: RecipientKind | 1 | -1) => {
    const to = typeof where === 'string' ? where : kinds[kinds.indexOf(from) + where];
    if (to === undefined || to === from) return;
    flushSync(() => {
      setShowsAll(true);
      const without = letter[from].filter((other) => other.address !== person.address);
      const with_ = letter[to].some((other) => other.address === person.address) ? letter[to] : [...letter[to], person];
      onChange({ [from]: without, [to]: with_ });
    });
    document.querySelector<HTMLElement>(`[data-recipients="${to}"]`)?.focus();
  };
  const shown = showsAll || letter.cc.length > 0 || letter.bcc.length > 0 ? kinds : kinds.slice(0, 1);
  return shown.map((kind) => (
    <RecipientField
      key={kind}
      kind={kind}
      label={text(kind)}
      people={letter[kind]}
      onChange={(of, people) => onChange({ [of]: people })}
      onMove={move}
      startsHere={startsHere && kind === 'to'}
      aside={
        shown.length > 1 ? null : (
          <Button kind="quiet" small className="cc-button" onClick={() => setShowsAll(true)}>
            {text('ccBcc')}
          </Button>
        )
      }
    />
  ));
}
