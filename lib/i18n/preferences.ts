'use server';

import { cookies } from 'next/headers';
import { z } from 'zod';

const preferences = {
  locale: z.enum(['de', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'normal', 'dense']),
};

/** Keeps one preference of this browser for a year. Unknown names and values change nothing. */
export async function setPreference(name: keyof typeof preferences, value: string): Promise<void> {
  const parsed = Object.hasOwn(preferences, name) ? preferences[name].safeParse(value) : null;
  if (!parsed?.success) return;
  (await cookies()).set(name, parsed.data, { path: '/', maxAge: 31_536_000, sameSite: 'lax', httpOnly: true });
}
