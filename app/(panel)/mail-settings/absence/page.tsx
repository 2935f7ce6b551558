import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AbsenceForm } from '#components/mail/settings/absence-form.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { absencePhase } from '#lib/provisioning/rules/absence-phase.ts';
import { nameOfActor } from '#lib/provisioning/name-of-actor.ts';
import { readDeliverySettings } from '#lib/provisioning/rules/read-delivery-settings.ts';
import { readSettings } from '#lib/webmail/mailbox-settings.ts';
import { saveAbsenceAction } from '../rule-actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('rules.absence'))('title') };
}

/** An answer while somebody is away. */
export default async function AbsencePage() {
  const { scope, mailbox } = await requireMailboxScope();
  const text = await getTranslations('rules');
  const [given, settings] = await Promise.all([
    readDeliverySettings(database(), scope, scope.mailboxId),
    readSettings({ mailboxId: mailbox.accountId }),
  ]);
  const absence = given?.absence ?? null;
  const setBy = absence && (await nameOfActor(database(), scope, absence.setBy, text('somebodyGone')));
  return (
    <>
      <h1 className="say-s">{text(`absence.phase.${absencePhase(absence)}`)}</h1>
      <p className="lede">{text('absence.lede')}</p>
      <AbsenceForm
        absence={absence && { ...absence, startsAt: absence.startsAt?.getTime() ?? null, endsAt: absence.endsAt?.getTime() ?? null }}
        changedAt={absence?.updatedAt.getTime() ?? 0}
        setBy={setBy}
        zone={settings.timeZone}
        from={mailbox.name ? `${mailbox.name} <${displayAddress(mailbox.address)}>` : displayAddress(mailbox.address)}
        action={saveAbsenceAction}
      />
    </>
  );
}
