'use client';

import { Search, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo, useEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { parseSearch, type SearchTerm } from '#lib/webmail/reading/search-query.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { focusList } from './use-walk.ts';

interface Props {
  query: string | null;
  onSearch: (query: string | null) => void;
  input: RefObject<HTMLInputElement | null>;
}

/** The search box: operators become chips when the search begins, each can be taken away; Backspace takes the last. */
export const SearchBox = memo(function SearchBox({ query, onSearch, input }: Props) {
  const text = useTranslations('mail.search');
  const [typed, setTyped] = useState('');
  const terms = query ? parseSearch(query) : [];
  const chips = terms.filter((term) => term.key !== 'text');
  const plain = terms
    .filter((term) => term.key === 'text')
    .map((term) => term.typed)
    .join(' ');
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (before.current === query) return;
    before.current = query;
    setTyped(plain);
  }, [query, plain]);

  const search = (kept: readonly SearchTerm[], words: string) => {
    const next = [...kept.map((term) => term.typed), words.trim()].filter(Boolean).join(' ');
    onSearch(next || null);
  };
  const begin = (word: string) => {
    // what takes its value from the person goes on in the field, the rest is searched for at once
    if (!word.endsWith(':')) return search([...chips, ...parseSearch(word)], '');
    flushSync(() => setTyped(word));
    input.current?.focus();
  };
  return (
    <search className="search-area">
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault();
          search(chips, typed);
        }}
      >
        <Icon of={Search} />
        <div className="search-line">
          {chips.map((chip) => (
            <SearchChip
              key={chip.typed}
              term={chip}
              onRemove={() =>
                search(
                  chips.filter((other) => other !== chip),
                  typed,
                )
              }
            />
          ))}
          <input
            ref={input}
            type="search"
            aria-keyshortcuts="/"
            aria-label={chips.length > 0 ? text('term') : text('placeholder')}
            placeholder={chips.length > 0 ? '' : text('placeholder')}
            value={typed}
            enterKeyHint="search"
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              // of a word that is still being put together they are the keyboard's
              if (event.nativeEvent.isComposing) return;
              if (event.key === 'Backspace' && typed === '' && chips.length > 0) search(chips.slice(0, -1), '');
              if (event.key === 'ArrowDown' && query !== null) {
                event.preventDefault();
                focusList();
              }
              if (event.key === 'Escape') {
                event.currentTarget.blur();
                if (query !== null) onSearch(null);
              }
            }}
          />
        </div>
        {query === null && typed === '' ? <SearchWords onChoose={begin} /> : null}
        {query !== null ? (
          <IconButton
            small
            label={text('end')}
            onClick={() => {
              setTyped('');
              onSearch(null);
            }}
          >
            <Icon of={X} size={17} />
          </IconButton>
        ) : (
          <span className="only-wide" aria-hidden="true">
            <kbd>/</kbd>
          </span>
        )}
      </form>
    </search>
  );
});

/** The words that a search understands, below the field while nothing is typed into it. */
function SearchWords({ onChoose }: { onChoose: (word: string) => void }) {
  const text = useTranslations('mail.search');
  const words = ['from', 'to', 'subject', 'after', 'until', 'attachment', 'unread', 'flagged'] as const;
  return (
    <ul className="search-words" aria-label={text('words.label')}>
      {words.map((word) => (
        <li key={word}>
          <button
            type="button"
            // the field would lose the focus, and with it this list, before the press is over
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(text(`words.${word}`))}
          >
            <b>{text(`words.${word}`)}</b> {text(`words.${word}Means`)}
          </button>
        </li>
      ))}
    </ul>
  );
}

function SearchChip({ term, onRemove }: { term: SearchTerm; onRemove: () => void }) {
  const text = useTranslations('mail.search');
  const colon = term.typed.indexOf(':');
  return (
    <span className="chip info search-chip">
      <span className="search-key">{term.typed.slice(0, colon + 1)}</span>
      <b>{term.typed.slice(colon + 1).replaceAll('"', '')}</b>
      <button type="button" aria-label={text('remove', { term: term.typed.replace(':', ' ') })} onClick={onRemove}>
        <Icon of={X} size={14} />
      </button>
    </span>
  );
}
