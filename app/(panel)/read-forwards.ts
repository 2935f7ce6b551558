import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import type { ShownForward } from '#components/mail/settings/forward-settings.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { database } from '#lib/db/prisma.ts';
import { nameOfActor } from '#lib/provisioning/name-of-actor.ts';
import type { EitherScope } from '#lib/provisioning/mailboxes/own-mailbox.ts';
import { readDeliverySettings } from '#lib/provisioning/rules/read-delivery-settings.ts';

/** The forwards of a mailbox as its page shows them. */
export async function readForwards(scope: EitherScope, mailboxId: number): Promise<{ forwards: ShownForward[]; forwardsOutside: boolean }> {
  const text = await getTranslations('rules');
  const given = await readDeliverySettings(database(), scope, mailboxId);
  if (!given) notFound();
  const whose = { customerId: scope.customerId, mailboxId };
  const forwards = await Promise.all(
    given.forwards.map(
      async ({ id, target, keep, confirmedAt, pausedAt, pauseReason, forbidden, setBy }): Promise<ShownForward> => ({
        id,
        target,
        display: displayAddress(target),
        keep,
        state: forbidden ? 'forbidden' : confirmedAt === null ? 'asked' : pausedAt === null ? 'on' : 'paused',
        pauseReason: pauseReason ?? '',
        setBy: await nameOfActor(database(), whose, setBy, text('somebodyGone')),
      }),
    ),
  );
  return { forwards, forwardsOutside: given.forwardsOutside };
}
