import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { QuarantineForm } from '#components/admin/quarantine-form.tsx';
import { WithheldList } from '#components/admin/withheld-list.tsx';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { listWithheld, readQuarantineSettings } from '#lib/provisioning/withheld/withheld-letters.ts';
import { withheldView } from '../../withheld-views.ts';
import { discardWithheldAction, releaseWithheldAction, saveQuarantineAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('quarantine.title') };
}

/** What waits for the customer's people: letters in quarantine, and those to its moderated groups. */
export default async function Quarantine() {
  const { scope } = await requireCustomerScope();
  const text = await getTranslations('panel.quarantine');
  const [letters, settings] = await Promise.all([listWithheld(database(), scope), readQuarantineSettings(database(), scope)]);
  const parts = [
    { id: 'quarantined', letters: letters.filter(({ group }) => group === null) },
    { id: 'moderated', letters: letters.filter(({ group }) => group !== null) },
  ] as const;
  return (
    <>
      <h1 className="say-s">{text('sentence', { count: letters.length })}</h1>
      <p className="lede">{text('lede')}</p>
      {parts.map(({ id, letters: some }) =>
        some.length === 0 ? null : (
          <section key={id} className="sheet block-sheet" aria-labelledby={id}>
            <h2 className="h" id={id}>
              {text(`parts.${id}`)}
            </h2>
            <WithheldList
              label={text(`parts.${id}`)}
              letters={some.map(withheldView)}
              release={releaseWithheldAction}
              discard={discardWithheldAction}
            />
          </section>
        ),
      )}
      <section className="sheet block-sheet" aria-labelledby="settings">
        <h2 className="h" id="settings">
          {text('settings')}
        </h2>
        <p className="mid">{text('settingsText')}</p>
        <div className="mt-4">
          <QuarantineForm {...settings} action={saveQuarantineAction} />
        </div>
      </section>
    </>
  );
}
