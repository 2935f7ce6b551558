import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ruledLetter, runScript, type ReadyScript } from '#mail-server/delivery/rules/run-script.ts';
import { zoneOf } from '#mail-server/delivery/rules/zone-of.ts';
import { compile, type Script } from '#mail-server/sieve/compile.ts';
import { execute } from '#mail-server/sieve/execute.ts';
import { editedCopy } from '#mail-server/sieve/letter/edited-copy.ts';
import { Letter } from '#mail-server/sieve/letter/letter.ts';
import { DEFAULT_SIEVE_LIMITS } from '#mail-server/sieve/limits.ts';
import type { Outcome } from '#mail-server/sieve/run/actions.ts';
import type { Environment } from '#mail-server/sieve/run/environment.ts';
import { isQuick } from '#mail-server/sieve/script-cache.ts';
import { longestTurn } from '#tests/support/processor-time.ts';
import { emptyWorld } from '#tests/support/sieve-world.ts';

const limits = { ...DEFAULT_SIEVE_LIMITS, milliseconds: 2000 };
const zone = 'America/New_York';
const large = 'x'.repeat(80_000);
const letterOf = (body: string): Buffer =>
  Buffer.from(
    `Received: by a; Thu, 5 Mar 2026 00:30:00 +0000\r\nSubject: a\tb\r\nX-Test: one\r\nX-Test: two\r\nMessage-ID: <1@a>\r\n\r\n${body}\r\n`,
  );

/** As a mailbox has it: compiled here where that is quick. */
function ready(source: string): ReadyScript {
  const scripts = { active: 'main', contents: new Map([['main', source]]) };
  const script: Script | null = isQuick(scripts) ? compile(Buffer.from(source), { limits }) : null;
  return { script, scripts, limits };
}

const world = (changes: Partial<Environment> = {}): Environment => emptyWorld({ zoneMinutes: zoneOf(zone), ...changes });

/** What is stored: the actions, with the bytes of the header of each copy. */
const shown = (raw: Buffer, { actions, implicitKeep, failure }: Outcome): unknown =>
  JSON.parse(
    JSON.stringify({ actions, implicitKeep, failure }, (key, value) =>
      key === 'header' ? editedCopy(new Letter(raw), value).toString('latin1', 0, 300) : value,
    ),
  );

/** Each looks at the body, so that a large letter goes to a thread. */
const SCRIPTS: Record<string, string> = {
  nothing: 'require "body"; if body :raw :contains "y" { discard; }',
  'copies before and after an edit':
    'require ["body","editheader","fileinto","copy"]; if body :raw :contains "x" { fileinto :copy "a"; addheader "X-New" "ü"; addheader :last "X-End" "1"; deleteheader :index 1 "X-Test"; fileinto "b"; redirect "a@b.at"; }',
  'an implicit keep that was edited': 'require ["body","editheader"]; if body :raw :contains "x" { deleteheader "Subject"; }',
  'flags and answers':
    'require ["body","imap4flags","vacation","enotify"]; if body :raw :contains "x" { addflag "todo"; keep :flags "\\\\Seen"; vacation "away"; notify "mailto:a@b.at"; }',
  'the zone of the mailbox': `require ["body","date","fileinto","variables"]; if allof (body :raw :contains "x", date :matches "received" "std11" "*") { fileinto "\${1}"; }`,
  'what was seen before':
    'require ["body","duplicate","fileinto"]; if body :raw :contains "x" { if duplicate { fileinto "again"; } if duplicate :uniqueid "b" { stop; } }',
  'what mailboxes there are':
    'require ["body","mailbox","fileinto"]; if allof (body :raw :contains "x", mailboxexists "Work") { fileinto "Work"; }',
  'a fault': 'require ["body","ihave"]; if body :raw :contains "x" { keep;\nerror "sorry"; }',
};

