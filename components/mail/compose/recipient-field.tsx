'use client';

import { TriangleAlert, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useLayoutEffect, useState, type ReactNode, type RefObject } from 'react';
import { looksLikeAddress, parseAddressList } from '#lib/webmail/address-list.ts';
import { personName } from '#lib/webmail/person-name.ts';
import type { Person } from '#lib/webmail/types.ts';
import { classes } from '../../ui/classes.ts';
import { Icon } from '../../ui/icon.tsx';
import { knownPeople } from './known-people.ts';
import { takeTypedEarly } from './typed-early.ts';

interface Props {
  label: string;
  people: readonly Person[];
  onChange: (people: Person[]) => void;
  input?: RefObject<HTMLInputElement | null>;
  aside?: ReactNode;
  /** has the focus first, and what was typed before it was there */
  startsHere?: boolean;
}

/** Recipients as chips. Typed or pasted lists are taken apart; what is no address stays, marked, to be corrected with one click. */
export function RecipientField({ label, people, onChange, input, aside, startsHere = false }: Props) {
  const text = useTranslations('mail.compose');
  const [typed, setTyped] = useState('');
  const id = useId();
  const wrong = people.filter((person) => !looksLikeAddress(person.address)).map((person) => person.address);

  const take = (value: string) => {
    const found = parseAddressList(value);
    const fresh = found.filter((person, at) => {
      const same = (other: Person) => other.address.toLowerCase() === person.address.toLowerCase();
      return !people.some(same) && found.findIndex(same) === at;
    });
    if (fresh.length > 0) onChange([...people, ...fresh]);
    setTyped('');
  };
  const read = (value: string) => {
    // Chosen from the list of known people, or a separator was typed.
    if (/[,;\n]\s*$/.test(value) || knownPeople().includes(value)) take(value);
    else setTyped(value);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and before the next key can come
  useLayoutEffect(() => {
    if (!startsHere) return;
    document.getElementById(id)?.focus();
    read(takeTypedEarly());
  }, []);
  const without = (person: Person) => onChange(people.filter((other) => other !== person));

  return (
    <>
      <div className="line-field">
        <label htmlFor={id}>{label}</label>
        <div className="set">
          {people.map((person) => {
            const valid = looksLikeAddress(person.address);
            const name = personName(person);
            return (
              <span key={person.address} className={classes('rcpt', !valid && 'warn')} title={person.address}>
                {valid ? null : <Icon of={TriangleAlert} size={14} />}
                <button
                  type="button"
                  className={classes('rcpt-name', !person.name && 'mono')}
                  aria-label={text('editRecipient', { name })}
                  onClick={() => {
                    without(person);
                    setTyped(person.name ? `${person.name} <${person.address}>` : person.address);
                    document.getElementById(id)?.focus();
                  }}
                >
                  {name}
                </button>
                <button type="button" aria-label={text('removeRecipient', { name })} onClick={() => without(person)}>
                  <Icon of={X} size={14} />
                </button>
              </span>
            );
          })}
          <input
            ref={input}
            id={id}
            value={typed}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            inputMode="email"
            list={`${id}-known`}
            aria-describedby={wrong.length > 0 ? `${id}-wrong` : undefined}
            onChange={(event) => read(event.target.value)}
            onPaste={(event) => {
              const pasted = event.clipboardData.getData('text/plain');
              if (!/[,;\n@]/.test(pasted)) return;
              event.preventDefault();
              take(`${typed}${pasted}`);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && typed.trim()) {
                event.preventDefault();
                take(typed);
              } else if (event.key === 'Backspace' && typed === '' && people.length > 0) onChange(people.slice(0, -1));
            }}
            onBlur={() => typed.trim() && take(typed)}
          />
          <datalist id={`${id}-known`}>
            {typed.length >= 2
              ? knownPeople()
                  .slice(0, 300)
                  .map((known) => <option key={known} value={known} />)
              : null}
          </datalist>
        </div>
        {aside}
      </div>
      {wrong.length > 0 ? (
        <p className="field-warning" id={`${id}-wrong`} role="status">
          {text('notAnAddress', { count: wrong.length, addresses: wrong.join(', ') })}
        </p>
      ) : null}
    </>
  );
}
