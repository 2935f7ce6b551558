import type { Metadata, Viewport } from 'next';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { ClientMessages } from '#components/shell/client-messages.tsx';
import { FollowChoices } from '#components/shell/other-windows.tsx';
import { ToastRegion } from '#components/ui/toast.tsx';
import { readAppearance } from '#lib/i18n/appearance.ts';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations('common');
  return { title: { default: text('brand'), template: `%s · ${text('brand')}` }, robots: { index: false, follow: false } };
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { theme, density } = await readAppearance();
  return (
    <html lang={await getLocale()} data-theme={theme === 'system' ? undefined : theme} data-density={density}>
      <body>
        <ClientMessages namespaces={['common']}>
          {children}
          <FollowChoices />
          <ToastRegion />
        </ClientMessages>
      </body>
    </html>
  );
}
