import { describe, expect, it, test } from 'vitest';
import { replaceFilter } from '#components/mail/settings/replace-filter.ts';
import type { Condition, Filter, FilterAction } from '#lib/webmail/filters/filter.ts';
import { followFolders } from '#lib/webmail/filters/follow-folders.ts';
import { matchesFilter } from '#lib/webmail/filters/match-filter.ts';
import { readScript } from '#lib/webmail/filters/read-sieve.ts';
import { writeScript } from '#lib/webmail/filters/write-sieve.ts';
import { absencePeriod } from '../../app/(panel)/absence-period.ts';
import { expiryOf, lastDayOf } from '../../app/(panel)/expiry-day.ts';
import { endOfDay, startOfDay } from '#lib/webmail/calendar/day-bounds.ts';
import { compile } from '#mail-server/sieve/compile.ts';
import { DEFAULT_SIEVE_LIMITS } from '#mail-server/sieve/limits.ts';
import { execute } from '#mail-server/sieve/execute.ts';
import { Letter } from '#mail-server/sieve/letter/letter.ts';
import { emptyWorld } from '#tests/support/sieve-world.ts';

const text = (
  field: Extract<Condition, { kind: 'text' }>['field'],
  match: 'contains' | 'is' | 'matches',
  ...values: string[]
): Condition => ({
  kind: 'text',
  field,
  header: field === 'header' ? 'x-test' : '',
  match,
  not: false,
  values,
});
const filter = (conditions: Condition[], actions: FilterAction[] = [{ kind: 'stop' }], more: Partial<Filter> = {}): Filter => ({
  kind: 'filter',
  name: 'Probe',
  on: true,
  join: 'all',
  conditions,
  actions,
  ...more,
});
const everyAction: FilterAction[] = [
  { kind: 'read' },
  { kind: 'star' },
  { kind: 'label', label: 'Rechnung' },
  { kind: 'copy', folder: 'Ablage "A" \\ B' },
  { kind: 'copy', folder: 'Zweite', folderId: 'F7' },
  { kind: 'forward', address: 'buchhaltung@extern.example', keep: true },
  { kind: 'move', folder: 'Projekte/Grün', folderId: 'F12' },
  { kind: 'stop' },
];
const conditions: Condition[] = [
  text('from', 'contains', 'holz', 'Stahl "GmbH"'),
  text('from', 'is', 'HOLZ@extern.example'),
  text('from', 'matches', '*@extern.*'),
  text('to', 'is', 'max@muster.at'),
  text('to', 'contains', 'erika'),
  text('subject', 'contains', 'GRÜNE'),
  text('subject', 'matches', 'Re*gr?n*'),
  text('subject', 'is', 'rechnung für grüne stühle'),
  text('list', 'contains', 'garten.example'),
  text('header', 'contains', 'ja'),
  text('body', 'contains', 'überweisen'),
  text('body', 'matches', '*Euro*bis*'),
  { kind: 'size', over: true, kilobytes: 1 },
  { kind: 'size', over: false, kilobytes: 1 },
  { kind: 'attachment', not: false },
];
const letters = [
  'From: =?utf-8?q?Holz_=26_Gr=C3=BCn?= <holz@extern.example>\r\nTo: Max <max@muster.at>\r\nCc: erika@muster.at\r\nSubject: =?utf-8?q?Rechnung_f=C3=BCr_gr=C3=BCne_St=C3=BChle?=\r\nX-Test: JA\r\n\r\nBitte 300 Euro.\r\n',
  'From: a@b.example\r\nTo: liste@garten.example\r\nList-Id: Gartenfreunde <liste.garten.example>\r\nSubject: Regen im Garten\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Bitte <b>=FCber</b>weisen Sie 20 Euro bis morgen.</p>\r\n--q\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nPDF\r\n--q--\r\n',
  `From: x\r\nSubject:\r\n\r\n${'Lang. '.repeat(400)}\r\n`,
].map((letter) => Buffer.from(letter));
const dispositions = [[], ['attachment'], []];

async function engineTakes(given: Filter, letter: Buffer): Promise<boolean> {
  const script = compile(Buffer.from(writeScript({ head: '', requires: [], items: [{ ...given, actions: [{ kind: 'star' }] }] })), {
    limits: DEFAULT_SIEVE_LIMITS,
    load: () => null,
  });
  const { implicitKeep } = await execute(script, new Letter(letter), emptyWorld());
  return implicitKeep?.kind === 'keep' && implicitKeep.flags.includes('\\Flagged');
}

