'use client';

import { Download } from 'lucide-react';
import type { Attachment, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { useTranslations } from 'next-intl';
import { type ComponentType, useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { kindOf, thumbnailOf, viewerKindOf } from './attachment-kinds.ts';
import { FileName } from './file-name.tsx';
import { AttachmentViewer } from './attachment-viewer.tsx';
import { useMailDates } from '../dates.ts';
import { mailAddress } from '../mail-api.ts';
import { PdfThumbnail } from './pdf-thumbnail.tsx';

export interface InnerProps {
  message: MessageReference;
  part: string;
  onKey: (event: KeyboardEvent) => void;
}

interface Props {
  attachments: readonly Attachment[];
  message: MessageReference;
  /** shows a letter that is attached */
  Inner: ComponentType<InnerProps>;
  onKey: (event: KeyboardEvent) => void;
}

export function AttachmentList({ attachments, message, Inner, onKey }: Props) {
  const [opened, setOpened] = useState<string | null>(null);
  const [viewed, setViewed] = useState<number | null>(null);
  const files = attachments.filter((attachment) => viewerKindOf(attachment) !== null);
  const toggle = (part: string) => setOpened(opened === part ? null : part);
  return (
    <>
      <ul className="atts">
        {attachments.map((attachment) => (
          <AttachmentCard
            key={attachment.part}
            attachment={attachment}
            message={message}
            expanded={opened === attachment.part}
            onToggle={() => toggle(attachment.part)}
            onView={viewerKindOf(attachment) === null ? null : () => setViewed(files.indexOf(attachment))}
          />
        ))}
      </ul>
      {viewed === null ? null : (
        <AttachmentViewer files={files} message={message} at={viewed} onStep={setViewed} onClose={() => setViewed(null)} />
      )}
      {opened === null ? null : <Inner key={opened} message={message} part={opened} onKey={onKey} />}
    </>
  );
}

interface CardProps {
  attachment: Attachment;
  message: MessageReference;
  expanded: boolean;
  onToggle: () => void;
  /** opens it over the page; null: it can only be downloaded */
  onView: (() => void) | null;
}

function AttachmentCard({ attachment, message, expanded, onToggle, onView }: CardProps) {
  const [thumbnail, setThumbnail] = useState(thumbnailOf(attachment));
  const text = useTranslations('mail.read');
  const dates = useMailDates();
  const query = { folder: message.folder, uid: message.uid, part: attachment.part };
  const name = <FileName name={attachment.name} />;
  const kind = (
    <span className="kind" aria-hidden="true">
      {kindOf(attachment.name, attachment.type)}
    </span>
  );
  return (
    <li className="att">
      {thumbnail === 'pdf' ? (
        <PdfThumbnail address={mailAddress('part', { ...query, open: 1 })}>{kind}</PdfThumbnail>
      ) : thumbnail === 'picture' ? (
        // biome-ignore lint/performance/noImgElement: a part of a letter comes from our own route, behind the sign-in
        <img
          className="kind thumbnail"
          src={mailAddress('part', { ...query, open: 1 })}
          alt=""
          loading="lazy"
          onError={() => setThumbnail(null)}
        />
      ) : (
        kind
      )}
      <span className="grow">
        {attachment.letter ? (
          <button
            type="button"
            className="cut att-open"
            aria-expanded={expanded}
            aria-label={text('attachmentOpen', { name: attachment.name })}
            title={attachment.name}
            onClick={onToggle}
          >
            {name}
          </button>
        ) : (
          <a
            className="cut att-open"
            href={mailAddress('part', attachment.opens ? { ...query, open: 1 } : query)}
            {...(attachment.opens ? { target: '_blank', rel: 'noopener' } : { download: attachment.name })}
            onClick={(event) => {
              // with a key held it opens as any link does
              if (!onView || event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              onView();
            }}
            aria-label={text(attachment.opens ? 'attachmentOpen' : 'attachmentDownload', { name: attachment.name })}
            title={attachment.name}
          >
            {name}
          </a>
        )}
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
}
