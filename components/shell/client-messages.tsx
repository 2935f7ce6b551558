import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';
import type { Messages, Namespace } from '#lib/i18n/messages.ts';

/** Gives client components below it the texts of these files, and no others: help and panel do not travel to the webmail. */
export async function ClientMessages({ namespaces, children }: { namespaces: readonly Namespace[]; children: ReactNode }) {
  const all: Messages = await getMessages();
  const chosen = Object.fromEntries(namespaces.map((name) => [name, all[name]])) as Messages;
  return <NextIntlClientProvider messages={chosen}>{children}</NextIntlClientProvider>;
}
