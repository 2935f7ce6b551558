import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { BrandMark } from '#components/ui/brand.tsx';
import { Button } from '#components/ui/button.tsx';
import { displayAddress } from '#lib/addresses/email-address.ts';
import { installation } from '#lib/config/installation.ts';
import { database } from '#lib/db/prisma.ts';
import { groupToLeave } from '#lib/provisioning/addresses/leave-group.ts';
import { readUnsubscribeToken } from '#lib/targets/unsubscribe-token.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('common'))('unsubscribe.title'), robots: { index: false } };
}

type Search = { searchParams: Promise<{ of?: string | string[]; done?: string | string[] }> };

/** Where the link out of a group leads: one question, one button. */
export default async function Unsubscribe({ searchParams }: Search) {
  const text = await getTranslations('common.unsubscribe');
  const { of, done } = await searchParams;
  const token = typeof of === 'string' ? of : '';
  const leaving = readUnsubscribeToken(installation().secret, token);
  const group = leaving && (await groupToLeave(database(), leaving));
  return (
    <main className="alone">
      <BrandMark size={36} />
      {leaving && group ? (
        <>
          <h1 className="say">{text('ask', { group: displayAddress(group) })}</h1>
          <p className="lede">{text('askText', { member: displayAddress(leaving.member), group: displayAddress(group) })}</p>
          <form method="post" action={`/unsubscribe/${encodeURIComponent(token)}`}>
            <Button type="submit" kind="primary">
              {text('leave')}
            </Button>
          </form>
        </>
      ) : (
        <>
          <h1 className="say">{text(done !== undefined || leaving ? 'done' : 'unknown')}</h1>
          <p className="lede">{text(done !== undefined || leaving ? 'doneText' : 'unknownText')}</p>
        </>
      )}
    </main>
  );
}
