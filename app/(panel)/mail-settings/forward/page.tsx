import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ForwardSettings } from '#components/mail/settings/forward-settings.tsx';
import { requireMailboxScope } from '#lib/auth/session.ts';
import {
  addForwardAction,
  confirmOwnForwardAction,
  keepForwardedAction,
  removeOwnForwardAction,
  resumeOwnForwardAction,
} from '../rule-actions.ts';
import { readForwards } from '../../read-forwards.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('rules.forward'))('title') };
}

/** Where letters go besides this mailbox. */
export default async function ForwardPage() {
  const { scope } = await requireMailboxScope();
  const text = await getTranslations('rules.forward');
  const { forwards, forwardsOutside } = await readForwards(scope, scope.mailboxId);
  const going = forwards.filter(({ state }) => state === 'on').length;
  return (
    <>
      <h1 className="say-s">{text('sentence', { count: going })}</h1>
      <p className="lede">{text('lede')}</p>
      <div className="sheet block-sheet narrow-sheet">
        <ForwardSettings
          forwards={forwards}
          forwardsOutside={forwardsOutside}
          add={addForwardAction}
          confirm={confirmOwnForwardAction}
          keep={keepForwardedAction}
          remove={removeOwnForwardAction}
          resume={resumeOwnForwardAction}
        />
      </div>
    </>
  );
}
