'use client';

import { FileCheck2, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LetterSignature } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';
import { useMailDates } from '../dates.ts';

/** What the S/MIME signature of a letter proves, and what it does not. */
export function SignatureLine({ signature, address }: { signature: LetterSignature; address: string }) {
  const text = useTranslations('mail.read.signature');
  const dates = useMailDates();
  const { state, name, addresses, issuer, invalidSince, ofAuthor, ofPart } = signature;
  const good = state === 'unchanged' && ofAuthor && !ofPart && invalidSince === '';
  const who = name || addresses[0] || text('nobody');
  const sentences =
    state === 'unchanged'
      ? [
          text('unchanged', { who, issuer: issuer || text('nobody') }),
          ...(ofPart ? [text('ofPart')] : []),
          ...(ofAuthor ? [] : [text('otherAddress', { of: addresses.join(', ') || who, address })]),
          ...(invalidSince ? [text('invalid', { day: dates.full(invalidSince) })] : []),
        ]
      : [text(state, { who })];
  return (
    <p className="trust caution">
      <span className={good ? '' : 'unsure'}>
        <Icon of={good ? FileCheck2 : TriangleAlert} size={17} />
        <span>{sentences.join(' ')}</span>
      </span>
    </p>
  );
}
