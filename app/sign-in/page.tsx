import { ShieldCheck } from 'lucide-react';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Door } from '#components/door/door.tsx';
import { SignInForm } from '#components/door/sign-in-form.tsx';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { ownPath } from '#lib/auth/own-path.ts';
import { currentSession, firstPage } from '#lib/auth/session.ts';
import { installation } from '#lib/config/installation.ts';
import { signInAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth'))('title') };
}

export default async function SignIn({ searchParams }: { searchParams: Promise<{ next?: string | string[]; done?: string | string[] }> }) {
  const { next, done } = await searchParams;
  const session = await currentSession();
  // signed in meanwhile in another window: what was asked for here is still wanted
  if (session) redirect(next === undefined ? firstPage(session) : ownPath(next));
  const text = await getTranslations('auth');
  const note = (
    <p>
      <Icon of={ShieldCheck} size={17} />
      <span>
        {text('warning')} <span className="mono whitespace-nowrap">{new URL(installation().webUrl).host}</span>
      </span>
    </p>
  );
  return (
    <Door greeting={text('greeting')} lede={text(done === 'account' || done === 'password' ? `done.${done}` : 'lede')} note={note}>
      <ClientMessages namespaces={['common', 'auth']}>
        <SignInForm action={signInAction} signUp={installation().signUpOpen} next={typeof next === 'string' ? next : '/'} />
      </ClientMessages>
    </Door>
  );
}
