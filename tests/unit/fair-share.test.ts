import { expect, test } from 'vitest';
import { customerId } from '#lib/db/ids.ts';
import { ByteTurns } from '#mail-server/queue/byte-turns.ts';
import { FairShare, type Owner } from '#mail-server/queue/fair-share.ts';

const [one, two] = [customerId(1), customerId(2)];

/** Takes as many as there are to be had. */
function fill(share: FairShare, owner: Owner): number {
  let count = 0;
  for (; share.hasRoom(owner); count++) share.take(owner);
  return count;
}

test('one customer has half of all places, the next ones less, and whoever comes last some', () => {
  const share = new FairShare(1000);
  expect([one, two, customerId(3), null].map((owner) => fill(share, owner))).toEqual([500, 250, 125, 63]);
  expect(share.full()).toEqual([one, two, customerId(3), null]);
  expect(fill(share, customerId(4))).toBeGreaterThan(0);
});

test('those who came lately have one half together, whoever is first, and nobody who was here before has less', () => {
  const share = new FairShare(1000);
  share.setNewerThan(100);
  const newcomers = Array.from({ length: 20 }, (_, index) => customerId(101 + index));
  const taken = newcomers.map((owner) => fill(share, owner));
  expect(taken.slice(0, 4)).toEqual([334, 111, 37, 12]);
  expect(share.taken).toBe(500);
  expect(share.fullAbove).toBe(100);
  expect(fill(share, one)).toBe(250);
  for (let count = 0; count < 334; count++) share.give(customerId(101));
  expect(share.fullAbove).toBeGreaterThan(1000);
  expect(share.hasRoom(customerId(999))).toBe(true);
  // a month later they are customers as all others
  share.setNewerThan(1000);
  expect(fill(share, customerId(102))).toBeGreaterThan(0);
});

test('places that are given back are there for others', () => {
  const share = new FairShare(10);
  fill(share, one);
  for (let count = 0; count < 5; count++) share.give(one);
  expect(share.taken).toBe(0);
  expect(share.full()).toEqual([]);
  expect(fill(share, two)).toBe(5);
});

/** Work that begins when it is its turn, and ends when it is told to. */
function bench(most: number) {
  const turns = new ByteTurns(most);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (name: string, owner: Owner, bytes: number) =>
    turns.run(owner, bytes, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  return { begun, ask, end: (name: string) => ends.get(name)?.() };
}

test('large letters of one customer that wait for a slow host hold back only his own', async () => {
  const { begun, ask, end } = bench(100);
  const work = ['a', 'b', 'c'].map((name) => ask(name, one, 25));
  work.push(ask('his small one', one, 1), ask('of another', two, 20), ask('a report', null, 1));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'of another', 'a report']);
  end('a');
  await work[0];
  expect(begun).toContain('c');
  expect(begun).not.toContain('his small one');
  end('b');
  await work[1];
  expect(begun).toContain('his small one');
  for (const name of begun) end(name);
  await Promise.all(work);
});

test('letters larger than what is free go beside the others, one at a time, hold up no small one, and are not forgotten', async () => {
  const { begun, ask, end } = bench(100);
  const three = customerId(3);
  const work = [ask('small', two, 10), ask('large', one, 500), ask('large too', three, 500), ask('small too', two, 1)];
  work.push(ask('of somebody else', customerId(4), 1));
  await Promise.resolve();
  expect(begun).toEqual(['small', 'large', 'small too', 'of somebody else']);
  end('large');
  await work[1];
  await Promise.resolve();
  expect(begun.at(-1)).toBe('large too');
  for (const name of begun) end(name);
  await Promise.all(work);
});
