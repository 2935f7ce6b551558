// Postamt and Dovecot with Postfix, the same works in turn, on the same machine in the same hour: `npm run bench`.
// The peers and the neutral client lie beside the project (POSTAMT_BENCH, default ../shared/bench); every workload checks what it gets.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startInstallation } from '#tests/support/installation.ts';
import { measureFairness } from './fairness.ts';
import { giveForward, measureForward } from './forward.ts';
import { giveAliases, giveGroup, measureGroup } from './group.ts';
import { openOutside } from './outside.ts';
import { provisionBenchMailboxes } from './provision.ts';
import { giveRules } from './rules.ts';
import { writeReport, type Measured } from './report.ts';
import { measureWebmail } from './webmail.ts';
import { fairnessWork, forwardWork, groupWork, ruledCount, ruledFrom, webmailWork, workloads, type Workload } from './workloads.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    processes: { type: 'string', default: '1' },
  },
});
const benchDirectory = resolve(process.env['POSTAMT_BENCH'] ?? '../shared/bench');
const peersDirectory = resolve(process.env['PEERS_DIR'] ?? '.test/peers');
/** as peers-up.sh starts it */
const dovecotSievePort = 22190;
const count = Number(options.count);
const run = promisify(execFile);

interface Side {
  name: string;
  target: string[];
  pids: string;
}