describe('what a trial says of a letter is what the rules engine does with it', () => {
  const some = conditions.flatMap((condition): Filter[] =>
    condition.kind === 'size' ? [filter([condition])] : [filter([condition]), filter([{ ...condition, not: true }])],
  );
  const joined = [filter(conditions.slice(0, 3)), filter(conditions.slice(3, 7), undefined, { join: 'any' }), filter([])];
  it.each([...some, ...joined].map((given) => [JSON.stringify(given.conditions), given] as const))('%s', async (_, given) => {
    for (const [at, bytes] of letters.entries()) {
      const said = matchesFilter(given, { bytes, sizeBytes: bytes.length, dispositions: dispositions[at] ?? [] });
      expect(said, `letter ${at}`).toBe(await engineTakes(given, bytes));
    }
  });
});

test('every filter comes back from its Sieve as it was, switched on and off', () => {
  const items = [true, false].flatMap((on) => [
    ...conditions.map((condition) => filter([condition], everyAction, { on })),
    filter(conditions, [{ kind: 'delete' }], { on, join: 'any', name: 'Alles [und] mehr'.replace(']', ')') }),
    filter([], everyAction, { on, name: '' }),
  ]);
  const script = writeScript({ head: '# von Hand\n', requires: [], items });
  expect(() => compile(Buffer.from(script), { limits: DEFAULT_SIEVE_LIMITS, load: () => null })).not.toThrow();
  const read = readScript(script);
  expect(read.items).toEqual(items);
  expect(read.head.trim()).toBe('# von Hand');
});

const foreign = `/* my rules */
require ["fileinto", "vacation", "variables"];
# rule:[Rechnungen]
if anyof (header :contains "Subject" ["Rechnung","Invoice"], header :contains "From" "billing@")
{
	fileinto "Rechnungen";
	stop;
}
# rule:[Aus]
if false # header :contains "subject" "x"
{
	fileinto "X";
}
# eine Notiz
if header :is "x-a" "b" { discard; } elsif true { keep; }
if not exists "date" { # niemals
  fileinto :create "Y"; }
set "name" "text: nothing";
vacation text:
Bin weg.
..
.
;
# Ende
`;

test('of a script written elsewhere nothing is lost: what cannot be said in sentences stays text', () => {
  const read = readScript(foreign);
  expect(read.items.map((item) => [item.kind, item.name])).toEqual([
    ['filter', 'Rechnungen'],
    ['filter', 'Aus'],
    ['text', ''],
    ['text', ''],
    ['text', ''],
    ['text', ''],
    ['text', ''],
  ]);
  const written = writeScript(read);
  for (const piece of [
    '/* my rules */',
    '# eine Notiz\nif header :is "x-a" "b" { discard; } elsif true { keep; }',
    'if not exists "date" { # niemals\n  fileinto :create "Y"; }',
    'vacation text:\nBin weg.\n..\n.\n;',
    '# Ende',
  ]) {
    expect(written).toContain(piece);
  }
  expect(readScript(written)).toEqual(readScript(writeScript(readScript(written))));
  expect(readScript('if "broken').items).toEqual([{ kind: 'text', name: '', text: 'if "broken' }]);
});

test('a comment of somebody else in front of a filter stays, and the filter is shown as one', () => {
  const source = '# mine\n# more\n# rule:[A]\nif true\n{\n\tstop;\n}\n# last\nif true\n{\n\tkeep;\n}\n';
  const read = readScript(source);
  expect(read.items.map((item) => (item.kind === 'filter' ? item.name : item.text))).toEqual([
    '# mine\n# more',
    'A',
    '# last\nif true\n{\n\tkeep;\n}',
  ]);
  expect(writeScript(read)).toBe(source);
});

