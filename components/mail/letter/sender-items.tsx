'use client';

import { Ban, ListFilter } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { MailMessage } from '#lib/webmail/reading/mail-message.ts';
import { Icon } from '../../ui/icon.tsx';
import { MenuItem } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useFailureWords } from '../failure-note.tsx';
import { sendMail } from '../mail-api.ts';

/** In a letter's menu: what shall become of further letters of its sender, or like it. */
export function SenderItems({ message }: { message: MailMessage }) {
  const text = useTranslations('mail.rules');
  const words = useFailureWords();
  const router = useRouter();
  const sender = message.from[0]?.address ?? '';
  const judge = async (verdict: 'blocked' | null) => {
    try {
      await sendMail('senders', { sender, verdict });
      if (verdict !== null) showToast({ text: text('blocked', { sender }), undo: () => void judge(null), seconds: 8 });
    } catch (error) {
      showToast({ text: words(error), seconds: 15 });
    }
  };
  const like = new URLSearchParams({ from: sender, subject: message.subject, folder: message.folder });
  return (
    <>
      <MenuItem icon={<Icon of={ListFilter} size={17} />} onSelect={() => router.push(`/mail-settings/filters?${like}`)}>
        {text('filter')}
      </MenuItem>
      <MenuItem icon={<Icon of={Ban} size={17} />} onSelect={() => void judge('blocked')}>
        {text('block')}
      </MenuItem>
    </>
  );
}
