'use client';

import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import useSWR from 'swr';
import type { Caution } from '#lib/webmail/trust/cautions.ts';
import type { MailMessage } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';
import { type MailRequestError, sendMail } from '../mail-api.ts';

/** One sentence for each thing that should make its reader look twice. Stands below the line of trust; more may be added to the list. */
export function LetterCautions({ message, misleading }: { message: MailMessage; misleading: string | null }) {
  const text = useTranslations('mail.read.cautions');
  const sender = message.from[0];
  const asks = !message.own && !message.draft && message.trust.verdict !== 'house' && sender !== undefined;
  const { data } = useSWR<{ cautions: Caution[] }, MailRequestError>(
    asks ? ['cautions', sender.name, sender.address] : null,
    () =>
      sendMail<{ cautions: Caution[] }>('cautions', {
        name: sender?.name.slice(0, 500) ?? '',
        address: sender?.address.slice(0, 500) ?? '',
      }),
    { revalidateOnFocus: false, revalidateIfStale: false, shouldRetryOnError: false },
  );
  const address = sender?.address ?? '';
  const sentence = (caution: Caution): string => {
    switch (caution.kind) {
      case 'same-name':
        return text('sameName', { name: caution.name, known: caution.known, address });
      case 'alike':
        return text('alike', { domain: caution.domain, known: caution.known });
      case 'name-is-address':
        return text('nameIsAddress', { name: caution.name, address });
      case 'mixed-letters':
        return text('mixedLetters', { name: caution.name });
      case 'own-domain':
        return text('ownDomain', { domain: caution.domain });
    }
  };
  // a service outside may write for the own domain, if the domain vouches for it
  const told = (data?.cautions ?? []).filter(({ kind }) => kind !== 'own-domain' || message.trust.verdict !== 'verified');
  const sentences = [
    ...(message.trust.borrowsName && !message.own ? [text('borrowedName', { name: sender?.name ?? '', address })] : []),
    ...told.map(sentence),
    ...(misleading !== null && !message.own ? [text('link', { host: misleading })] : []),
  ];
  return sentences.map((sentence) => (
    <p key={sentence} className="trust caution">
      <span className="unsure">
        <Icon of={TriangleAlert} size={17} />
        <span>{sentence}</span>
      </span>
    </p>
  ));
}
