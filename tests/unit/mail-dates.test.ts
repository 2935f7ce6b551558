import { expect, it } from 'vitest';
import { daysAgo } from '#components/mail/dates.ts';

it.each([
  // clocks go forward on Sunday, 29 March 2026: at half past midnight on Monday, 24 hours ago was Saturday
  ['2026-03-29T20:00:00+02:00', '2026-03-30T00:30:00+02:00', 'Europe/Vienna', 1],
  ['2026-03-28T23:45:00+01:00', '2026-03-30T00:30:00+02:00', 'Europe/Vienna', 2],
  // and back on Sunday, 25 October: 24 hours before half past eleven in the evening was still Sunday
  ['2026-10-24T23:50:00+02:00', '2026-10-25T23:30:00+01:00', 'Europe/Vienna', 1],
  ['2026-10-25T00:10:00+02:00', '2026-10-25T23:30:00+01:00', 'Europe/Vienna', 0],
  // one moment, two calendars
  ['2026-11-27T23:30:00Z', '2026-11-28T06:00:00Z', 'Europe/Vienna', 0],
  ['2026-11-27T23:30:00Z', '2026-11-28T06:00:00Z', 'America/New_York', 1],
  ['2026-12-31T12:00:00Z', '2027-01-01T12:00:00Z', 'Asia/Kathmandu', 1],
  // what a sender or a program put into the future
  ['2026-11-29T12:00:00Z', '2026-11-28T12:00:00Z', 'UTC', -1],
])('%s is, at %s in %3$s, so many days ago: %4$s', (date, now, zone, days) => {
  expect(daysAgo(new Date(date), new Date(now), zone)).toBe(days);
});
