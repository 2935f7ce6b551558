import { expect, test } from 'vitest';
import { DomainThrottle } from '#mail-server/queue/domain-throttle.ts';

test('silences count while nothing is answered between them, be it a refusal', () => {
  const throttle = new DomainThrottle();
  throttle.begin('example.org');
  expect([throttle.fellSilent('example.org'), throttle.fellSilent('example.org')]).toEqual([false, true]);
  throttle.answered('example.org');
  expect(throttle.fellSilent('example.org')).toBe(false);
});
