import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEnvironment } from '#lib/config/config.ts';
import { askSecure } from '#mail-server/queue/dane/ask-secure.ts';
import { findDane, hasSecureHosts } from '#mail-server/queue/dane/find-dane.ts';
import { settingsFrom } from '#mail-server/read-configuration.ts';
import type { MailServerSettings } from '#mail-server/settings.ts';
import { isInstalled } from '#tests/clients/program.ts';
import { eventually } from '#tests/support/eventually.ts';

const there = ['unbound', 'ldns-keygen', 'ldns-signzone'].every(isInstalled);
const good = 'aa'.repeat(32);
const forged = 'bb'.repeat(32);
const zone = `$ORIGIN dane.example.
$TTL 3600
@ IN SOA ns hostmaster 1 3600 600 86400 60
@ IN NS ns
ns IN A 192.0.2.53
@ IN MX 10 mx
mx IN A 192.0.2.25
_25._tcp.mx IN TLSA 3 1 1 ${good}
@ IN TXT "not for mail"
big IN A 192.0.2.26
${Array.from({ length: 60 }, (_, index) => `_25._tcp.big IN TLSA 3 1 1 ${index.toString(16).padStart(64, '0')}`).join('\n')}
broken IN A 192.0.2.27
_25._tcp.broken IN TLSA 3 1 1 ${forged}
silent IN A 192.0.2.28
`;

describe.skipIf(!there)('a resolver that validates (unbound)', () => {
  let directory: string;
  let unbound: ChildProcess;
  let settings: MailServerSettings;

  /** A port that is free for datagrams may be somebody's for streams: then it ends at once, and another one is tried. */
  async function startUnbound(key: string): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const probe = createSocket('udp4');
      await new Promise<void>((resolve) => probe.bind(0, '127.0.0.1', resolve));
      const { port } = probe.address();
      await new Promise<void>((resolve) => probe.close(() => resolve()));
      await writeFile(
        join(directory, 'unbound.conf'),
        `server:
  interface: 127.0.0.1@${port}
  do-daemonize: no
  chroot: ""
  username: ""
  pidfile: ""
  directory: "${directory}"
  use-syslog: no
  module-config: "validator iterator"
  trust-anchor-file: "${key}.key"
auth-zone:
  name: "dane.example."
  zonefile: "zone.signed"
  for-downstream: no
  for-upstream: yes
remote-control:
  control-enable: no
`,
      );
      const running = spawn('unbound', ['-d', '-c', join(directory, 'unbound.conf')], { stdio: 'ignore' });
      unbound = running;
      const state = await eventually('unbound', async () => {
        if (running.exitCode !== null) return 'ended';
        const answers = askSecure(`127.0.0.1:${port}`, 'dane.example', 'MX').then(
          ({ records }) => records.length > 0,
          () => false,
        );
        return (await answers) ? 'answers' : null;
      });
      if (state === 'answers') return port;
      if (attempt === 5) throw new Error('unbound ends at once');
    }
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postamt-dane-'));
    await writeFile(join(directory, 'zone'), zone);
    const run = (program: string, ...argv: string[]) =>
      execFileSync(program, argv, { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
    const key = run('ldns-keygen', '-a', 'ECDSAP256SHA256', '-k', 'dane.example').toString().trim();
    run('ldns-signzone', '-f', 'zone.signed', 'zone', key);
    // one record is forged behind its signature
    const signed = await readFile(join(directory, 'zone.signed'), 'utf8');
    await writeFile(join(directory, 'zone.signed'), signed.replace(forged, 'cc'.repeat(32)));
    const port = await startUnbound(key);
    const server = `127.0.0.1:${port}`;
    const tls = { cert: '', key: '', context: { context: null }, hostContext: { context: null } } as unknown as MailServerSettings['tls'];
    settings = { ...settingsFrom(parseEnvironment({ POSTAMT_ENV: 'test' }), tls), dnsServers: [server] };
  });
  afterAll(async () => {
    unbound.kill('SIGKILL');
    await rm(directory, { recursive: true });
  });

  test('vouches for a signed domain, and for none that it does not know', async () => {
    expect(await hasSecureHosts(settings, 'dane.example')).toBe(true);
    expect(await hasSecureHosts(settings, 'localhost')).toBe(false);
  });

  test('brings the records of a host, however many there are', async () => {
    expect(await findDane(settings, 'mx.dane.example')).toEqual({
      records: [{ usage: 3, selector: 1, matching: 1, data: Buffer.from(good, 'hex') }],
    });
    const many = await findDane(settings, 'big.dane.example');
    expect(many !== null && many !== 'away' && many.records.length).toBe(60);
  });

  test('a host without records demands nothing, one whose records are forged is not used', async () => {
    expect(await findDane(settings, 'silent.dane.example')).toBeNull();
    expect(await findDane(settings, 'broken.dane.example')).toBe('away');
  });
});
