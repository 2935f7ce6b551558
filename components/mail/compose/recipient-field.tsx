'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { looksLikeAddress, parseAddressList, writtenPerson } from '#lib/webmail/writing/address-list.ts';
import type { Person } from '#lib/webmail/reading/mail-message.ts';
import { draggedType, RecipientChips, type RecipientKind } from './recipient-chips.tsx';
import { takeTypedEarly } from './typed-early.ts';
import { firstMeant, useSuggestions } from './use-suggestions.ts';

interface Props {
  kind: RecipientKind;
  label: string;
  people: readonly Person[];
  onChange: (kind: RecipientKind, people: Person[]) => void;
  /** from another field into this one */
  onMove: (person: Person, from: RecipientKind, to: RecipientKind | 1 | -1) => void;
  aside?: ReactNode;
  /** has the focus first, and what was typed before it was there */
  startsHere?: boolean;
}

const keyOf = (person: Person): string => person.address.toLowerCase();

/**
 * Recipients as chips, with a list of people that what is typed may mean (combobox of ARIA 1.2): Enter and Tab take the first. Typed or
 * pasted lists are taken apart; what is no address stays, marked, to be corrected with one click.
 */
export function RecipientField({ kind, label, people, onChange, onMove, aside, startsHere = false }: Props) {
  const text = useTranslations('mail.compose');
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState(false);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const taken = useMemo(() => new Set(people.map(keyOf)), [people]);
  const suggestions = useSuggestions(typed, taken);
  // What is typed in full needs no offer of itself; it would lie over the button that comes next.
  const isTyped = suggestions.length === 1 && suggestions.every((person) => keyOf(person) === typed.trim().toLowerCase());
  const open = suggestions.length > 0 && !isTyped && !closed;
  const chosen = open ? Math.min(active, suggestions.length - 1) : -1;
  const wrong = useMemo(() => people.filter((person) => !looksLikeAddress(person.address)).map((person) => person.address), [people]);
  // What the chips call stays the same, so that a key in the letter does not draw them anew.
  const latest = useRef({ people, taken, onChange, onMove });
  latest.current = { people, taken, onChange, onMove };

  const add = useCallback(
    (found: readonly Person[]) => {
      const { people: before, onChange: tell } = latest.current;
      const known = new Set(before.map(keyOf));
      const fresh = found.filter((person) => !known.has(keyOf(person)) && known.add(keyOf(person)));
      if (fresh.length > 0) tell(kind, [...before, ...fresh]);
      setTyped('');
      setActive(0);
    },
    [kind],
  );
  const take = (value: string) => add(parseAddressList(value));
  /** Typed faster than the suggestions came: the first of them takes the place of what was typed. */
  const takeFirst = (value: string) => {
    take(value);
    const [raw, ...more] = parseAddressList(value);
    if (!raw || more.length > 0 || raw.address.includes('@') || raw.address.length < 2) return;
    void firstMeant(raw.address).then((person) => {
      const { people: now, onChange: tell } = latest.current;
      const others = now.filter((one) => keyOf(one) !== keyOf(raw));
      if (!person || others.length === now.length) return;
      tell(kind, others.some((one) => keyOf(one) === keyOf(person)) ? others : [...others, person]);
    });
  };
  const read = (value: string) => {
    setClosed(false);
    setActive(0);
    const { people: before, onChange: tell } = latest.current;
    const last = before.at(-1);
    // "eva@x.at (Eva Lang)": the address was taken at the blank, and its name comes now
    if (value === '(' && last && last.name === '') {
      tell(kind, before.slice(0, -1));
      return setTyped(`${last.address} (`);
    }
    // A separator was typed, and what stands before it is whole: "Muster, Max <…" and "max@x.at (Muster, …" are not yet.
    const separated = !/\([^)]*$/.test(value) && (/[,;\n]\s*$/.test(value) || (/\s$/.test(value) && !value.includes('<')));
    const found = separated ? parseAddressList(value) : [];
    if (found.length > 0 && (/[;\n]\s*$/.test(value) || found.every((person) => looksLikeAddress(person.address)))) add(found);
    else setTyped(value);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and before the next key can come
  useLayoutEffect(() => {
    if (!startsHere) return;
    input.current?.focus();
    read(takeTypedEarly());
  }, []);
  const remove = useCallback(
    (person: Person) => {
      latest.current.onChange(
        kind,
        latest.current.people.filter((other) => other !== person),
      );
      input.current?.focus();
    },
    [kind],
  );
  const edit = useCallback(
    (person: Person) => {
      latest.current.onChange(
        kind,
        latest.current.people.filter((other) => other !== person),
      );
      setClosed(true);
      setTyped(writtenPerson(person));
      input.current?.focus();
    },
    [kind],
  );
  const move = useCallback((person: Person, direction: 1 | -1) => latest.current.onMove(person, kind, direction), [kind]);

  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const suggestion = suggestions[chosen];
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setActive((chosen + (event.key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length);
    } else if (open && event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setClosed(true);
    } else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || (event.key === 'Tab' && !event.shiftKey)) {
      if (!typed.trim()) return;
      const whole = parseAddressList(typed).every((person) => looksLikeAddress(person.address));
      if (event.key === 'Enter' || (suggestion && !whole)) event.preventDefault();
      if (suggestion && !whole) add([suggestion]);
      else takeFirst(typed);
    } else if (event.key === 'Backspace' && typed === '' && people.length > 0) {
      onChange(kind, people.slice(0, -1));
    }
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: chips are moved by key too */}
      <div
        className="line-field"
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes(draggedType)) event.preventDefault();
        }}
        onDrop={(event) => {
          const dragged = event.dataTransfer.getData(draggedType);
          if (!dragged) return;
          event.preventDefault();
          event.stopPropagation();
          const { kind: from, person } = JSON.parse(dragged) as { kind: RecipientKind; person: Person };
          if (from !== kind) onMove(person, from, kind);
        }}
      >
        <label htmlFor={id}>{label}</label>
        <div className="set">
          <RecipientChips kind={kind} people={people} onEdit={edit} onRemove={remove} onMove={move} />
          <span className="recipient-input">
            <input
              ref={input}
              id={id}
              data-recipients={kind}
              value={typed}
              role="combobox"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              inputMode="email"
              aria-autocomplete="list"
              aria-expanded={open}
              aria-controls={`${id}-people`}
              aria-activedescendant={open ? `${id}-person-${chosen}` : undefined}
              aria-invalid={wrong.length > 0 || undefined}
              aria-describedby={wrong.length > 0 ? `${id}-wrong` : undefined}
              onChange={(event) => read(event.target.value)}
              onPaste={(event) => {
                const pasted = event.clipboardData.getData('text/plain');
                if (!/[,;\n\t@]/.test(pasted)) return;
                event.preventDefault();
                const { selectionStart, selectionEnd } = event.currentTarget;
                take(typed.slice(0, selectionStart ?? typed.length) + pasted + typed.slice(selectionEnd ?? typed.length));
              }}
              onKeyDown={onKeyDown}
              onBlur={() => typed.trim() && take(typed)}
            />
            <span className="vh" role="status">
              {open ? text('suggested', { count: suggestions.length, first: suggestions[0]?.name || suggestions[0]?.address || '' }) : ''}
            </span>
            <div className="people-list" id={`${id}-people`} role="listbox" aria-label={text('suggestions')} hidden={!open} tabIndex={-1}>
              {open
                ? suggestions.map((person, at) => (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text field
                    <div
                      key={person.address}
                      id={`${id}-person-${at}`}
                      role="option"
                      tabIndex={-1}
                      aria-selected={at === chosen}
                      // The field must not lose the focus, or what is typed would be taken for a recipient.
                      onMouseDown={(event) => event.preventDefault()}
                      onClick={() => add([person])}
                    >
                      <span className="cut">{person.name || person.address}</span>
                      {person.name ? <span className="mono dim cut">{person.address}</span> : null}
                    </div>
                  ))
                : null}
            </div>
          </span>
        </div>
        {aside}
      </div>
      {wrong.length > 0 ? (
        <p className="field-warning" id={`${id}-wrong`} role="status">
          {text('notAnAddress', { count: wrong.length, addresses: wrong.slice(0, 5).join(', ') })}
        </p>
      ) : null}
    </>
  );
}
