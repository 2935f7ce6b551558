import { afterEach, expect, test, vi } from 'vitest';
import { laterTimes } from '#components/mail/compose/later-times.ts';
import { hearClock } from '#components/mail/server-clock.ts';

const zone = 'Europe/Vienna';
const here = new Date('2026-11-26T09:00:00.000Z');
const heard = (date: string | null): void => hearClock(new Response(null, date === null ? {} : { headers: { date } }));
const offered = (): string[] => laterTimes(zone, Date.now()).map(({ at }) => at.toISOString());

afterEach(() => {
  heard(new Date().toUTCString());
  vi.useRealTimers();
});

test('tomorrow is tomorrow by the server’s clock where the browser’s is days behind or ahead: else a letter for tomorrow left at once', () => {
  vi.useFakeTimers({ now: here });
  heard(null);
  expect(offered()).toEqual(['2026-11-26T17:00:00.000Z', '2026-11-27T07:00:00.000Z', '2026-11-30T07:00:00.000Z']);
  heard('Sun, 29 Nov 2026 19:00:00 GMT');
  expect(offered()).toEqual(['2026-11-30T07:00:00.000Z']);
  heard('Wed, 25 Nov 2026 09:00:00 GMT');
  expect(offered()[0]).toBe('2026-11-25T17:00:00.000Z');
  // whole seconds and a slow answer are no wrong clock
  heard('Thu, 26 Nov 2026 08:59:10 GMT');
  expect(offered()[0]).toBe('2026-11-26T17:00:00.000Z');
});
