import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { type RunningManageSieve, startManageSieve } from '#mail-server/managesieve/managesieve-server.ts';
import { isInstalled, runProgram, temporaryDirectory } from '#tests/clients/program.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { LineClient } from '#tests/support/line-client.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';

let database: TestDatabase;
let opened: TestServices;
let server: RunningManageSieve;
let account: AccountId;
let address: string;
let serial = 0;
const password = 'drei Katzen im Regen';
const clients: LineClient[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, { sieve: { scripts: 3, bytes: 2000, redirects: 4 } }, { POSTAMT_LOGIN_FAILURES: '50' });
  server = await startManageSieve(opened.services);
});
afterAll(async () => {
  await server.close(1000);
  await opened.close();
  await database.drop();
});
beforeEach(async () => {
  address = `max${++serial}@muster.at`;
  account = await createAccount(database.url, address);
  await setPassword(database.url, account, password);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** Lines up to and with the one that ends the answer. */
const answer = async (client: LineClient): Promise<string[]> => {
  const lines: string[] = [];
  for (;;) {
    const line = await client.line();
    if (line === null) return lines;
    lines.push(line);
    if (/^(OK|NO|BYE)\b/.test(line)) return lines;
  }
};
const ask = async (client: LineClient, command: string): Promise<string> => {
  client.send(`${command}\r\n`);
  return (await answer(client)).join('\n');
};
const connect = async (): Promise<LineClient> => {
  const client = await LineClient.open(server.port);
  clients.push(client);
  await answer(client);
  return client;
};
const secured = async (): Promise<LineClient> => {
  const client = await connect();
  expect(await ask(client, 'STARTTLS')).toMatch(/^OK/);
  await client.startTls();
  await answer(client);
  return client;
};
const plain = (word = password): string => Buffer.from(`\0${address}\0${word}`).toString('base64');
const signedIn = async (): Promise<LineClient> => {
  const client = await secured();
  expect(await ask(client, `AUTHENTICATE "PLAIN" "${plain()}"`)).toMatch(/^OK/);
  return client;
};
const literal = (text: string): string => `{${Buffer.byteLength(text)}+}\r\n${text}`;

test('the greeting names what is there, and no mechanism before TLS', async () => {
  const client = await LineClient.open(server.port);
  clients.push(client);
  const greeting = (await answer(client)).join('\n');
  expect(greeting).toContain('"SASL" ""');
  expect(greeting).toContain('"STARTTLS"');
  expect(greeting).toContain('"VERSION" "1.0"');
  expect(greeting).toMatch(/"SIEVE" ".*\bvacation-seconds\b.*"/);
  expect(await ask(client, `AUTHENTICATE "PLAIN" "${plain()}"`)).toMatch(/^NO \(ENCRYPT-NEEDED\)/);
  expect(await ask(client, 'LISTSCRIPTS')).toMatch(/^NO/);
});

test('what was sent in clear behind STARTTLS is never obeyed', async () => {
  const client = await connect();
  client.send('STARTTLS\r\nNOOP "injected"\r\n');
  expect(await client.line()).toMatch(/^OK/);
  await client.startTls().then(
    async () => expect((await answer(client)).join('\n')).not.toContain('injected'),
    () => undefined,
  );
});

test('a client signs in with the initial response, with a challenge, and may cancel', async () => {
  const client = await secured();
  client.send('AUTHENTICATE "PLAIN"\r\n');
  expect(await client.line()).toBe('""');
  expect(await ask(client, '"*"')).toMatch(/^NO "Cancelled"/);
  expect(await ask(client, `AUTHENTICATE "PLAIN" "${plain('falsch')}"`)).toMatch(/^NO/);
  client.send('AUTHENTICATE "PLAIN"\r\n');
  await client.line();
  expect(await ask(client, literal(plain()))).toMatch(/^OK/);
  expect(await ask(client, 'CAPABILITY')).toContain(`"OWNER" "${address}"`);
  expect(await ask(client, 'UNAUTHENTICATE')).toBe('OK');
  expect(await ask(client, `authenticate "plain" ${literal(plain())}`)).toMatch(/^OK/);
  expect(await ask(client, 'UNAUTHENTICATE')).toBe('OK');
  expect(await ask(client, 'LISTSCRIPTS')).toMatch(/^NO/);
});

test('three wrong passwords end the connection', async () => {
  const client = await secured();
  await ask(client, `AUTHENTICATE "PLAIN" "${plain('a')}"`);
  await ask(client, `AUTHENTICATE "PLAIN" "${plain('b')}"`);
  expect(await ask(client, `AUTHENTICATE "PLAIN" "${plain('c')}"`)).toMatch(/^BYE/);
  await client.closed();
});

test('a new password ends an open session', async () => {
  const client = await signedIn();
  await setPassword(database.url, account, 'ein ganz anderes Wort');
  await sql(database.url, 'update mailbox set credential_version = credential_version + 1 where id = $1', [account]);
  expect((await answer(client)).join()).toMatch(/^BYE/);
  await client.closed();
});

test('scripts are stored byte for byte, listed, made active, renamed and deleted', async () => {
  const client = await signedIn();
  const script = 'require "fileinto";\r\n# Grüße\nif header :contains "subject" "x" { fileinto "Büro"; }\r\n';
  expect(await ask(client, `PUTSCRIPT "büro" ${literal(script)}`)).toBe('OK');
  expect(await ask(client, 'PUTSCRIPT "leer" ""')).toBe('OK');
  expect(await ask(client, 'SETACTIVE "büro"')).toBe('OK');
  expect(await ask(client, 'LISTSCRIPTS')).toBe('"büro" ACTIVE\n"leer"\nOK');
  client.send('GETSCRIPT "büro"\r\n');
  expect(await client.line()).toBe(`{${Buffer.byteLength(script)}}`);
  expect((await client.bytesUntil('\r\nOK\r\n'))?.toString()).toBe(`${script}\r\nOK\r\n`);
  expect(await ask(client, 'DELETESCRIPT "büro"')).toMatch(/^NO \(ACTIVE\)/);
  expect(await ask(client, 'RENAMESCRIPT "büro" "leer"')).toMatch(/^NO \(ALREADYEXISTS\)/);
  expect(await ask(client, 'RENAMESCRIPT "büro" "a \\"b\\""')).toBe('OK');
  expect(await ask(client, 'LISTSCRIPTS')).toBe('"a \\"b\\"" ACTIVE\n"leer"\nOK');
  expect(await ask(client, 'SETACTIVE "leer"')).toBe('OK');
  expect(await ask(client, 'LISTSCRIPTS')).toBe('"a \\"b\\""\n"leer" ACTIVE\nOK');
  expect(await ask(client, 'SETACTIVE ""')).toBe('OK');
  expect(await ask(client, 'DELETESCRIPT "leer"')).toBe('OK');
  for (const command of ['GETSCRIPT "nix"', 'SETACTIVE "nix"', 'DELETESCRIPT "nix"', 'RENAMESCRIPT "nix" "x"']) {
    expect(await ask(client, command), command).toMatch(/^NO \(NONEXISTENT\)/);
  }
});

test('a script that is not valid is refused with line and sentence, and the one before stays', async () => {
  const client = await signedIn();
  await ask(client, 'PUTSCRIPT "a" "keep;"');
  client.send(`PUTSCRIPT "a" ${literal('keep;\r\nfileinto "x";\r\nfoo;')}\r\n`);
  const refusal = await answer(client);
  expect(refusal[0]).toMatch(/^NO \{\d+\}$/);
  expect(await client.line()).toMatch(/^a: line 2: error: unknown command 'fileinto'; it needs require "fileinto"\.$/);
  expect(await client.line()).toMatch(/^a: line 3: error: unknown command 'foo'/);
  expect(await ask(client, 'GETSCRIPT "a"')).toBe('{5}\nkeep;\nOK');
  expect(await ask(client, 'CHECKSCRIPT "foo;"')).toMatch(/^NO "script: line 1: error: /);
  expect(await ask(client, 'CHECKSCRIPT "keep;"')).toBe('OK');
});

test('what a script includes may come later, with a warning', async () => {
  const client = await signedIn();
  expect(await ask(client, `PUTSCRIPT "main" ${literal('require "include";\r\ninclude "later";')}`)).toMatch(
    /^OK \(WARNINGS\) "main: line 2: warning: .*later/,
  );
});

test('number and size of scripts are bounded, and HAVESPACE says so before', async () => {
  const client = await signedIn();
  const large = `# ${'x'.repeat(1500)}\r\nkeep;`;
  expect(await ask(client, `PUTSCRIPT "a" ${literal(large)}`)).toBe('OK');
  expect(await ask(client, `PUTSCRIPT "a" ${literal(large)}`)).toBe('OK');
  expect(await ask(client, `PUTSCRIPT "b" ${literal(large)}`)).toMatch(/^NO \(QUOTA\)/);
  expect(await ask(client, 'HAVESPACE "b" 1500')).toMatch(/^NO \(QUOTA\)/);
  expect(await ask(client, 'HAVESPACE "b" 3000')).toMatch(/^NO \(QUOTA\/MAXSIZE\)/);
  expect(await ask(client, `PUTSCRIPT "b" ${literal('x'.repeat(100_000))}`)).toMatch(/^NO \(QUOTA\/MAXSIZE\)/);
  expect(await ask(client, 'HAVESPACE "b" 100')).toBe('OK');
  await ask(client, 'PUTSCRIPT "b" "keep;"');
  await ask(client, 'PUTSCRIPT "c" "keep;"');
  expect(await ask(client, 'PUTSCRIPT "d" "keep;"')).toMatch(/^NO \(QUOTA\/MAXSCRIPTS\)/);
  expect(await ask(client, 'HAVESPACE "d" 5')).toMatch(/^NO \(QUOTA\/MAXSCRIPTS\)/);
});

test('names that are none are refused, and NOOP gives its tag back', async () => {
  const client = await signedIn();
  for (const name of ['', 'a/b', 'x'.repeat(600)]) {
    expect(await ask(client, `PUTSCRIPT "${name}" "keep;"`), name).toMatch(/^NO/);
  }
  expect(await ask(client, `PUTSCRIPT ${literal('a\tb')} "keep;"`)).toMatch(/^NO/);
  expect(await ask(client, 'NOOP "a {1} b"')).toBe('OK (TAG "a {1} b") "Done"');
  expect(await ask(client, 'noop')).toBe('OK "Done"');
  expect(await ask(client, 'LOGOUT')).toMatch(/^OK/);
  await client.closed();
});

test('commands that come at once are answered one behind the other', async () => {
  const client = await secured();
  const script = literal('keep;\r\n');
  client.send(`AUTHENTICATE "PLAIN" "${plain()}"\r\nPUTSCRIPT "a" ${script}\r\nSETACTIVE "a"\r\nGETSCRIPT "a"\r\nNOOP "end"\r\n`);
  const answers = [];
  for (let i = 0; i < 5; i++) answers.push((await answer(client)).join('\n'));
  expect(answers).toEqual(['OK "Signed in"', 'OK', 'OK', '{7}\nkeep;\n\nOK', 'OK (TAG "end") "Done"']);
});

test('what is no UTF-8 becomes no name, and a size beyond all bounds is too large', async () => {
  const client = await signedIn();
  client.send(Buffer.from('PUTSCRIPT "\xff" "keep;"\r\n', 'latin1'));
  expect((await answer(client)).join('\n')).toMatch(/^NO "Strings must be valid UTF-8/);
  expect(await ask(client, 'LISTSCRIPTS')).toBe('OK');
  expect(await ask(client, 'HAVESPACE "a" 99999999999')).toMatch(/^NO \(QUOTA\/MAXSIZE\)/);
});

test('who hangs up in a script leaves nothing behind', async () => {
  const client = await signedIn();
  client.send('PUTSCRIPT "half" {1000+}\r\nkeep;');
  client.destroy();
  expect(await ask(await signedIn(), 'LISTSCRIPTS')).toBe('OK');
});

test('nonsense ends in BYE, not in a broken server', async () => {
  for (const bytes of [
    '\0\0\0\r\n',
    '{5\r\n',
    '"open\r\n',
    'PUTSCRIPT\r\n',
    `${'a '.repeat(50)}\r\n`,
    '}{+}\r\n',
    'NOOP {3+}\r\n\xff\0a\r\n',
  ]) {
    const client = await connect();
    client.send(Buffer.from(bytes.repeat(12), 'latin1'));
    await client.closed();
  }
  const client = await connect();
  client.send('x'.repeat(100_000));
  await client.closed();
  const announcing = await connect();
  announcing.send('NOOP {4000000000+}\r\n');
  await announcing.closed();
  await signedIn();
});

test('a command that goes on and on with empty strings is not listened to for ever', async () => {
  const client = await connect();
  client.send('NOOP "x" {0+}\r\n'.padEnd(100_000, ' {0+}\r\n'));
  expect((await answer(client)).join('\n')).toMatch(/^BYE "Too many arguments"/);
  await client.closed();
});

describe.skipIf(!isInstalled('sieve-connect'))('sieve-connect', () => {
  test('uploads, lists, activates, downloads and deletes', async () => {
    await using home = await temporaryDirectory();
    await writeFile(join(home.path, 'rules.sieve'), 'require "fileinto";\nfileinto "Büro";\n');
    await writeFile(join(home.path, 'broken.sieve'), 'fileinto "Büro";\n');
    const client = (...argv: string[]) =>
      runProgram(
        'sieve-connect',
        ['--server', 'localhost', '--port', String(server.port), '--4', '--user', address, '--notlsverify', '--passwordfd', '0', ...argv],
        { home: home.path, input: `${password}\n` },
      );
    const uploaded = await client('--upload', '--localsieve', 'rules.sieve', '--remotesieve', 'rules');
    expect(uploaded.status, uploaded.output).toBe(0);
    expect((await client('--activate', '--remotesieve', 'rules')).status).toBe(0);
    expect((await client('--list')).output).toMatch(/"?rules"? ACTIVE/);
    expect((await client('--download', '--remotesieve', 'rules', '--localsieve', 'back.sieve')).status).toBe(0);
    const broken = await client('--upload', '--localsieve', 'broken.sieve', '--remotesieve', 'rules');
    expect(broken.output).toContain('line 1: error: unknown command');
    expect((await client('--deactivate')).status).toBe(0);
    expect((await client('--delete', '--remotesieve', 'rules')).status).toBe(0);
    expect((await client('--list')).output).not.toContain('rules');
  });
});

/** The library with which Roundcube's plugin speaks (Debian's php-net-sieve). */
describe.skipIf(!existsSync('/usr/share/php/Net/Sieve.php'))('Net_Sieve', () => {
  test('does all that Roundcube asks for', async () => {
    await using home = await temporaryDirectory();
    await writeFile(join(home.path, 'client.php'), NET_SIEVE);
    const { status, output } = await runProgram('php', ['client.php', String(server.port), address, password], { home: home.path });
    expect(status, output).toBe(0);
    expect(output.trim().split('\n')).toEqual([
      'connect true',
      'login true',
      'space true',
      'install true',
      String.raw`broken "\"x: line 2: error: unknown command 'foo'.\""`,
      'list ["zwei \\"q\\" \\u00fc"]',
      'active "zwei \\"q\\" \\u00fc"',
      'get "keep;"',
      'inactive true',
      'remove true',
      'list []',
    ]);
  });
});

const NET_SIEVE = String.raw`<?php
error_reporting(E_ALL & ~E_DEPRECATED);
require_once 'Net/Sieve.php';
[, $port, $user, $password] = $argv;
$tls = ['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]];
$sieve = new Net_Sieve();
$name = 'zwei "q" ü';
$show = fn ($what, $is) => print($what . ' ' . json_encode(PEAR::isError($is) ? trim($is->getMessage()) : $is) . "\n");
$show('connect', $sieve->connect('localhost', (int) $port, $tls, true));
$show('login', $sieve->login($user, $password, 'PLAIN'));
$show('space', $sieve->haveSpace($name, 100));
$show('install', $sieve->installScript($name, "keep;\r\n", true));
$show('broken', $sieve->installScript('x', "keep;\nfoo;"));
$show('list', $sieve->listScripts());
$show('active', $sieve->getActive());
$show('get', trim($sieve->getScript($name)));
$show('inactive', $sieve->setActive(''));
$show('remove', $sieve->removeScript($name));
$show('list', $sieve->listScripts());
`;
