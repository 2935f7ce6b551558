import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { changeFrom, saidOf } from '#lib/webmail/calendar/invitation-state.ts';
import { readInvitation } from '#lib/webmail/calendar/invitation.ts';
import { storableJson } from '#lib/mime/storable-json.ts';
import { textOfBlocks } from '#lib/webmail/view/text-blocks.ts';
import { viewOf } from '#tests/support/letter-view.ts';
import { calendarReply } from '#lib/webmail/calendar/reply.ts';
import { processorTime } from '#tests/support/processor-time.ts';

const ics = (lines: string[], method = 'REQUEST', before: string[] = []): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `METHOD:${method}`,
    ...before,
    'BEGIN:VEVENT',
    'UID:termin-1@muster.at',
    'DTSTAMP:20261120T080000Z',
    'ORGANIZER;CN="Muster; Erika":mailto:erika@muster.at',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
const at = '2026-11-28T08:00:00.000Z';
const attendee = { name: 'Max "der" Müller', address: 'max@muster.at' };

describe('invitations', () => {
  it('a rule of recurrence is told, never carried out', () => {
    const rule = (rrule: string) => readInvitation(ics(['DTSTART:20261201T080000Z', `RRULE:${rrule}`]))?.recurrence;
    expect(rule('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20270131T000000Z')).toEqual({
      every: 'week',
      interval: 2,
      days: [
        { day: 1, nth: 0 },
        { day: 3, nth: 0 },
      ],
      monthDays: [],
      months: [],
      count: null,
      until: '2027-01-31',
    });
    expect(rule('FREQ=MONTHLY;BYDAY=-1FR;COUNT=5')).toMatchObject({ every: 'month', days: [{ day: 5, nth: -1 }], count: 5 });
    expect(rule('FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1')).toMatchObject({ every: 'other', days: [] });
    const started = processorTime();
    expect(rule('FREQ=SECONDLY;COUNT=999999999')).toMatchObject({ every: 'other', count: 999_999_999 });
    expect(processorTime() - started).toBeLessThan(500);
  });

  it.each([
    ['FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3', { every: 'year', days: [{ day: 0, nth: -1 }], months: [3] }],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24', { every: 'year', monthDays: [24], months: [12] }],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', { every: 'month', monthDays: [-1] }],
    ['FREQ=WEEKLY;BYDAY=MO, WE', { every: 'week', days: [{ day: 1 }, { day: 3 }] }],
    ['FREQ=WEEKLY;UNTIL=20270131T22', { every: 'week', until: '2027-01-31' }],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', { every: 'other' }],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,3', { every: 'other' }],
    ['FREQ=MONTHLY;BYDAY=-2FR', { every: 'other' }],
    ['FREQ=DAILY;BYHOUR=9,13', { every: 'other' }],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', { every: 'other' }],
    ['FREQ=YEARLY;BYDAY=MO;BYMONTH=3', { every: 'other' }],
    ['FREQ=FORTNIGHTLY', { every: 'other' }],
    ['FREQ=MONTHLY;BYDAY=1MO,1TU,1WE,1TH,1FR,2MO,2TU,2WE,2TH,2FR,3MO,3TU,3WE,3TH,3FR', { every: 'other' }],
    ['FREQ=WEEKLY;BYMONTHDAY=15', { every: 'other' }],
  ])('what a rule of recurrence says is said whole, or not at all: %s', (rule, expected) => {
    const invitation = readInvitation(ics(['SUMMARY:Jour fixe', 'DTSTART:20261201T080000Z', `RRULE:${rule}`]));
    expect(invitation).toMatchObject({ title: 'Jour fixe', recurrence: expected });
  });

  it('days that no rule says are said', () => {
    const days = ';TZID=Europe/Vienna:20261201T090000,20261210T090000';
    const invitation = readInvitation(
      ics(['DTSTART;TZID=Europe/Vienna:20261201T090000', `RDATE${days}`, 'RDATE;VALUE=PERIOD:20261217T100000Z/PT1H']),
    );
    expect(invitation?.also.map(({ at }) => Date.parse(at))).toEqual([Date.UTC(2026, 11, 10, 8), Date.UTC(2026, 11, 17, 10)]);
  });

  it.each([
    ['EXDATE;VALUE=DATE:2026-12-04,2026-12-05', ['2026-12-04', '2026-12-05']],
    ['EXDATE:20261204', ['2026-12-04']],
    ['EXDATE:20261204T080000Z,20261301T990000Z', ['2026-12-04T08:00:00Z']],
    ['EXDATE:20261301T990000Z', []],
  ])('a day in a list that is none costs itself, and one that is written otherwise is that day: %s', (line, days) => {
    const invitation = readInvitation(ics(['DTSTART:20261203T080000Z', 'RRULE:FREQ=DAILY', line]));
    expect(invitation?.exceptions.map(({ at }) => at)).toEqual(days);
  });

  it.each([
    'DTEND;TZID=Europe/Vienna:00010101T000000',
    'RRULE:FREQ=DAILY;UNTIL=00010101T000000Z',
    'RRULE:FREQ=DAILY;UNTIL=99999999T999999Z',
  ])('what programs write for no time at all is none: %s', (line) => {
    const invitation = readInvitation(ics(['DTSTART;TZID=Europe/Vienna:20261203T080000', line]));
    expect(invitation).toMatchObject({ start: { at: '2026-12-03T07:00:00.000Z' }, end: null });
    expect(invitation?.recurrence?.until ?? '').toBe('');
  });

  it('one of a series tells when it is without its start, whether those behind it are meant, and how many others are', () => {
    const one = ['RECURRENCE-ID;TZID=Europe/Vienna:20261203T090000', 'STATUS:CANCELLED'];
    expect(readInvitation(ics(one, 'CANCEL'))).toMatchObject({ start: { at: '2026-12-03T08:00:00.000Z' }, following: false, others: 0 });
    const behind = readInvitation(ics(['DTSTART:20261203T080000Z', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20261203T080000Z']));
    expect(behind).toMatchObject({ following: true });
    const two = ['DTSTART:20261203T080000Z', 'RECURRENCE-ID:20261203T080000Z', 'END:VEVENT', 'BEGIN:VEVENT', 'UID:termin-1@muster.at'];
    const both = ics([...two, 'DTSTART:20261210T090000Z', 'RECURRENCE-ID:20261210T080000Z']);
    expect(readInvitation(both)).toMatchObject({ others: 1, moved: [] });
    const part = `Content-Type: text/calendar; method=REQUEST\n\n${both}`;
    expect(viewOf(`Subject: x\n${part}`).attachments.map(({ type }) => type)).toEqual(['text/calendar']);
  });

  it('a second invitation in a letter is offered as a file', () => {
    const part = (uid: string) =>
      `Content-Type: text/calendar; method=REQUEST\n\n${ics(['DTSTART:20261203T080000Z']).replace('termin-1', uid)}`;
    const of = (...uids: string[]) =>
      viewOf(`Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n${uids.map((uid) => `--b\n${part(uid)}\n`).join('')}--b--\n`);
    expect(of('eins', 'zwei').attachments).toHaveLength(1);
    expect(of('eins', 'eins').attachments).toHaveLength(0);
  });

  it.each([
    [
      'a whole day by Exchange',
      ['DTSTART;TZID=Europe/Vienna:20261203T000000', 'DTEND;TZID=Europe/Vienna:20261204T000000', 'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE'],
      '2026-12-03',
      '2026-12-04',
    ],
    [
      'a day of 25 hours',
      ['DTSTART;TZID=Europe/Vienna:20261024T120000', 'DURATION:P1D'],
      '2026-10-24T10:00:00.000Z',
      '2026-10-25T11:00:00.000Z',
    ],
    [
      'hours over that night',
      ['DTSTART;TZID=Europe/Vienna:20261024T120000', 'DURATION:PT24H'],
      '2026-10-24T10:00:00.000Z',
      '2026-10-25T10:00:00.000Z',
    ],
    ['an end before the start', ['DTSTART:20261203T090000Z', 'DTEND:20261203T080000Z'], '2026-12-03T09:00:00Z', undefined],
    ['hours to Greenwich', ['DTSTART:2026-12-03T09:00:00.000+01:00'], '2026-12-03T08:00:00Z', undefined],
    ['a day as people write it', ['DTSTART:2026-12-03'], '2026-12-03', undefined],
    ['no seconds', ['DTSTART:20261203T0900Z'], '2026-12-03T09:00:00Z', undefined],
    ['a month that is none', ['DTSTART:20261303T090000Z'], undefined, undefined],
    [
      'doubled ends of lines',
      ['DTSTART;TZID=Europe/Vi', ' enna:20261203T090000'].map((line) => `${line}\r`),
      '2026-12-03T08:00:00.000Z',
      undefined,
    ],
    ['an empty line within', ['DTSTART', '', ' ;VALUE=DATE', '', ' :20261203'], '2026-12-03', undefined],
  ])('times are what was meant: %s', (_, lines, start, end) => {
    const invitation = readInvitation(ics(['SUMMARY:x', ...lines]));
    expect([invitation?.title, invitation?.start?.at, invitation?.end?.at]).toEqual(['x', start, end]);
  });

  it('a line that no program reads costs itself', () => {
    const invitation = readInvitation(
      ics(['DTSTART:20261203T080000Z', 'SUMMARY;X=;LANGUAGE:Grüße', 'GEO:x', 'ATTENDEE;=:mailto:max@muster.at']),
    );
    expect(invitation).toMatchObject({ title: 'Grüße', start: { at: '2026-12-03T08:00:00Z' } });
  });

  it('a change says what was another before, and nothing of what stayed', () => {
    const at = (time: string) => ({ at: `2026-12-10T${time}Z`, kind: 'instant' as const, zone: '' });
    const was = { title: 'Jour fixe', start: at('10:00:00'), end: at('11:00:00'), place: 'Zimmer 2' };
    const later = { ...was, start: at('12:00:00') };
    expect(changeFrom(was, later)).toEqual({ title: '', place: '', start: was.start, end: was.end });
    expect(changeFrom(was, { ...was, place: 'Zimmer 3' })).toEqual({ title: '', place: 'Zimmer 2', start: null, end: null });
    expect(changeFrom(was, { ...was, start: { ...was.start, zone: 'Europe/Vienna' } })).toBeNull();
    expect(changeFrom(null, later)).toBeNull();
    // a sign that is cut in two, and NUL: what a row cannot keep makes no change of it
    const odd = { ...was, title: `${'a'.repeat(499)}🙂\0`, place: [] };
    expect(changeFrom(JSON.parse(storableJson(saidOf(odd))), saidOf(odd))).toBeNull();
  });

  it('a series ends on the day that its own calendar shows', () => {
    const until = (start: string, end: string) =>
      readInvitation(ics([`DTSTART${start}`, `RRULE:FREQ=DAILY;UNTIL=${end}`]))?.recurrence?.until;
    expect(until(';TZID=Europe/Vienna:20261201T003000', '20261217T233000Z')).toBe('2026-12-18');
    expect(until(';TZID=America/Los_Angeles:20261201T090000', '20261219T075959Z')).toBe('2026-12-18');
    expect(until(';TZID=Europe/Vienna:20261201T003000', '20261217T235900')).toBe('2026-12-17');
    expect(until(';VALUE=DATE:20261201', '20261217')).toBe('2026-12-17');
  });

  it('a series says when it is not, and what of it was moved', () => {
    const moved = (lines: string[]) => ['END:VEVENT', 'BEGIN:VEVENT', 'UID:termin-1@muster.at', ...lines];
    const series = readInvitation(
      ics([
        ...['DTSTART;TZID=Europe/Vienna:20261201T090000', 'RRULE:FREQ=WEEKLY', 'EXDATE;TZID=Europe/Vienna:20261208T090000,20261222T090000'],
        ...moved(['RECURRENCE-ID;TZID=Europe/Vienna:20261215T090000', 'DTSTART;TZID=Europe/Vienna:20261216T100000']),
        ...moved(['RECURRENCE-ID;TZID=Europe/Vienna:20261229T090000', 'DTSTART;TZID=Europe/Vienna:20261229T090000', 'STATUS:CANCELLED']),
        ...moved(['RECURRENCE-ID;TZID=Europe/Vienna:20261208T090000', 'DTSTART;TZID=Europe/Vienna:20261208T090000', 'STATUS:CANCELLED']),
      ]),
    );
    expect(series?.exceptions.map(({ at }) => at.slice(0, 10))).toEqual(['2026-12-08', '2026-12-22', '2026-12-29']);
    expect(series?.moved.map(({ from, to }) => [from.at, to.at])).toEqual([['2026-12-15T08:00:00.000Z', '2026-12-16T09:00:00.000Z']]);
  });

  it('what an answer says besides is kept; a task is told, not answered', () => {
    const reply = readInvitation(
      ics(['DTSTART:20261201T080000Z', 'ATTENDEE;PARTSTAT=DECLINED:mailto:max@muster.at', 'COMMENT:Leider verreist'], 'REPLY'),
    );
    expect(textOfBlocks(reply?.comment ?? [])).toBe('Leider verreist');
    const task = ics(['DUE:20261204T160000Z', 'SUMMARY:Angebot']).replaceAll('VEVENT', 'VTODO');
    expect(readInvitation(task)).toMatchObject({ method: 'PUBLISH', title: 'Angebot', end: { at: '2026-12-04T16:00:00Z' } });
    expect(calendarReply(task, { answer: 'ACCEPTED', attendee, at })).toBe(null);
  });

  it.each([
    ['tzone://Microsoft/Utc', '2026-12-01T09:00:00.000Z'],
    ['(UTC+01:00) Amsterdam\\, Berlin\\, Bern', '2026-12-01T08:00:00.000Z'],
    ['GMT+01:00', '2026-12-01T08:00:00.000Z'],
    ['"Europe/Vienna"', '2026-12-01T08:00:00.000Z'],
  ])('a colon in the name of a zone takes nothing of the time: %s', (zone, at) => {
    const lines = [`DTSTART;TZID=${zone}:20261201T090000`, 'RRULE:FREQ=DAILY', `EXDATE;TZID=${zone}:20261202T090000,20261203T090000`];
    const invitation = readInvitation(ics(lines));
    expect(invitation?.start).toMatchObject({ at, kind: 'instant' });
    expect(invitation?.exceptions).toHaveLength(2);
    const extended = ics([...lines.slice(0, 2), `EXDATE;TZID=${zone}:2026-12-02T09:00:00,2026-12-03T09:00:00`]);
    expect(readInvitation(extended)?.exceptions).toEqual(invitation?.exceptions);
  });

  it('an answer names no zone that it does not describe', () => {
    const reply = calendarReply(ics(['DTSTART;TZID=Europe/Vienna:20261201T090000', 'DTEND;TZID=Eigene:20261201T100000']), {
      answer: 'ACCEPTED',
      attendee,
      at,
    });
    expect(reply).toContain('DTSTART:20261201T080000Z');
    expect(reply).toContain('DTEND;TZID=Eigene:20261201T100000');
  });

  it('a zone that is made to cost time is not carried out either', () => {
    const zone = (rule: string) => [
      ...['BEGIN:VTIMEZONE', 'TZID:Eigene', 'BEGIN:STANDARD', 'DTSTART:16010101T000000', `RRULE:${rule}`],
      ...['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'END:STANDARD', 'END:VTIMEZONE'],
    ];
    const start = (rule: string) => readInvitation(ics(['DTSTART;TZID=Eigene:20261201T090000'], 'REQUEST', zone(rule)))?.start;
    expect(start('FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU')).toEqual({ at: '2026-12-01T08:00:00.000Z', kind: 'instant', zone: '' });
    const started = processorTime();
    expect(start('FREQ=SECONDLY')).toEqual({ at: '2026-12-01T09:00:00', kind: 'floating', zone: '' });
    expect(processorTime() - started).toBeLessThan(500);
  });

  it('what is too large or no calendar is none', () => {
    expect(readInvitation(ics([`SUMMARY:${'x'.repeat(600_000)}`]))).toBeNull();
    expect(readInvitation('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n')).toBeNull();
    expect(readInvitation('kein Kalender')).toBeNull();
  });

  it('the answer names the same event, the one who answers, and nobody else', () => {
    const source = ics([
      'SEQUENCE:3',
      'DTSTART;TZID=Europe/Vienna:20261203T090000',
      'SUMMARY:Grüße\\, Plan',
      'ATTENDEE;CN=Max:mailto:max@muster.at',
      'ATTENDEE;CN=Otto:mailto:otto@muster.at',
    ]);
    const reply = calendarReply(source, { answer: 'TENTATIVE', attendee, at }) ?? '';
    const calendar = new ICAL.Component(ICAL.parse(reply));
    const event = calendar.getFirstSubcomponent('vevent');
    expect(calendar.getFirstPropertyValue('method')).toBe('REPLY');
    expect(event?.getFirstPropertyValue('uid')).toBe('termin-1@muster.at');
    expect(event?.getFirstPropertyValue('sequence')).toBe(3);
    expect(event?.getAllProperties('attendee').map((one) => [one.getFirstValue(), one.getParameter('partstat')])).toEqual([
      ['mailto:max@muster.at', 'TENTATIVE'],
    ]);
    expect(event?.getFirstPropertyValue('organizer')).toBe('mailto:erika@muster.at');
    expect(reply).toContain('DTSTAMP:20261128T080000Z');
    expect(reply.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  });

  it('of a series with exceptions the series is answered; of one instance that instance', () => {
    const exception = [
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:termin-1@muster.at',
      'RECURRENCE-ID:20261208T080000Z',
      'DTSTART:20261208T100000Z',
    ];
    const series = ics(['DTSTART:20261201T080000Z', 'RRULE:FREQ=WEEKLY', ...exception]);
    expect(calendarReply(series, { answer: 'ACCEPTED', attendee, at })).not.toContain('RECURRENCE-ID');
    const one = ics(['RECURRENCE-ID:20261208T080000Z', 'DTSTART:20261208T100000Z']);
    expect(readInvitation(one)?.instance).toBe('2026-12-08T08:00:00Z');
    expect(calendarReply(one, { answer: 'ACCEPTED', attendee, at })).toContain('RECURRENCE-ID:20261208T080000Z');
  });

  it('a cancellation and an answer cannot be answered', () => {
    for (const method of ['CANCEL', 'REPLY', 'PUBLISH']) {
      expect(calendarReply(ics(['DTSTART:20261201T080000Z'], method), { answer: 'ACCEPTED', attendee, at })).toBeNull();
    }
  });

  it.each([
    ['of Windows', 'AUS Eastern Standard Time', '2026-12-03T03:00:00.000Z'],
    ['of Notes', 'W. Europe', '2026-12-03T13:00:00.000Z'],
    ['of Notes, for America', 'US Eastern', '2026-12-03T19:00:00.000Z'],
    ['as Outlook shows it', '"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', '2026-12-03T13:00:00.000Z'],
    ['as Exchange showed it', '"(GMT+01.00) Sarajevo/Warsaw/Zagreb"', '2026-12-03T13:00:00.000Z'],
    ['of an offset', 'GMT+0100', '2026-12-03T13:00:00.000Z'],
    ['of a program', '/citadel.org/20190914_1/Europe/Vienna', '2026-12-03T13:00:00.000Z'],
  ])('a zone by the name %s is known', (_, zone, at) => {
    expect(readInvitation(ics([`DTSTART;TZID=${zone}:20261203T140000`]))?.start).toMatchObject({ at, kind: 'instant' });
  });

  it('what Notes calls GMT, and describes, has a summer; what others call so has none', () => {
    const change = (name: string, month: number, from: string, to: string) => [
      ...[`BEGIN:${name}`, `DTSTART:19960101T020000`, `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`],
      ...[`RRULE:FREQ=YEARLY;BYMONTH=${month};BYDAY=-1SU`, `END:${name}`],
    ];
    const london = [
      ...['BEGIN:VTIMEZONE', 'TZID:GMT', ...change('STANDARD', 10, '+0100', '+0000')],
      ...[...change('DAYLIGHT', 3, '+0000', '+0100'), 'END:VTIMEZONE'],
    ];
    const start = (zone: string[]) => readInvitation(ics(['DTSTART;TZID=GMT:20260703T140000'], 'REQUEST', zone))?.start?.at;
    expect(start(london)).toBe('2026-07-03T13:00:00.000Z');
    expect(start([])).toBe('2026-07-03T14:00:00Z');
  });

  it('a duration is an end, a day without its word is a day', () => {
    expect(readInvitation(ics(['DTSTART;TZID=Europe/Vienna:20261203T140000', 'DURATION:PT90M']))?.end?.at).toBe('2026-12-03T14:30:00.000Z');
    expect(readInvitation(ics(['DTSTART:20261203', 'DURATION:P2D']))).toMatchObject({
      start: { at: '2026-12-03', kind: 'day' },
      end: { at: '2026-12-05', kind: 'day' },
    });
  });

  it.each([
    ['a description with real line ends', ['DESCRIPTION:eins', 'zwei: drei ohne Einzug']],
    ['an empty line', ['', 'X-A;X']],
    ['a rule that is none', ['RRULE:FREQ=NONSENSE;COUNT=x']],
    ['a date that is none', ['CREATED:gestern']],
    ['a line without a value', ['X-LEER']],
  ])('%s costs itself, not the invitation', (_, lines) => {
    const found = readInvitation(ics(['DTSTART:20261203T130000Z', ...lines, 'LOCATION:Zimmer 4']));
    expect(textOfBlocks(found?.place ?? [])).toBe('Zimmer 4');
    expect(found).toMatchObject({
      start: { at: '2026-12-03T13:00:00Z' },
    });
  });

  it('place and description have links, also where a program writes HTML there; what stands in brackets is no tag', () => {
    const linksOf = (value: string) => {
      const found = readInvitation(ics(['DTSTART:20261203T130000Z', `LOCATION:${value}`, `DESCRIPTION:${value}`]));
      expect(found?.place).toEqual(found?.description);
      return {
        text: textOfBlocks(found?.place ?? []),
        links: (found?.place ?? []).flatMap((one) => one.paragraphs.flat()).filter((one) => one.href),
      };
    };
    expect(linksOf('https://meet.example/abc').links).toMatchObject([{ href: 'https://meet.example/abc' }]);
    expect(linksOf('Bitte <b>bald</b>:\\n- <a href="https://meet.example/abc?a=1&amp\\;b=2">beitreten</a>')).toEqual({
      text: 'Bitte bald:\n- beitreten <https://meet.example/abc?a=1&b=2>',
      links: [{ text: 'https://meet.example/abc?a=1&b=2', href: 'https://meet.example/abc?a=1&b=2' }],
    });
    expect(linksOf('Petra <p.gruber@muster.at>').links).toMatchObject([{ href: 'mailto:p.gruber@muster.at' }]);
    expect(linksOf('<b>Teams</b> <https://meet.example/abc><br>Petra <p.gruber@muster.at>')).toMatchObject({
      text: 'Teams <https://meet.example/abc>\nPetra <p.gruber@muster.at>',
      links: [{ href: 'https://meet.example/abc' }, { href: 'mailto:p.gruber@muster.at' }],
    });
    // around the part that Google and Teams add they draw lines, wider than any card
    const line = '-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-';
    expect(linksOf(`${line}\\nBeitreten\\n${line}`).text).toBe('Beitreten');
    expect(linksOf(`Hallo<br>${'_'.repeat(80)}<br>Beitreten`).text).toBe('Hallo\nBeitreten');
    expect(linksOf('Teil 1\\n----------\\nTeil 2').text).toBe('Teil 1\n----------\nTeil 2');
    expect(linksOf('').text).toBe('');
  });

  it('more events than one are counted, exceptions of a series are not', () => {
    const event = (uid: string, more = '') =>
      `BEGIN:VEVENT\r\nUID:${uid}\r\nSUMMARY:x\r\n${more}DTSTART:20261203T130000Z\r\nEND:VEVENT\r\n`;
    const others = (events: string) => readInvitation(`BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${events}END:VCALENDAR\r\n`)?.others;
    expect(others(event('a') + event('b') + event('c'))).toBe(2);
    expect(others(event('a') + event('a', 'RECURRENCE-ID:20261210T130000Z\r\n'))).toBe(0);
    expect(others('BEGIN:VTODO\r\nSUMMARY:x\r\nEND:VTODO\r\n')).toBe(0);
  });

  it('what stands around a calendar, and ends that are missing, do no harm', () => {
    const whole = ics(['DTSTART:20261203T130000Z', 'SUMMARY:Treffen']);
    expect(readInvitation(`\r\n  ${whole}--\r\nListe: http://x.example\r\n`)?.title).toBe('Treffen');
    expect(readInvitation(whole.replace(/END:[\s\S]*$/, ''))?.title).toBe('Treffen');
    const old =
      'BEGIN:VCALENDAR\nVERSION:1.0\nBEGIN:VEVENT\nSUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=C3=9Fe=\n aus=0AWien\nEND:VEVENT\n';
    expect(readInvitation(old)?.title).toContain('Grüße');
  });

  it('a file of a calendar is read like an invitation, and stays a file; one that cannot be read is offered', () => {
    const event = ics(['DTSTART:20261203T130000Z', 'SUMMARY:Treffen']);
    const file = viewOf(`Subject: x\nContent-Type: application/octet-stream; name=invite.ics\n\n${event}`);
    expect([file.calendar?.title, file.attachments.map(({ name }) => name)]).toEqual(['Treffen', ['invite.ics']]);
    expect(viewOf('Subject: x\nContent-Type: text/calendar\n\nkein Kalender\n').attachments).toHaveLength(1);
  });

  it('an event that no calendar stands around is read all the same', () => {
    const [, event = ''] = /(BEGIN:VEVENT.*END:VEVENT)/s.exec(ics(['SUMMARY:Kontrolle', 'DTSTART:20261203T080000Z'])) ?? [];
    expect(readInvitation(event, 'request')).toMatchObject({ title: 'Kontrolle', method: 'REQUEST' });
    expect(calendarReply(event, { answer: 'ACCEPTED', attendee, at, method: 'request' })).toContain('UID:termin-1@muster.at');
  });

  it('nor is what stands above it lost: that it is called off, and its time zone', () => {
    const zone = ['TZID:Büro', 'BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0300', 'TZOFFSETTO:+0300', 'END:STANDARD'];
    const event = ['BEGIN:VEVENT', 'UID:1', 'SUMMARY:Kontrolle', 'DTSTART;TZID=Büro:20261203T140000', 'END:VEVENT'];
    const above = ['METHOD:CANCEL', 'BEGIN:VTIMEZONE', ...zone, 'END:VTIMEZONE'];
    const start = { kind: 'instant', at: '2026-12-03T11:00:00.000Z' };
    expect(readInvitation([...above, ...event].join('\r\n'))).toMatchObject({ title: 'Kontrolle', method: 'CANCEL', start });
  });

  it('letters that a fold cuts in two are whole', () => {
    const event = ics(['DTSTART:20261203T130000Z', 'SUMMARY:Grüße']);
    const [before = '', behind = ''] = Buffer.from(event).toString('latin1').split('\xc3\xbc');
    const raw = Buffer.from(`Subject: x\r\nContent-Type: text/calendar; charset=utf-8\r\n\r\n${before}\xc3\r\n \xbc${behind}`, 'latin1');
    expect(viewOf(raw).calendar?.title).toBe('Grüße');
  });
});
