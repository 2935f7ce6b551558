'use client';

import { ImageOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { MessageBody } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';

interface Props {
  body: MessageBody;
  onShowImages: () => void;
  /** from this sender always; undefined: cannot be promised */
  onAlways?: (() => void) | undefined;
}

export function ImageStrip({ body, onShowImages, onAlways }: Props) {
  const text = useTranslations('mail.read');
  if (body.blockedImages === 0 && body.removedTrackers === 0) return null;
  const sentences = [
    ...(body.blockedImages > 0 ? [text('imagesBlocked', { count: body.blockedImages })] : []),
    ...(body.removedTrackers > 0 ? [text('trackersRemoved', { count: body.removedTrackers })] : []),
  ];
  return (
    <div className="strip">
      <Icon of={ImageOff} size={17} />
      <span>{sentences.join(', ')}.</span>
      {body.blockedImages > 0 ? (
        <button type="button" className="link bare" onClick={onShowImages}>
          {text('showImages')}
        </button>
      ) : null}
      {body.blockedImages > 0 && onAlways ? (
        <button type="button" className="link bare" onClick={onAlways}>
          {text('alwaysImages')}
        </button>
      ) : null}
    </div>
  );
}
