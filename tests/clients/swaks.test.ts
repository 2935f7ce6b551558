import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isInstalled, runProgram, temporaryDirectory } from './program.ts';
import { createTwoMailboxes, waitForMessages } from './two-mailboxes.ts';

/** TLS is a module of Perl that the package of swaks only recommends. */
const speaksTls = isInstalled('swaks') && execFileSync('swaks', ['--support']).includes('TLS supported');

describe.skipIf(!speaksTls)('swaks', () => {
  test('authenticates by every mechanism, delivers from outside, and is refused what must be refused', async () => {
    await using home = await temporaryDirectory();
    const two = await createTwoMailboxes();
    const { running, sender, receiver } = two;
    const swaks = (...argv: string[]) =>
      runProgram('swaks', ['--server', 'localhost', '--ehlo', 'client.test', ...argv], { home: home.path });
    const own = ['--from', sender.address, '--to', receiver.address];
    const login = ['--auth-user', sender.address, '--auth-password', sender.password];
    const submission = ['--port', String(running.ports.submission), '--tls'];
    for (const mechanism of ['PLAIN', 'LOGIN'])
      expect((await swaks(...submission, ...own, '--auth', mechanism, ...login)).status, mechanism).toBe(0);
    const outside = ['--port', String(running.ports.smtp), '--from', 'fremd@elsewhere.example'];
    const inbound = await swaks(...outside, '--tls', '--pipeline', '--to', `${sender.address},${receiver.address}`, '--body', 'Grüße');
    expect(inbound.status, inbound.output).toBe(0);
    await waitForMessages(two, receiver, 3);
    await waitForMessages(two, sender, 1);
    const refusals: [string, string, string[]][] = [
      ['relaying', '550 5.7.1', [...outside, '--to', 'wer@anderswo.example']],
      ['an unknown user', '550 5.1.1', [...outside, '--to', 'niemand-hier@muster.at']],
      ['no login', '530 5.7.0', [...submission, ...own]],
      [
        'a wrong password',
        '535 5.7.8',
        [...submission, ...own, '--auth', 'PLAIN', '--auth-user', sender.address, '--auth-password', 'falsch'],
      ],
      ['a foreign sender', '553 5.7.1', [...submission, '--from', receiver.address, '--to', receiver.address, '--auth', 'PLAIN', ...login]],
    ];
    for (const [what, code, argv] of refusals) {
      const refused = await swaks(...argv);
      expect(refused.status, what).not.toBe(0);
      expect(refused.output, what).toContain(code);
    }
    expect((await swaks(...outside, '--to', 'niemand-hier@muster.at')).output).toMatch(/Adresse unbekannt.*address unknown/i);
  });
});
