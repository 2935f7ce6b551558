import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { SenderSettings } from '#components/mail/settings/sender-settings.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { readDeliverySettings } from '#lib/provisioning/rules/read-delivery-settings.ts';
import { addSenderAction, removeSenderAction } from '../rule-actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('rules.senders'))('title') };
}

/** Whom the mailbox never wants to hear, and whom always. */
export default async function SendersPage() {
  const { scope } = await requireMailboxScope();
  const text = await getTranslations('rules.senders');
  const given = await readDeliverySettings(database(), scope, scope.mailboxId);
  if (!given) notFound();
  return (
    <>
      <h1 className="say-s">{text('sentence')}</h1>
      <p className="lede">{text('lede')}</p>
      {(['blocked', 'allowed'] as const).map((verdict) => (
        <section key={verdict} className="sheet block-sheet narrow-sheet" aria-labelledby={verdict}>
          <h2 className="h" id={verdict}>
            {text(`${verdict}.title`)}
          </h2>
          <p className="mid">{text(`${verdict}.text`)}</p>
          <SenderSettings
            verdict={verdict}
            senders={given.senders
              .filter((one) => one.verdict === verdict)
              .map(({ sender }) => ({ sender, display: sender.startsWith('@') ? sender : displayAddress(sender) }))}
            add={addSenderAction}
            remove={removeSenderAction}
          />
        </section>
      ))}
    </>
  );
}
