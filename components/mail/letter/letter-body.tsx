'use client';

import { ListTree } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ComponentType, useCallback, useState } from 'react';
import type { OwnHouse } from '#lib/webmail/html/misleading-link.ts';
import { asRanges } from '#lib/webmail/files/part-ranges.ts';
import type { Attachment, InvitationState, MessageBody, MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';
import { AttachmentList, type InnerProps } from './attachment-list.tsx';
import { CalendarCard } from './calendar-card.tsx';
import { useMailDates } from '../dates.ts';
import { ImageStrip } from './image-strip.tsx';
import type { Scheme } from '../frame/letter-scheme.ts';
import { LetterNotes } from './letter-notes.tsx';
import { mailAddress } from '../mail-api.ts';
import { useMail } from '../mail-context.ts';
import { MailFrame } from '../frame/mail-frame.tsx';
import { mailtoRequest } from './mailto-request.ts';
import { useIsPhone } from '../use-is-phone.ts';
import { PlainText } from './plain-text.tsx';

interface Props {
  body: MessageBody;
  attachments: readonly Attachment[];
  /** of a letter's own invitation */
  invitation?: InvitationState | null;
  /** a link of the letter leads elsewhere than its text says */
  onMisleading?: (host: string | null) => void;
  /** whoever wrote it, where his domain vouches for it */
  house?: OwnHouse | null;
  /** loads pictures of this sender from now on; missing: cannot be promised of him */
  onAlwaysImages?: () => void;
  reference: MessageReference;
  Inner: ComponentType<InnerProps>;
  /** name of who wrote it, for the frame */
  name: string;
  scheme: Scheme;
  /** the page around it is dark, the letter is not */
  onSheet: boolean;
  onShowImages: () => void;
  onShowWhole: () => void;
  onKey: (event: KeyboardEvent) => void;
}

/** What a letter says and what hangs on it: the same for a letter and for one inside it. */
export function LetterBody(props: Props) {
  const { body, attachments, invitation = null, reference, Inner, name, scheme, onSheet, onShowImages, onShowWhole, onKey } = props;
  const text = useTranslations('mail.read');
  const { actions } = useMail();
  const dates = useMailDates();
  const Heading = useIsPhone() ? 'h2' : 'h3';
  const [showQuote, setShowQuote] = useState(false);
  const onWrite = useCallback((mailto: string) => actions.compose(mailtoRequest(mailto)), [actions]);
  const folded = body.foldable && !showQuote;
  const saysSomething =
    body.notes.some((note) => note !== 'pgp-signature' && note !== 'smime-signature') || body.calendar || body.outcomes.length > 0;
  return (
    <>
      <LetterNotes notes={body.notes} outcomes={body.outcomes} reference={reference} />
      {body.calendar ? <CalendarCard invitation={body.calendar} state={invitation} reference={reference} onWrite={onWrite} /> : null}
      <ImageStrip body={body} onShowImages={onShowImages} onAlways={props.onAlwaysImages} />
      <div className="mail-body">
        {body.html ? (
          <MailFrame
            html={body.html}
            title={text('frame', { name })}
            folded={folded}
            scheme={scheme}
            onSheet={onSheet}
            onKey={onKey}
            onWrite={onWrite}
            onMisleading={props.onMisleading}
            house={props.house}
          />
        ) : body.blocks.length > 0 ? (
          <div className="plain">
            <PlainText blocks={body.blocks} folded={folded} onWrite={onWrite} />
          </div>
        ) : saysSomething || attachments.length > 0 ? null : (
          <p className="dim">{text('empty')}</p>
        )}
        {body.cut ? (
          <p className="dim">
            {text('cut')}{' '}
            <button type="button" className="link bare" onClick={onShowWhole}>
              {text('showWhole')}
            </button>{' '}
            <a className="link" href={mailAddress('part', { ...reference })} download>
              {text('whole')}
            </a>
          </p>
        ) : null}
        {body.foldable ? (
          <button type="button" className="btn quiet s" aria-expanded={showQuote} onClick={() => setShowQuote(!showQuote)}>
            <Icon of={ListTree} size={16} />
            {text(showQuote ? 'hideQuote' : 'showQuote')}
          </button>
        ) : null}
      </div>
      {attachments.length > 0 ? (
        <>
          <div className="below-text">
            <Heading>
              {text('attachments', {
                count: attachments.length,
                size: dates.size(attachments.reduce((sum, attachment) => sum + attachment.sizeBytes, 0)),
              })}
            </Heading>
            {attachments.length > 1 ? (
              <a
                className="link bare"
                href={mailAddress('zip', { ...reference, parts: asRanges(attachments.map(({ part }) => part)) })}
                download
              >
                {text('allAsZip')}
              </a>
            ) : null}
          </div>
          <AttachmentList attachments={attachments} message={reference} Inner={Inner} onKey={onKey} />
        </>
      ) : null}
    </>
  );
}
