'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { paragraphs } from '#lib/webmail/writing/quote-text.ts';
import { takeTypedEarly } from './typed-early.ts';

interface Props {
  text: string;
  autoFocus: boolean;
  onChange: (text: string) => void;
  onFormatted: (html: string) => void;
}

/** A letter without formatting, in the mono face: what stands below each other does so at the reader's too. */
export function PlainEditor({ text: written, autoFocus, onChange, onFormatted }: Props) {
  const text = useTranslations('mail.compose');
  const area = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    if (!autoFocus) return;
    area.current?.focus();
    area.current?.setSelectionRange(0, 0);
    const typed = takeTypedEarly();
    if (typed) onChange(typed + written);
  }, []);
  return (
    <div className="body">
      <div className="plain-note dim">
        {text('plainNote')}{' '}
        <button type="button" className="link" onClick={() => onFormatted(paragraphs(written))}>
          {text('formatted')}
        </button>
      </div>
      <textarea
        ref={area}
        className="body-text plain mono"
        aria-label={text('body')}
        value={written}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
