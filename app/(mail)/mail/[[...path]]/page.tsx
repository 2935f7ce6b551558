import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { getTranslations } from 'next-intl/server';
import { MailApp } from '#components/mail/mail-app.tsx';
import { parseLocation } from '#components/mail/mail-href.ts';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { KeepFocus } from '#components/shell/keep-focus.tsx';
import { ZoneCookie } from '#components/shell/zone-cookie.tsx';
import { requireMailbox } from '#lib/auth/session.ts';
import { database } from '#lib/db/prisma.ts';
import { readAppearance } from '#lib/i18n/appearance.ts';
import { absencePhase } from '#lib/provisioning/rules/absence-phase.ts';
import { readIdentities } from '#lib/webmail/writing/identities.ts';
import { listConversations } from '#lib/webmail/reading/list-conversations.ts';
import { listFolders } from '#lib/webmail/folders/list-folders.ts';
import { attachmentBytesThatFit, mailHost } from '#lib/webmail/connection/mail-host.ts';
import { readSettings } from '#lib/webmail/mailbox-settings.ts';
import { readyViewPool } from '#lib/webmail/view/view-pool.ts';
import type { MailboxIdentity } from '#lib/webmail/connection/mailbox-identity.ts';
import { signOutAction } from '../../../sign-in/actions.ts';
import '../../webmail.css';

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations('mail');
  return { title: text('title') };
}

interface Props {
  params: Promise<{ path?: string[] }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What is read ahead must not hold up the page: after this the browser asks for itself. */
const patienceMs = 1500;

export default async function MailPage({ params, searchParams }: Props) {
  const signedIn = await requireMailbox();
  readyViewPool();
  const mailbox: MailboxIdentity = { ...signedIn, mailboxId: signedIn.accountId };
  const href = hrefOfRequest((await params).path ?? [], await searchParams);
  const { folder } = parseLocation(href);
  const [{ theme, density }, identities, settings, folders, list, absence] = await Promise.all([
    readAppearance(),
    readIdentities(mailbox),
    readSettings(mailbox),
    inTime(listFolders(mailbox)),
    inTime(listConversations(mailbox, { folder, from: 0, count: 50, filter: 'all' })),
    absenceNow(signedIn.accountId),
  ]);
  const isPhone = /Mobi/.test((await headers()).get('user-agent') ?? '');
  return (
    <ClientMessages namespaces={['common', 'mail']}>
      <ZoneCookie chosen={settings.timeZone} />
      <KeepFocus />
      <MailApp
        account={{
          name: signedIn.name || signedIn.address,
          address: signedIn.address,
          theme,
          panelHref: signedIn.mayUsePanel ? '/panel' : '/account',
          signOut: signOutAction,
        }}
        href={href}
        identities={identities}
        absence={absence}
        settings={settings}
        folders={folders}
        list={list}
        firstRowHeight={density === 'dense' ? 36 : density === 'normal' ? 60 : isPhone ? 92 : 82}
        attachmentLimitBytes={attachmentBytesThatFit(mailHost().messageBytes)}
      />
    </ClientMessages>
  );
}

/** The absence note, while it answers. */
async function absenceNow(mailboxId: number): Promise<{ until: number | null } | null> {
  const absence = await database().absence.findUnique({ where: { mailboxId } });
  return absencePhase(absence) === 'on' ? { until: absence?.endsAt?.getTime() ?? null } : null;
}

function hrefOfRequest(path: readonly string[], query: Record<string, string | string[] | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []));
  const search = new URLSearchParams(given).toString();
  return `/mail${path.length > 0 ? `/${path.join('/')}` : ''}${search ? `?${search}` : ''}`;
}

/** Null when it fails or takes too long: the page then asks itself, and says what is wrong. */
function inTime<T>(reading: Promise<T>): Promise<T | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs));
  return Promise.race([reading.catch(() => null), late]);
}
