'use client';

import { HardDrive } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { formatUsage } from '#lib/i18n/format-bytes.ts';
import type { StorageUse } from '#lib/webmail/reading/conversation-list.ts';
import { Icon } from '../ui/icon.tsx';

/** From here on it is said in words, before a letter is refused: the bar beside the folders is not seen on a phone. */
const scarceShare = 0.95;

export function StorageBar({ storage: { usedBytes, limitBytes } }: { storage: StorageUse }) {
  const text = useTranslations('mail.space');
  const locale = useLocale();
  if (usedBytes < limitBytes * scarceShare) return null;
  return (
    <section className="note-bar" aria-label={text('label')}>
      <Icon of={HardDrive} size={17} />
      <span className="grow">
        {usedBytes >= limitBytes ? text('full') : text('scarce', formatUsage(locale, usedBytes, limitBytes))} {text('help')}
      </span>
    </section>
  );
}
