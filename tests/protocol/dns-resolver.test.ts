import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPatientResolver } from '#lib/config/patient-resolver.ts';
import { createDnsResolver } from '#mail-server/delivery/authenticity/dns-resolver.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';

let dns: DnsServer;
beforeAll(async () => {
  dns = await startDnsServer({});
});
afterAll(() => dns.close());
beforeEach(() => {
  dns.zone = { 'muster.example': { TXT: ['before'] } };
});

describe('answers of the DNS', () => {
  test('are remembered for their time, also that there is no such name', async () => {
    const { resolve } = createDnsResolver([dns.address], 60_000);
    expect(await resolve('muster.example', 'TXT')).toEqual([['before']]);
    await expect(resolve('later.example', 'TXT')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    dns.zone = { 'muster.example': { TXT: ['after'] }, 'later.example': { TXT: ['there now'] } };
    expect(await resolve('Muster.Example', 'TXT')).toEqual([['before']]);
    await expect(resolve('later.example', 'TXT')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('are asked for again when their time is over', async () => {
    const { resolve } = createDnsResolver([dns.address], 0);
    expect(await resolve('muster.example', 'TXT')).toEqual([['before']]);
    dns.zone = { 'muster.example': { TXT: ['after'] } };
    expect(await resolve('muster.example', 'TXT')).toEqual([['after']]);
  });

  test('cannot be changed for others by who got them', async () => {
    const { resolve } = createDnsResolver([dns.address], 60_000);
    const [first] = await resolve('muster.example', 'TXT');
    first?.push('spoilt');
    expect(await resolve('muster.example', 'TXT')).toEqual([['before']]);
  });

  test('are kept as far as such answers are long', async () => {
    const { resolve } = createDnsResolver([dns.address], 60_000);
    dns.zone = { 'muster.example': { TXT: ['v=spf1 -all', 'x'.repeat(5_000)], MX: Array.from({ length: 600 }, () => [10, 'mx.example']) } };
    expect(await resolve('muster.example', 'TXT')).toEqual([['v=spf1 -all']]);
    expect(await resolve('muster.example', 'MX')).toHaveLength(500);
  });

  test('that are lost are asked for again', async () => {
    const { resolve } = createDnsResolver([dns.address], 60_000);
    let asked = 0;
    dns.zone = {
      get 'far.example'() {
        return ++asked < 2 ? ('silent' as const) : { TXT: ['at last'] };
      },
    };
    expect(await resolve('far.example', 'TXT')).toEqual([['at last']]);
  });

  test('that did not come are not remembered', async () => {
    const { resolve } = createDnsResolver([dns.address], 60_000);
    dns.zone = { 'muster.example': 'silent' };
    await expect(resolve('muster.example', 'TXT')).rejects.toMatchObject({ code: 'ETIMEOUT' });
    dns.zone = { 'muster.example': { TXT: ['after'] } };
    expect(await resolve('muster.example', 'TXT')).toEqual([['after']]);
  });
});

test('a name server that was not there is asked again soon after it has come', async () => {
  const gone = await startDnsServer({});
  await gone.close();
  const { resolve } = createDnsResolver([gone.address], 0);
  await expect(resolve('muster.example', 'TXT')).rejects.toThrow();
  await expect(resolve('muster.example', 'TXT')).rejects.toThrow('did not answer lately');
  const from = performance.now();
  const back = await startDnsServer({ 'muster.example': { TXT: ['there'] } }, Number(gone.address.split(':')[1]));
  await eventually('an answer', () => resolve('muster.example', 'TXT').catch(() => null));
  expect(performance.now() - from).toBeLessThan(8_000);
  await back.close();
});

test('a question that timed out goes to a resolver that has not learned from quick answers to be impatient, any other answer stands', async () => {
  const ask = createPatientResolver([dns.address]);
  const asked: unknown[] = [];
  const failing = (code: string) => (resolver: unknown) => {
    asked.push(resolver);
    return Promise.reject(Object.assign(new Error(code), { code }));
  };
  await expect(ask(failing('ENOTFOUND'))).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(ask(failing('ETIMEOUT'))).rejects.toMatchObject({ code: 'ETIMEOUT' });
  expect(asked).toHaveLength(3);
  expect(asked[1]).toBe(asked[0]);
  expect(asked[2]).not.toBe(asked[0]);
});
