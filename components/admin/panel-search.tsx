'use client';

import { Search } from 'lucide-react';
import Form from 'next/form';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Icon } from '../ui/icon.tsx';

/** Finds addresses, names and domains of the customer; "/" jumps into it. */
export function PanelSearch() {
  const text = useTranslations('panel');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input,textarea,select,[contenteditable=true]');
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);
  return (
    <>
      <Form action="/panel/search" className="search only-wide" role="search">
        <Icon of={Search} />
        <input
          ref={field}
          type="search"
          name="q"
          aria-label={text('searchLabel')}
          placeholder={text('searchLabel')}
          autoComplete="off"
          maxLength={254}
        />
        <span className="only-wide" aria-hidden="true">
          <kbd>/</kbd>
        </span>
      </Form>
      <span className="grow only-phone" />
      <Link className="ib only-phone" href="/panel/search" aria-label={text('search.field')} title={text('search.field')}>
        <Icon of={Search} size={21} />
      </Link>
    </>
  );
}
