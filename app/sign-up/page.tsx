import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Door } from '#components/door/door.tsx';
import { SignUpForm } from '#components/door/sign-up-form.tsx';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { minimumPasswordLength } from '#lib/auth/check-new-password.ts';
import { currentSession, firstPage } from '#lib/auth/session.ts';
import { installation } from '#lib/config/installation.ts';
import { signUpAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth'))('signUp.title') };
}

export default async function SignUp() {
  const session = await currentSession();
  if (session) redirect(firstPage(session));
  const text = await getTranslations('auth');
  if (!installation().signUpOpen) {
    return (
      <Door greeting={text('signUp.closedGreeting')} lede={text('signUp.closedLede')}>
        <p className="text-center">
          <Link className="link" href="/sign-in">
            {text('signUp.toSignIn')}
          </Link>
        </p>
      </Door>
    );
  }
  return (
    <Door greeting={text('signUp.greeting')} lede={text('signUp.lede')}>
      <ClientMessages namespaces={['common', 'auth']}>
        <SignUpForm action={signUpAction} minimumLength={minimumPasswordLength} />
      </ClientMessages>
    </Door>
  );
}
