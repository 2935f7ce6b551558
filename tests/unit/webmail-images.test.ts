import { describe, expect, it } from 'vitest';
import { allowedTarget, fetchRemoteImage } from '#lib/webmail/remote/fetch-remote-image.ts';
import { isPublicAddress } from '#lib/addresses/public-address.ts';
import { createPublicLookup } from '#lib/addresses/public-lookup.ts';
import { createSharedTurns } from '#lib/workers/shared-turns.ts';

describe('pictures from elsewhere', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '0.0.0.0',
    '198.18.0.1',
    '192.0.2.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'ff02::1',
    'not-an-address',
  ])('are never fetched from %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['8.8.8.8', '185.199.108.153', '100.128.0.1', '2606:4700::1111'])('may be fetched from %s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'https://user:pw@muster.at/',
    'https://muster.at:8443/',
    'ftp://muster.at/',
    'file:///etc/passwd',
    'gopher://muster.at/',
    'not a url',
    'http://169.254.169.254/latest/meta-data',
    'http://intranet/',
    'http://intranet./',
    'https://printer/status',
  ])('are refused at the address %s', (url) => expect(allowedTarget(url)).toBeNull());

  it('are not fetched from a name that leads to ourselves', async () => {
    expect(await fetchRemoteImage('http://localhost/logo.png')).toBeNull();
  });

  it.each([
    ['nothing public', ['127.0.0.1'], [], null],
    ['one private address beside a public one', ['8.8.8.8', '10.0.0.1'], [], null],
    ['a private address of the other family', ['8.8.8.8'], ['fd00::1'], null],
    ['public addresses', ['8.8.8.8'], ['2606:4700::1111'], '8.8.8.8'],
    ['no address', [], [], null],
  ])('a name with %s', async (_, four, six, expected) => {
    const answer = (values: string[]) => (values.length > 0 ? Promise.resolve(values) : Promise.reject(new Error('ENODATA')));
    const lookup = createPublicLookup((_, type) => answer(type === 'A' ? four : six));
    const found = await new Promise((resolve) => lookup('bild.example', {}, (error, address) => resolve(error ? null : address)));
    expect(found).toBe(expected);
  });
});

describe('turns', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('who asks for much takes nobody else’s turn', async () => {
    const turns = createSharedTurns({ running: 4, ofOne: 3, waitingOfOne: 5 });
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const ask = (mailbox: number) =>
      turns.run(mailbox, () => {
        begun.push(mailbox);
        return new Promise<boolean>((resolve) => ends.push(() => resolve(true)));
      });
    const greedy = Array.from({ length: 9 }, () => ask(1));
    const other = ask(2);
    const third = ask(3);
    await settled();
    expect(begun).toEqual([1, 1, 1, 2]);
    expect(await greedy.at(-1)).toBeNull();
    ends[0]?.();
    await settled();
    expect(begun).toHaveLength(5);
    ends[1]?.();
    await settled();
    expect(begun.slice(4).toSorted()).toEqual([1, 3]);
    for (let at = 2; at < 10; at++) {
      ends[at]?.();
      await settled();
    }
    expect(await Promise.all([other, third])).toEqual([true, true]);
    expect((await Promise.all(greedy)).filter(Boolean)).toHaveLength(8);
  });

  it('a crowd that fills the line gives way to whoever has fewer in it', async () => {
    const turns = createSharedTurns<number>({ running: 1, ofOne: 1, waiting: 3 });
    let end = () => {};
    const ask = (mailbox: number) => turns.run(mailbox, () => Promise.resolve(mailbox));
    const first = turns.run(1, () => new Promise<number>((resolve) => (end = () => resolve(1))));
    const crowd = [ask(1), ask(1), ask(1)];
    const others = [ask(2), ask(3)];
    await expect(crowd[2]).resolves.toBe(null);
    await expect(crowd[1]).resolves.toBe(null);
    await expect(ask(1)).resolves.toBe(null);
    end();
    expect(await Promise.all([first, crowd[0], ...others])).toEqual([1, 1, 2, 3]);
  });

  it('nothing is fetched for a reader who has gone while he waited', async () => {
    const turns = createSharedTurns({ running: 1, ofOne: 1, waitingOfOne: 5 });
    const leave = new AbortController();
    let end = () => {};
    const first = turns.run(
      1,
      () =>
        new Promise<boolean>((resolve) => {
          end = () => resolve(true);
        }),
    );
    let fetched = false;
    const second = turns.run(1, async () => (fetched = true), leave.signal);
    leave.abort();
    end();
    expect([await first, await second, fetched]).toEqual([true, null, false]);
  });
});
