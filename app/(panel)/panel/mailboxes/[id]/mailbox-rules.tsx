import { getTranslations } from 'next-intl/server';
import { AbsenceForm } from '#components/mail/settings/absence-form.tsx';
import { ForwardSettings } from '#components/mail/settings/forward-settings.tsx';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import type { CustomerScope } from '#lib/auth/customer-scope.ts';
import { database } from '#lib/db/prisma.ts';
import { nameOfActor } from '#lib/provisioning/name-of-actor.ts';
import { readDeliverySettings } from '#lib/provisioning/rules/read-delivery-settings.ts';
import { readForwards } from '../../../read-forwards.ts';
import {
  addMailboxForwardAction,
  confirmMailboxForwardAction,
  keepMailboxForwardedAction,
  removeMailboxForwardAction,
  resumeMailboxForwardAction,
  saveMailboxAbsenceAction,
} from './rule-actions.ts';

interface Props {
  scope: CustomerScope;
  mailbox: { id: number; name: string; address: string };
}

/** Absence and forwards of somebody else's mailbox: folded, as they are not looked at often. */
export async function MailboxRules({ scope, mailbox: { id, name, address } }: Props) {
  const text = await getTranslations('rules');
  const [given, { forwards, forwardsOutside }] = await Promise.all([readDeliverySettings(database(), scope, id), readForwards(scope, id)]);
  const absence = given?.absence ?? null;
  const whose = { customerId: scope.customerId, mailboxId: id };
  const setBy = absence && (await nameOfActor(database(), whose, absence.setBy, text('somebodyGone')));
  const at = (date: Date | null) => date?.getTime() ?? null;
  return (
    <ClientMessages namespaces={['common', 'panel', 'rules']}>
      <details className="sheet block-sheet" open={absence?.enabled ?? false}>
        <summary className="h">{text('absence.title')}</summary>
        <p className="mid">{text('panel.absence')}</p>
        <AbsenceForm
          absence={absence && { ...absence, startsAt: at(absence.startsAt), endsAt: at(absence.endsAt) }}
          changedAt={absence?.updatedAt.getTime() ?? 0}
          setBy={null}
          setByWords={setBy === null ? null : text('forward.setBy', { name: setBy })}
          zone=""
          from={name ? `${name} <${displayAddress(address)}>` : displayAddress(address)}
          action={saveMailboxAbsenceAction.bind(null, id)}
        />
      </details>
      <details className="sheet block-sheet" open={forwards.length > 0}>
        <summary className="h">{text('forward.title')}</summary>
        <p className="mid mb-4">{text('panel.forward')}</p>
        <ForwardSettings
          forwards={forwards}
          forwardsOutside={forwardsOutside}
          add={addMailboxForwardAction.bind(null, id)}
          confirm={confirmMailboxForwardAction.bind(null, id)}
          keep={keepMailboxForwardedAction.bind(null, id)}
          remove={removeMailboxForwardAction.bind(null, id)}
          resume={resumeMailboxForwardAction.bind(null, id)}
        />
      </details>
    </ClientMessages>
  );
}
