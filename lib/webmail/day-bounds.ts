/** Milliseconds that this zone is ahead of UTC at this moment. */
function offsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const asUtc = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return asUtc - Math.floor(at / 1000) * 1000;
}

/** When the day "2026-07-03" begins in a time zone; null for what is no day. */
export function startOfDay(day: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const utc = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(utc)) return null;
  const guess = utc - offsetMs(utc, zone);
  // once more: between midnight there and midnight in UTC the clocks may have been changed
  return new Date(utc - offsetMs(guess, zone));
}

/** When the day after it begins: the end of what lasts up to and including that day. */
export function endOfDay(day: string, zone: string): Date | null {
  const start = startOfDay(day, zone);
  // a day has 23 to 25 hours; 36 hours later it is the next one everywhere
  return start && startOfDay(dayOf(start.getTime() + 36 * 3_600_000, zone), zone);
}

/** "2026-07-03": the day of a moment in a time zone. */
export const dayOf = (at: number, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
