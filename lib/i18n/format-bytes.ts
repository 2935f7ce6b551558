const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

const powerOf = (bytes: number): number => (bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10)));

const unitFormat = (locale: string, power: number) =>
  new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: power < 2 ? 0 : 1,
  });

/** "412 kB", "8,6 GB" (1 kB = 1024 bytes). */
export function formatBytes(locale: string, bytes: number): string {
  const power = powerOf(bytes);
  return unitFormat(locale, power).format(bytes / 1024 ** power);
}

/** Two amounts for "8,6 von 10 GB": the first without its unit where both have the same one. No unit stands alone in the next line. */
export function formatUsage(locale: string, used: number, total: number): { used: string; total: string } {
  const power = powerOf(total);
  const share = used / 1024 ** power;
  // 3 MB of 10 GB would read "0,0"
  const same = used === 0 || share >= 0.1;
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: power < 2 || used === 0 ? 0 : 1,
    maximumFractionDigits: power < 2 ? 0 : 1,
  });
  const whole = (bytes: number): string => formatBytes(locale, bytes).replace(' ', '\u00a0');
  return { used: same ? number.format(share) : whole(used), total: whole(total) };
}
