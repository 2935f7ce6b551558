import { NextIntlClientProvider } from 'next-intl';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { StorageBar } from '#components/mail/storage-bar.tsx';
import messages from '#lib/i18n/messages/de/mail.json' with { type: 'json' };

test('the webmail says in words that a mailbox is nearly full, and that it is full', () => {
  const shown = (usedBytes: number): string =>
    renderToStaticMarkup(
      createElement(NextIntlClientProvider, {
        locale: 'de-AT',
        messages: { mail: messages },
        timeZone: 'Europe/Vienna',
        // biome-ignore lint/correctness/noChildrenProp: the types of next-intl demand it here
        children: createElement(StorageBar, { storage: { usedBytes: usedBytes * 1_048_576, limitBytes: 104_857_600 } }),
      }),
    );
  expect(shown(94)).toBe('');
  expect(shown(95)).toContain('fast voll: 95,0 von 100');
  expect(shown(100)).toContain('ist voll und weist ab, was nicht mehr hineinpasst');
});