describe('rules for a large letter', () => {
  it.each(Object.entries(SCRIPTS))('decide in a thread as they do here: %s', async (_, source) => {
    const environment = world({
      mailboxes: async () => [{ name: 'Work', specialUse: [], mailboxId: 'F2' }],
      seenBefore: async (_handle, id) => id === '<1@a>',
    });
    const raw = letterOf(large);
    const here = await execute(compile(Buffer.from(source)), new Letter(raw), environment);
    const there = await runScript(ready(source), ruledLetter(raw), environment, zone, 'somebody');
    expect(shown(raw, there)).toEqual(shown(raw, here));
  });

  it('are done here when they look at its header only', async () => {
    const script = ready('require ["fileinto"]; if header "x-test" "two" { fileinto "two"; }');
    const set = { active: 'main', contents: new Map([['main', 'this is no script']]) };
    const { actions } = await runScript({ ...script, scripts: set }, ruledLetter(letterOf(large)), world(), zone, 'somebody');
    expect(actions).toMatchObject([{ kind: 'fileinto', mailbox: 'two' }]);
  });
});

describe('a large script', () => {
  it('is compiled in a thread and decides', async () => {
    const source = `require "fileinto"; ${'if header "x" "y" { discard; }\n'.repeat(3000)} fileinto "end";`;
    const script = ready(source);
    expect(script.script).toBeNull();
    const { actions } = await runScript(script, ruledLetter(letterOf('x')), world(), zone, 'somebody');
    expect(actions).toMatchObject([{ kind: 'fileinto', mailbox: 'end' }]);
  });

  it('that is not valid any more leaves the letter in the inbox', async () => {
    const script = ready(`${'keep;\n'.repeat(8000)} nothing;`);
    const outcome = await runScript(script, ruledLetter(letterOf('x')), world(), zone, 'somebody');
    expect(outcome).toMatchObject({ actions: [], implicitKeep: { kind: 'keep' }, failure: { line: 8001 } });
  });
});

/** All workers of this process. kill(1) as a program: it says only by its code that one is gone already. */
function signalWorkers(signal: string): void {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'run-tasks'], { encoding: 'utf8' });
  spawnSync('kill', [`-${signal}`, ...stdout.split('\n').filter(Boolean)]);
}

describe('rules whose worker is taken away', () => {
  it('are not given up, as when the server is stopped', async () => {
    const environment = world({
      // asked between two tasks: the next one lies before a worker that stands still, and is not done however quick it would be
      async mailboxes() {
        signalWorkers('STOP');
        setTimeout(() => ['TERM', 'CONT'].forEach(signalWorkers), 50);
        return [{ name: 'Work', specialUse: [], mailboxId: 'F2' }];
      },
    });
    const source = SCRIPTS['what mailboxes there are'] ?? '';
    await expect(runScript(ready(source), ruledLetter(letterOf(large)), environment, zone, 'somebody')).rejects.toMatchObject({
      code: 'Busy',
    });
  });
});

describe('rules that would take for ever', () => {
  const a = 'a'.repeat(60_000);
  const EXPENSIVE: Record<string, string> = {
    'many regular expressions': `require ["regex","body"]; ${Array.from({ length: 30 }, (_, i) => `if body :raw :regex "(a|aa|aaa){1,${i + 20}}c${i}" { discard; }`).join('\n')}`,
    'many keys': `require ["body"]; if body :raw :matches [${Array.from({ length: 200 }, (_, i) => `"*${'a?'.repeat(40)}b${i}*"`)}] { discard; }`,
    // more than half a second, if it were done here
    'one pattern again and again': `require ["variables","body"]; set "p" "*${'a?'.repeat(200)}b*"; ${`if body :raw :matches "\${p}" { discard; }\n`.repeat(400)}`,
    'strings that grow': `require ["variables"]; set "a" "aaaaaaaaaaaaaaaa"; ${`set "a" "\${a}\${a}";`.repeat(9)} ${`if string :matches "${`\${a}`.repeat(16)}" "${`\${a}*`.repeat(9)}b" { discard; }\n`.repeat(60)}`,
  };
  it.each(Object.entries(EXPENSIVE))('hold up nobody else: %s', async (_, source) => {
    // compiled before, as it is for all letters but the first
    const script = ready(source);
    const longest = await longestTurn(async () => {
      const outcome = await runScript(script, ruledLetter(letterOf(a)), world(), zone, 'somebody');
      expect(outcome.implicitKeep).not.toBeNull();
    });
    // 20 ms and the step in which they end
    expect(longest).toBeLessThan(250);
  });
});
