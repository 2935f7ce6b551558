'use client';

import { TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import useSWR from 'swr';
import type { Caution } from '#lib/webmail/cautions.ts';
import type { MailMessage } from '#lib/webmail/types.ts';
import { Icon } from '../ui/icon.tsx';
import { type MailRequestError, sendMail } from './mail-api.ts';

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
  const sentences = [
    ...(data?.cautions ?? []).map((caution) =>
      caution.kind === 'same-name'
        ? text('sameName', { name: caution.name, known: caution.known, address })
        : caution.kind === 'alike'
          ? text('alike', { domain: caution.domain, known: caution.known })
          : text('nameIsAddress', { name: caution.name, address }),
    ),
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
