import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { WithheldList } from '#components/admin/withheld-list.tsx';
import { requireMailboxScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { listWithheld } from '#lib/provisioning/withheld/withheld-letters.ts';
import { withheldView } from '../../withheld-views.ts';
import { discardModeratedAction, releaseModeratedAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('moderation.title') };
}

/** Letters to the groups that a mailbox moderates. */
export default async function Moderation() {
  const { scope } = await requireMailboxScope();
  const text = await getTranslations('panel.moderation');
  const letters = await listWithheld(database(), scope);
  return (
    <>
      <h1 className="say-s">{text('sentence', { count: letters.length })}</h1>
      <p className="lede">{text('lede')}</p>
      {letters.length === 0 ? null : (
        <section className="sheet block-sheet" aria-label={text('title')}>
          <WithheldList
            label={text('title')}
            letters={letters.map(withheldView)}
            release={releaseModeratedAction}
            discard={discardModeratedAction}
          />
        </section>
      )}
    </>
  );
}
