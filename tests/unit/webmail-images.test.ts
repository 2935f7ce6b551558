import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allowedTarget, fetchRemoteImage, requestPicture } from '#lib/webmail/remote/fetch-remote-image.ts';
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

describe('what a picture is, say its bytes', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const jpeg = Buffer.from('ffd8ffe000104a46494600010100', 'hex');

  async function answerOf(answer: RequestListener): Promise<Awaited<ReturnType<typeof requestPicture>>> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a`);
    return requestPicture(url, AbortSignal.timeout(5_000));
  }

  it.each([
    ['as stores of files call all', 'application/octet-stream', jpeg, 'image/jpeg'],
    ['by another name', 'image/jpg', jpeg, 'image/jpeg'],
    ['by the name of another kind', 'image/jpeg', png, 'image/png'],
    ['not at all', undefined, png, 'image/png'],
    ['AVIF', 'image/avif', Buffer.from('0000001c6674797061766966', 'hex'), 'image/avif'],
    ['BMP', 'image/x-ms-bmp', Buffer.from('424d3a0000000000000036000000', 'hex'), 'image/bmp'],
  ])('whatever its server calls it: %s', async (_, called, bytes, type) => {
    const answer = await answerOf((_, response) => response.writeHead(200, called ? { 'content-type': called } : {}).end(bytes));
    expect(answer).toEqual({ image: { type, bytes } });
  });

  it('in pieces of one octet', async () => {
    const answer = await answerOf((_, response) => {
      response.flushHeaders();
      for (const byte of png) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(answer).toEqual({ image: { type: 'image/png', bytes: png } });
  });

  it.each([
    ['a text', 'application/octet-stream', 'BMW, Preise ab 2026'],
    ['a page', 'image/png', '<!doctype html><script>alert(1)</script>'],
    ['a drawing, which may hold scripts', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['packed by a server that was not asked to', 'image/png', Buffer.from('1f8b0800000000000003ebbc', 'hex')],
    ['nothing', 'image/png', ''],
  ])('what is none is refused: %s', async (_, type, bytes) => {
    expect(await answerOf((_, response) => response.writeHead(200, { 'content-type': type }).end(bytes))).toEqual({ image: null });
  });

  it('what goes on without an end is refused at its first bytes, or where it is too large', async () => {
    const endless = (beginning: Buffer) => (_: unknown, response: Parameters<RequestListener>[1]) => {
      response.write(beginning);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await answerOf(endless(Buffer.from('<html><body>')))).toEqual({ image: null });
    expect(await answerOf(endless(png))).toEqual({ image: null });
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

  it('who comes now goes before all who ask without end, until he had as many turns', async () => {
    const turns = createSharedTurns<number>({ running: 1, ofOne: 1 });
    const done: number[] = [];
    const ask = (party: number) => turns.run(party, async () => done.push(party));
    const crowd = Array.from({ length: 300 }, (_, index) => ask(index % 100));
    while (done.length < 150) await Promise.resolve();
    const asked = [ask(1000), ask(1000)];
    await Promise.all([...crowd, ...asked]);
    // the first before the rest of the round, the second with it
    const [first, second] = done.flatMap((party, place) => (party === 1000 ? [place] : []));
    expect(first).toBeLessThan(155);
    expect(second).toBeGreaterThan(190);
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