test('a filter follows its folder, and is the same filter before and after it has the folder’s id', () => {
  const to = (folder: string, folderId?: string): Filter => filter([], [{ kind: 'move', folder, ...(folderId ? { folderId } : {}) }]);
  const ids = new Map([
    ['INBOX', 'F1'],
    ['Neu', 'F5'],
    ['Alt', 'F6'],
    ['Büro', 'F7'],
  ]);
  const followed = (item: Filter) => followFolders([item], ids)[0];
  expect(followed(to('Alt', 'F5'))).toEqual(to('Neu', 'F5'));
  expect(followed(to('Alt'))).toEqual(to('Alt', 'F6'));
  // its folder is gone, and another one has its name
  expect(followed(to('Alt', 'F9'))).toEqual(to('Alt', 'F6'));
  expect(followed(to('Weg', 'F9'))).toEqual(to('Weg'));
  expect(followed(to('INBOX'))).toEqual(to('INBOX'));
  // as the server takes names, so that none of them is said to be gone
  expect(followed(to('Inbox'))).toEqual(to('INBOX'));
  expect(followed(to('Bu\u0308ro'))).toEqual(to('Büro', 'F7'));
  // the longest name that the server knows
  const [long] = followFolders([to('Alt', 'F5')], new Map([['x'.repeat(1000), 'F5']]));
  expect(long && readScript(writeScript({ head: '', requires: [], items: [long] })).items).toEqual([long]);
  const after = filter([], [{ kind: 'stop' }]);
  expect(replaceFilter([to('Alt', 'F6')], to('Alt'), after)).toEqual([after]);
  expect(replaceFilter([to('Neu', 'F5')], to('Alt', 'F5'), after)).toEqual([after]);
  expect(replaceFilter([to('Neu', 'F5')], to('Alt', 'F6'), after)).toEqual([to('Neu', 'F5'), after]);
});

test('a filter that is written anew takes its own place, wherever that is by now, and stays switched off', () => {
  const named = (name: string, on = true): Filter => ({
    kind: 'filter',
    name,
    on,
    join: 'all',
    conditions: [],
    actions: [{ kind: 'stop' }],
  });
  const [one, other] = [named('eins'), named('zwei')];
  expect(replaceFilter([other, one], one, named('neu'))).toEqual([other, named('neu')]);
  expect(replaceFilter([named('eins', false), other], one, named('neu'))).toEqual([named('neu', false), other]);
  expect(replaceFilter([other], one, named('neu'))).toEqual([other, named('neu')]);
  expect(replaceFilter([other, named('neu')], one, named('neu'))).toEqual([other, named('neu')]);
});

test('a day begins and ends where its people are, also when the clocks change', () => {
  expect(startOfDay('2026-07-03', 'Europe/Vienna')?.toISOString()).toBe('2026-07-02T22:00:00.000Z');
  expect(endOfDay('2026-03-29', 'Europe/Vienna')?.toISOString()).toBe('2026-03-29T22:00:00.000Z');
  expect(endOfDay('2026-10-25', 'Europe/Vienna')?.toISOString()).toBe('2026-10-25T23:00:00.000Z');
  expect(startOfDay('2026-01-01', 'Pacific/Auckland')?.toISOString()).toBe('2025-12-31T11:00:00.000Z');
  for (const none of ['heute', '2026-02-31', '2026-13-01', '0026-07-03', '0000-01-01', '']) {
    expect(startOfDay(none, 'Europe/Vienna')).toBeNull();
    expect(endOfDay(none, 'Europe/Vienna')).toBeNull();
  }
});

test('an absence never goes on for ever because its last day is none', () => {
  const zone = 'Europe/Vienna';
  const startsAt = new Date('2026-07-02T22:00:00.000Z');
  for (const none of ['2026-02-31', '0026-07-03', '0000-01-01', 'morgen']) {
    expect(absencePeriod('2026-07-03', none, zone)).toBeNull();
    expect(absencePeriod(none, '2026-07-03', zone)).toBeNull();
  }
  expect(absencePeriod('2026-07-03', '2026-07-03', zone)).toEqual({ startsAt, endsAt: new Date('2026-07-03T22:00:00.000Z') });
  expect(absencePeriod('2026-07-03', '', zone)).toEqual({ startsAt, endsAt: null });
  expect(absencePeriod('', '9999-12-31', zone)).toEqual({ startsAt: null, endsAt: null });
});

it.each([
  ['Europe/Vienna', '2026-07-03T22:00:00Z'],
  ['America/New_York', '2026-07-04T04:00:00Z'],
  ['Pacific/Auckland', '2026-07-03T12:00:00Z'],
])('a forward that is valid until a day is so until the end of it where the person lives: %s', (zone, at) => {
  const end = new Date(at);
  expect(expiryOf('2026-07-03', zone, end.getTime() - 1)).toEqual(end);
  expect(expiryOf('2026-07-03', zone, end.getTime())).toBeNull();
  expect(lastDayOf(end, zone)).toBe('2026-07-03');
  expect(expiryOf('2026-02-31', zone, 0)).toBeNull();
});
