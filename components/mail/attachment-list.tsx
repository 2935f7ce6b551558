'use client';

import { Download } from 'lucide-react';
import type { Attachment, MessageReference } from '#lib/webmail/types.ts';
import { useTranslations } from 'next-intl';
import { Icon } from '../ui/icon.tsx';
import { useMailDates } from './dates.ts';
import { mailAddress } from './mail-api.ts';

/** "PDF" for Angebot.pdf; at most four letters. */
export function kindOf(name: string, type: string): string {
  const extension = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1] ?? type.split('/')[1]?.replace(/[^a-z0-9]/gi, '') ?? '';
  return extension.slice(0, 4).toUpperCase() || 'DATEI';
}

export function AttachmentList({ attachments, message }: { attachments: readonly Attachment[]; message: MessageReference }) {
  const text = useTranslations('mail.read');
  const dates = useMailDates();
  return (
    <ul className="atts">
      {attachments.map((attachment) => {
        const query = { folder: message.folder, uid: message.uid, part: attachment.part };
        return (
          <li key={attachment.part} className="att">
            <span className="kind" aria-hidden="true">
              {kindOf(attachment.name, attachment.type)}
            </span>
            <span className="grow">
              <a
                className="cut att-open"
                href={mailAddress('part', attachment.opens ? { ...query, open: 1 } : query)}
                {...(attachment.opens ? { target: '_blank', rel: 'noopener' } : { download: attachment.name })}
                aria-label={text(attachment.opens ? 'attachmentOpen' : 'attachmentDownload', { name: attachment.name })}
                title={attachment.name}
              >
                {attachment.name}
              </a>
              <span className="dim num att-size">{dates.size(attachment.sizeBytes)}</span>
            </span>
            <a
              className="ib s"
              href={mailAddress('part', query)}
              download={attachment.name}
              aria-label={text('attachmentDownload', { name: attachment.name })}
              title={text('attachmentDownload', { name: attachment.name })}
            >
              <Icon of={Download} size={17} />
            </a>
          </li>
        );
      })}
    </ul>
  );
}
