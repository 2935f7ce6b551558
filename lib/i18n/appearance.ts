import { cookies } from 'next/headers';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'normal' | 'dense';

/** Colour scheme and density of this browser, as chosen in the account menu. */
export async function readAppearance(): Promise<{ theme: Theme; density: Density }> {
  const jar = await cookies();
  const theme = jar.get('theme')?.value;
  const density = jar.get('density')?.value;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'normal' || density === 'dense' ? density : 'comfortable',
  };
}
