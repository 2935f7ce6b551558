'use client';

import { FileCode, Lock, MailX, ShieldQuestion } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { DeliveryOutcome } from '#lib/webmail/view/delivery-outcome.ts';
import type { LetterNote } from '#lib/webmail/view/letter-note.ts';
import type { MessageReference } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';
import { mailAddress } from '../mail-api.ts';

interface Props {
  notes: readonly LetterNote[];
  outcomes: readonly DeliveryOutcome[];
  reference: MessageReference;
}

/** One sentence for each thing that a letter is besides its text: encrypted, signed, a delivery report. */
export function LetterNotes({ notes, outcomes, reference }: Props) {
  const text = useTranslations('mail.read');
  return (
    <>
      {outcomes.map((outcome, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: recipients of an immutable report
        <p key={at} className="letter-note">
          <Icon of={MailX} size={17} />
          <span>
            <b>{text(`outcomes.${outcome.kind}`, { recipient: outcome.recipient })}</b>
            {outcome.reason || outcome.status ? <span className="dim"> {outcome.reason || outcome.status}</span> : null}
          </span>
        </p>
      ))}
      {notes.map((note) => (
        <p key={note} className="letter-note">
          <Icon of={note.endsWith('encrypted') ? Lock : note === 'plain-only' ? FileCode : ShieldQuestion} size={17} />
          <span>
            {text(`notes.${note}`)}{' '}
            {note === 'plain-only' ? (
              <a className="link" href={mailAddress('part', { ...reference, open: 1 })} target="_blank" rel="noopener">
                {text('source')}
              </a>
            ) : null}
          </span>
        </p>
      ))}
    </>
  );
}
