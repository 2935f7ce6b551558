// Postamt and Dovecot with Postfix, the same works in turn, on the same machine in the same hour: `npm run bench`.
// The peers and the neutral client lie beside the project (POSTAMT_BENCH, default ../shared/bench); every workload checks what it gets.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startInstallation } from '#tests/support/installation.ts';
import { measureFairness } from './fairness.ts';
import { giveAlias, giveGroup, measureGroup } from './group.ts';
import { provisionBenchMailboxes } from './provision.ts';
import { giveRules } from './rules.ts';
import { writeReport, type Measured } from './report.ts';
import { measureWebFairness } from './web-fairness.ts';
import { measureWebmail } from './webmail.ts';
import { fairnessWork, groupWork, ruledCount, ruledFrom, webFairnessWork, webmailWork, workloads, type Workload } from './workloads.ts';

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
const installation = await startInstallation({
  dataDirectory: resolve('.test/bench-data'),
  keep: true,
  environment: {
    POSTAMT_DEMO: '0',
    POSTAMT_LOG_LEVEL: 'warn',
    POSTAMT_MAIL_PROCESSES: options.processes,
    POSTAMT_LOGIN_FAILURES: '1000',
    POSTAMT_CONNECTIONS_PER_ADDRESS: '20000',
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
  const { web } = running;
  const who = (name: string) => ({ address: `${name}@muster.test`, password: 'bench' });
  const seconds = 20;
  /** measured by clients of ours: each round on both sides, or null where the peer has no such thing */
  const own: { workload: Workload; ours: () => Promise<object>; theirs?: () => Promise<object | null>; before?: () => Promise<void> }[] = [
    {
      workload: groupWork(Number(options.rounds)),
      before: async () => {
        await giveGroup(installation.databaseUrl);
        giveAlias(peersDirectory);
      },
      ours: () => measureGroup(ports.smtp, ports.imaps, 'bench'),
      theirs: () => measureGroup(22325, 22993, 'bench'),
    },
    { workload: webmailWork(count), ours: () => measureWebmail(web, who('u1'), 5), theirs: () => measureRoundcube(who('u1').address) },
    { workload: fairnessWork, ours: () => measureFairness(ports.imaps, who('u1'), who('f99'), seconds) },
    { workload: webFairnessWork, ours: () => measureWebFairness(web, who('u1'), who('f99'), seconds) },
  ];
  for (const { workload, before, ours, theirs } of own.filter((one) => !options.only || one.workload.name.includes(options.only))) {
    const results: Measured['results'] = [[], []];
    // a row that fails is missing in the table and makes the run fail, after the others were measured and written
    try {
      await before?.();
      for (let round = 0; round < workload.rounds; round++) {
        results[0].push({ ...(await ours()) });
        results[1].push(theirs ? { ...(await theirs()) } : null);
      }
    } catch (error) {
      process.exitCode = 1;
      console.error(`${workload.name} failed: ${error instanceof Error ? error.message : error}`);
    }
    measured.push({ workload, results });
    console.log(`${workload.name} done (load ${loadavg()[0]?.toFixed(1)})`);
  }
  const { worst } = writeReport(measured, {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
    processes: Number(options.processes),
  });
  console.log(`docs/performance.md written. Worst ratio: ${worst}`);
} finally {
  await installation.stop();
  execFileSync('bash', [join(benchDirectory, 'peers-down.sh')], { env: { ...process.env, PEERS_DIR: peersDirectory }, stdio: 'ignore' });
}
