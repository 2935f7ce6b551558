import { getTranslations } from 'next-intl/server';
import { ButtonLink } from '../ui/button.tsx';

/** What stands where addresses would, as long as the customer has no domain. */
export async function NoDomain() {
  const text = await getTranslations('panel');
  return (
    <>
      <h1 className="say">{text('mailboxes.noDomain')}</h1>
      <p className="lede">{text('mailboxes.noDomainText')}</p>
      <p className="mt-7">
        <ButtonLink kind="primary" href="/panel/domains/new">
          {text('domains.add')}
        </ButtonLink>
      </p>
    </>
  );
}
