const formats = new Map<string, Intl.DateTimeFormat | null>();
const mostKept = 500;

/** Minutes east of UTC at a moment, by the rules of a zone; UTC for one that nobody knows. */
export function zoneOf(timeZone: string): (at: Date) => number {
  const format = formatOf(timeZone);
  if (format === null) return () => 0;
  return (at) => {
    const parts = format.formatToParts(at);
    const [, sign, hours, minutes] =
      /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? [];
    return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

/** Kept, since making one takes longer than all that it is asked for. */
function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  if (formats.size >= mostKept) formats.clear();
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    // not a zone
  }
  formats.set(timeZone, format);
  return format;
}
