import { redirect } from 'next/navigation';
import { requirePerson } from '#lib/auth/session.ts';

export default async function Panel(): Promise<never> {
  const person = await requirePerson();
  redirect(person.customerId === null ? '/panel/customers' : '/panel/domains');
}
