import type { Metadata } from 'next';
import Link from 'next/link';
import { getFormatter, getTranslations } from 'next-intl/server';
import { buttonClass } from '#components/ui/button.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { requireCustomerScope } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { listAudit } from '#lib/provisioning/list-audit.ts';
import { parseId } from '#lib/provisioning/parse-id.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('panel'))('audit.title') };
}

// next-intl keys hold no dots
const keyOf = (action: string) => action.replace('.', '-') as 'mailbox-created';

export default async function Audit({ searchParams }: { searchParams: Promise<{ before?: string | string[] }> }) {
  const { scope } = await requireCustomerScope();
  const text = await getTranslations('panel.audit');
  const roles = await getTranslations('panel.role');
  const roleName = (role: unknown) => roles(role === 'owner' || role === 'administrator' ? role : 'none');
  const format = await getFormatter();
  const lines = await listAudit(database(), scope, parseId((await searchParams).before));
  const last = lines.at(-1);
  return (
    <>
      <h1 className="say-s">{lines.length === 0 ? text('none') : text('sentence')}</h1>
      {lines.length === 0 ? null : (
        <div className="sheet tablebox mt-6">
          <table className="cards">
            <caption className="vh">{text('title')}</caption>
            <thead>
              <tr>
                <th scope="col" style={{ width: '13rem' }}>
                  {text('at')}
                </th>
                <th scope="col">{text('what')}</th>
                <th scope="col">{text('who')}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ id, at, action, subject, details, actor, remote }) => (
                <tr key={id}>
                  <td>
                    <time className="mono mid" dateTime={at.toISOString()}>
                      {format.dateTime(at, { dateStyle: 'medium', timeStyle: 'medium' })}
                    </time>
                  </td>
                  <td>
                    {text(`actions.${keyOf(action)}`, { subject: displayAddress(subject), role: roleName(details['role']) })}
                    {typeof details['label'] === 'string' ? <span className="mid"> ({details['label']})</span> : null}
                  </td>
                  <td>
                    <span className="mono">{actor ?? text('system')}</span>
                    {remote ? <span className="hint mono block">{remote}</span> : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {lines.length === 100 && last ? (
        <p className="mt-4">
          <Link className={buttonClass()} href={`/panel/audit?before=${last.id}`}>
            {text('older')}
          </Link>
        </p>
      ) : null}
    </>
  );
}
