'use client';

import { ImageOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { MessageBody } from '#lib/webmail/types.ts';
import { Icon } from '../ui/icon.tsx';

export function ImageStrip({ body, onShowImages }: { body: MessageBody; onShowImages: () => void }) {
  const text = useTranslations('mail.read');
  if (body.blockedImages === 0) return null;
  const sentences = [
    text('imagesBlocked', { count: body.blockedImages }),
    ...(body.removedTrackers > 0 ? [text('trackersRemoved', { count: body.removedTrackers })] : []),
  ];
  return (
    <div className="strip">
      <Icon of={ImageOff} size={17} />
      <span>{sentences.join(', ')}.</span>
      <button type="button" className="link bare" onClick={onShowImages}>
        {text('showImages')}
      </button>
    </div>
  );
}
