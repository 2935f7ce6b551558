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
import { provisionBenchMailboxes, turnFilterOff } from './provision.ts';
import { giveRules } from './rules.ts';
import { writeReport, type Measured } from './report.ts';
import { measureWebFairness } from './web-fairness.ts';
import { measureWebmail } from './webmail.ts';
import {
  fairnessWork,
  deliveredTo,
  forwardWork,
  groupWork,
  ruledCount,
  ruledFrom,
  unfilteredFrom,
  webFairnessWork,
  webmailWork,
  workloads,
  type Workload,
} from './workloads.ts';

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

async function measure(side: Side, workload: Pick<Workload, 'arguments' | 'name' | 'fastHash'>): Promise<Record<string, unknown>> {
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
    throw new Error(`${side.name}: ${stderr.trim().split('\n').at(-1)}`, { cause: error });
  }
}

/** Both sides in turn, each first as often as the other. What fails is missing in the table, costs no other row, and makes the run fail. */
async function inTurn(workload: Workload, ...sides: (() => Promise<object | null>)[]): Promise<Measured> {
  const results: Measured['results'] = [[], []];
  for (let round = 0; round < workload.rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const line = await sides[side]?.().catch((error: unknown) => {
        process.exitCode = 1;
        // with what it was made of: two ways to see a letter fail together
        console.error(`${workload.name} failed:`, error);
      });
      results[side as 0 | 1].push(line ? { ...line } : null);
    }
  }
  console.log(`${workload.name} done (load ${loadavg()[0]?.toFixed(1)})`);
  return { workload, results };
}

async function measureRoundcube(address: string): Promise<Record<string, unknown>> {
  const argv = ['--user', address, '--pass', 'bench', '--count', String(count), '--runs', '5'];
  const { stdout } = await run(process.execPath, [join(benchDirectory, 'webbench.mjs'), ...argv], { timeout: 300_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
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
  await turnFilterOff(
    installation.databaseUrl,
    Array.from({ length: deliveredTo }, (_, index) => `u${unfilteredFrom + index}@muster.test`),
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
  const onPostamt = (workload: Workload) => () => measure(postamt, workload);
  const onPeer = (workload: Workload) => () => measure(dovecot, workload);

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
    measured.push(await inTurn(build, onPostamt(build), onPeer(build)));
  }
  for (const workload of workloads(count, Number(options.rounds)).filter((one) => !options.only || one.name.includes(options.only))) {
    measured.push(await inTurn(workload, onPostamt(workload), onPeer(workload)));
  }
  giveAliases(peersDirectory, outside.sink.port);
  const { web } = running;
  const who = (name: string) => ({ address: `${name}@muster.test`, password: 'bench' });
  const seconds = 20;
  await giveGroup(installation.databaseUrl);
  await giveForward(installation.databaseUrl);
  const group = (smtp: number, imaps: number) => () => measureGroup(smtp, imaps, 'bench');
  const forward = (smtp: number) => () => measureForward(smtp, outside.sink);
  // measured by clients of ours; where there is one side only, the peer has no such thing
  const own: [Workload, ...(() => Promise<object | null>)[]][] = [
    [groupWork(Number(options.rounds)), group(ports.smtp, ports.imaps), group(22325, 22993)],
    [forwardWork(Number(options.rounds)), forward(ports.smtp), forward(22325)],
    [webmailWork(count), () => measureWebmail(web, who('u1'), 5), () => measureRoundcube(who('u1').address)],
    [fairnessWork, () => measureFairness(ports.imaps, who('u1'), who('f99'), { seconds })],
    [webFairnessWork, () => measureWebFairness(web, who('u1'), who('f99'), seconds)],
  ];
  for (const [workload, ...sides] of own) {
    if (!options.only || workload.name.includes(options.only)) measured.push(await inTurn(workload, ...sides));
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
