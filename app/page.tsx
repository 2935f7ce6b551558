import { redirect } from 'next/navigation';
import { currentSession, firstPage } from '#lib/auth/session.ts';

/** Everybody begins where they belong. */
export default async function Start(): Promise<never> {
  const session = await currentSession();
  redirect(session ? firstPage(session) : '/sign-in');
}