async function measure(side: Side, workload: Pick<Workload, 'arguments' | 'name' | 'fastHash'>): Promise<Record<string, unknown> | null> {
  const argv = [
    join(benchDirectory, 'mailbench.mjs'),
    ...side.target,
    '--user',
    workload.fastHash ? 'f%d@muster.test' : 'u%d@muster.test',
    '--pass',
    'bench',
    '--label',
    side.name,
  ];
  try {
    const { stdout } = await run(process.execPath, [...argv, '--json', '--pid-tree', side.pids, ...workload.arguments], {
      timeout: 900_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    console.error(`${side.name}: ${workload.name} failed: ${stderr.trim().split('\n').at(-1)}`);
    return null;
  }
}

/** What is measured from here, on both sides in turn, each side first as often as the other. */
async function inTurn(workload: Workload, ...sides: (() => Promise<Record<string, unknown>>)[]): Promise<Measured> {
  const results: Measured['results'] = [[], []];
  for (let round = 0; round < workload.rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const line = await sides[side]?.().catch((error: unknown) => console.error(`${workload.name} failed: ${error}`));
      results[side as 0 | 1].push(line ?? null);
    }
  }
  console.log(`${workload.name} done (load ${loadavg()[0]?.toFixed(1)})`);
  return { workload, results };
}

async function measureRoundcube(address: string): Promise<Record<string, unknown> | null> {
  const argv = ['--user', address, '--pass', 'bench', '--count', String(count), '--runs', '5'];
  try {
    const { stdout } = await run(process.execPath, [join(benchDirectory, 'webbench.mjs'), ...argv], { timeout: 300_000 });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  } catch (error) {
    console.error(`Roundcube failed: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

if (!existsSync(join(benchDirectory, 'mailbench.mjs'))) {
  console.error(
    `The benchmark's client is not at ${benchDirectory}. Set POSTAMT_BENCH to the folder that holds mailbench.mjs and peers-up.sh.`,
  );
  process.exit(1);
}
console.log('Starting Dovecot and Postfix …');
execFileSync('bash', [join(benchDirectory, 'peers-up.sh')], { env: { ...process.env, PEERS_DIR: peersDirectory }, stdio: 'inherit' });
console.log('Starting Postamt …');
const outside = await openOutside();
const installation = await startInstallation({
  dataDirectory: resolve('.test/bench-data'),
  keep: true,
  environment: {
    POSTAMT_DEMO: '0',
    POSTAMT_LOG_LEVEL: 'warn',
    POSTAMT_MAIL_PROCESSES: options.processes,
    POSTAMT_LOGIN_FAILURES: '1000',
    POSTAMT_CONNECTIONS_PER_ADDRESS: '20000',
    // the fairness row speaks plain IMAP
    POSTAMT_CLEARTEXT_LOGIN: 'loopback',
    POSTAMT_DNS: outside.dns.address,
    POSTAMT_SMTP_PORT_OUT: String(outside.sink.port),
  },
});
try {
  const { running } = installation;
  await provisionBenchMailboxes(
    installation.databaseUrl,
    Array.from({ length: 120 }, (_, index) => [`u${index + 1}`, `f${index + 1}`]).flat(),
  );
  const at = (port: number) => `127.0.0.1:${port}`;
  const { ports, pids } = running;
  const postamt: Side = {
    name: 'Postamt',
    target: [
      '--imap',
      at(ports.imap),
      '--imaps',
      at(ports.imaps),
      '--pop3s',
      at(ports.pop3s),
      '--smtp',
      at(ports.smtp),
      '--lmtp',
      at(ports.lmtp),
    ],
    pids: [pids.postgres, ...pids.mail].filter((pid) => pid !== null).join(','),
  };
  const masterPid = (file: string) => readFileSync(join(peersDirectory, file), 'utf8').trim();
  const dovecot: Side = {
    name: 'Dovecot',
    target: '--imap 127.0.0.1:22143 --imaps 127.0.0.1:22993 --pop3s 127.0.0.1:22995 --smtp 127.0.0.1:22325 --lmtp 127.0.0.1:22301'.split(
      ' ',
    ),
    pids: `${masterPid('dovecot-maildir/run/master.pid')},${masterPid('postfix-maildir-queue/pid/master.pid')}`,
  };
  const sides = [postamt, dovecot] as const;

  const ruled = Array.from({ length: ruledCount }, (_, index) => `f${ruledFrom + index}@muster.test`);
  await giveRules(ports.sieve, ruled, 'bench');
  await giveRules(dovecotSievePort, ruled, 'bench');

  const measured: Measured[] = [];
  for (const [user, messages, mode] of [
    [1, count, 'multi'],
    [3, 1000, 'literal+'],
  ] as const) {
    const build = {
      name: `build ${messages >= 1000 ? `${messages / 1000}k` : messages} ${mode}`,
      arguments: ['--workload', 'append', '--first-user', String(user), '--count', String(messages), '--mode', mode],
      figures: [{ path: 'msgs_per_s', row: 'messages/s', higher: true }],
      rounds: 1,
    };
    console.log(build.name);
    measured.push({ workload: build, results: [[await measure(postamt, build)], [await measure(dovecot, build)]] });
  }
  for (const workload of workloads(count, Number(options.rounds)).filter((one) => !options.only || one.name.includes(options.only))) {
    const results: Measured['results'] = [[], []];
    for (let round = 0; round < workload.rounds; round++) {
      // in turn, and each side first as often as the other
      const order = round % 2 === 0 ? [0, 1] : [1, 0];
      for (const side of order) results[side as 0 | 1].push(await measure(sides[side as 0 | 1], workload));
    }
    measured.push({ workload, results });
    console.log(`${workload.name} done (load ${loadavg()[0]?.toFixed(1)})`);
  }
  giveAliases(peersDirectory, outside.sink.port);
  const toGroup = groupWork(Number(options.rounds));
  if (!options.only || toGroup.name.includes(options.only)) {
    await giveGroup(installation.databaseUrl);
    measured.push(
      await inTurn(
        toGroup,
        () => measureGroup(ports.smtp, ports.imaps, 'bench'),
        () => measureGroup(22325, 22993, 'bench'),
      ),
    );
  }
  const forward = forwardWork(Number(options.rounds));
  if (!options.only || forward.name.includes(options.only)) {
    await giveForward(installation.databaseUrl);
    measured.push(
      await inTurn(
        forward,
        () => measureForward(ports.smtp, outside.sink),
        () => measureForward(22325, outside.sink),
      ),
    );
  }
  const webmail = webmailWork(count);
  if (!options.only || webmail.name.includes(options.only)) {
    const login = { address: 'u1@muster.test', password: 'bench' };
    measured.push({ workload: webmail, results: [[await measureWebmail(running.web, login, 5)], [await measureRoundcube(login.address)]] });
    console.log(`${webmail.name} done`);
  }
  if (!options.only || fairnessWork.name.includes(options.only)) {
    const who = (name: string) => ({ address: `${name}@muster.test`, password: 'bench' });
    // one row that fails must not cost all others
    const ours = await measureFairness(ports.imap, who('u1'), who('f99'), 20).catch((error: unknown) => {
      console.error(`${fairnessWork.name} failed: ${error}`);
      return null;
    });
    measured.push({ workload: fairnessWork, results: [[ours && { ...ours }], [null]] });
    console.log(`${fairnessWork.name} done`);
  }
  const { worst } = writeReport(measured, {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
    processes: Number(options.processes),
  });
  console.log(`docs/performance.md written. Worst ratio: ${worst}`);
} finally {
  await installation.stop();
  await outside.close();
  execFileSync('bash', [join(benchDirectory, 'peers-down.sh')], { env: { ...process.env, PEERS_DIR: peersDirectory }, stdio: 'ignore' });
}
