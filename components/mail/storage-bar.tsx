'use client';

import { HardDrive } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { storageState } from '#lib/config/storage-state.ts';
import { formatUsage } from '#lib/i18n/format-bytes.ts';
import type { StorageUse } from '#lib/webmail/reading/conversation-list.ts';
import { Icon } from '../ui/icon.tsx';

/** Said in words before a letter is refused: the bar beside the folders is not seen on a phone. */
export function StorageBar({ storage: { usedBytes, limitBytes } }: { storage: StorageUse }) {
  const text = useTranslations('mail.space');
  const locale = useLocale();
  const state = storageState(usedBytes, limitBytes);
  if (state !== 'scarce' && state !== 'full') return null;
  return (
    <section className="note-bar" aria-label={text('label')}>
      <Icon of={HardDrive} size={17} />
      <span className="grow">
        {state === 'full' ? text('full') : text('scarce', formatUsage(locale, usedBytes, limitBytes))} {text('help')}
      </span>
    </section>
  );
}
