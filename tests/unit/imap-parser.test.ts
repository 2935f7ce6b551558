import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '#mail-server/imap/limits.ts';
import { canonicalName, nameProblem } from '#mail-server/folder-name.ts';
import { matchesPattern, simplifyPattern } from '#mail-server/imap/names/match-pattern.ts';
import { decodeModifiedUtf7, encodeModifiedUtf7 } from '#mail-server/imap/names/modified-utf7.ts';
import { CommandReader, type RawCommand, type ReadLimits } from '#mail-server/imap/parser/command-reader.ts';
import { Cursor } from '#mail-server/imap/parser/cursor.ts';
import { formatDateTime, parseDateTime } from '#mail-server/imap/parser/date-time.ts';
import { parseSequenceSet } from '#mail-server/imap/parser/sequence-set.ts';
import { formatNumbers } from '#mail-server/imap/serializer/format-set.ts';
import { formatString } from '#mail-server/imap/serializer/quote.ts';
import { processorTime } from '#tests/support/processor-time.ts';
import { anyCharacter } from '#tests/support/any-character.ts';

const allowed: ReadLimits = {
  literalBytes: 65_536,
  appendBytes: 1_000_000,
  appendTotalBytes: 2_000_000,
  reserve: () => true,
  release: () => undefined,
};

function readAll(bytes: Buffer, pieces: number[] = []): RawCommand[] {
  const reader = new CommandReader();
  const commands: RawCommand[] = [];
  let at = 0;
  const drain = () => {
    for (let result = reader.next(allowed); result.kind !== 'incomplete'; result = reader.next(allowed)) {
      if (result.kind === 'command') commands.push(result.command);
      else if (result.kind === 'refused') throw new Error(result.reason);
    }
  };
  for (const size of [...pieces, bytes.length]) {
    reader.input.push(bytes.subarray(at, Math.min(bytes.length, at + size)));
    at += size;
    drain();
  }
  return commands;
}

const emptyCommand: RawCommand = { text: [], literals: [], reserved: 0 };

const cursorOf = (text: string): Cursor => new Cursor(readAll(Buffer.from(`${text}\r\n`, 'latin1'))[0] ?? emptyCommand);

describe('command reader', () => {
  test('commands come out the same however the bytes are cut', () => {
    const bytes = Buffer.from('a LOGIN {3+}\r\nmax {5}\r\nge"ei\r\nb NOOP\r\nc APPEND x (\\Seen) ~{4+}\r\n\0\r\n}\r\n');
    const whole = readAll(bytes);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), (pieces) => {
        expect(readAll(bytes, pieces)).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  test('a line that is too long is refused without being kept', () => {
    const reader = new CommandReader();
    let refused = 0;
    for (let sent = 0; sent < 64; sent++) {
      reader.input.push(Buffer.alloc(32_768, 65));
      for (let result = reader.next(allowed); result.kind !== 'incomplete'; result = reader.next(allowed)) {
        if (result.kind === 'refused') refused++;
        if (result.kind === 'refused' && result.end) return expect(refused).toBe(2);
      }
      expect(reader.input.length).toBeLessThanOrEqual(limits.lineBytes);
    }
    throw new Error('never ended');
  });

  test.each(['4294967296', '18446744073709551616', '99999999999999999999', '1000001'])(
    'a literal of %s bytes is refused before "+"',
    (size) => {
      const reader = new CommandReader();
      reader.input.push(Buffer.from(`a APPEND INBOX {${size}}\r\n`));
      expect(reader.next(allowed)).toMatchObject({ kind: 'refused', reason: 'too-big', tag: 'a', end: false });
      reader.input.push(Buffer.from(`b APPEND INBOX {${size}+}\r\n`));
      expect(reader.next(allowed)).toMatchObject({ kind: 'refused', end: true });
    },
  );

  test('literals of other commands are bounded together and in number', () => {
    const reader = new CommandReader();
    reader.input.push(Buffer.from(`a LOGIN ${'{1+}\r\nx '.repeat(10_000)}\r\n`));
    let result = reader.next(allowed);
    while (result.kind === 'command') result = reader.next(allowed);
    expect(result).toMatchObject({ kind: 'refused', reason: 'literal-too-big', end: true });
  });
});

describe('strings', () => {
  test('what is written as string reads back as astring', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), fc.boolean(), (text, utf8) => {
        const clean = text.toWellFormed();
        const [command] = readAll(
          Buffer.concat([Buffer.from('a '), Buffer.from(formatString(clean, utf8), 'latin1'), Buffer.from('\r\n')]),
        );
        const cursor = new Cursor(command ?? emptyCommand);
        cursor.tag();
        cursor.space();
        expect(cursor.astring().toString('utf8')).toBe(clean);
      }),
    );
  });

  test.each(['"open', '"bad \\escape"', '"nul \0"', '{3}', '(', 'a"b'])('%j is no astring', (text) => {
    const cursor = cursorOf(text);
    expect(() => {
      cursor.astring();
      cursor.end();
    }).toThrow();
  });

  test('dates read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
        expect(parseDateTime(cursorOf(formatDateTime(seconds * 1000)))).toBe(seconds * 1000);
      }),
    );
    for (const none of ['31-Feb-2020 00:00:00', '00-Jan-2020 00:00:00', '01-Jan-2020 24:00:00'])
      expect(parseDateTime(cursorOf(`"${none} +0000"`))).toBeNull();
    expect(() => parseDateTime(cursorOf('"01-Foo-2020 00:00:00 +0000"'))).toThrow('No such month');
    expect(() => parseDateTime(cursorOf('"01-Jan-20 00:00:00 +0000"'))).toThrow('Bad date-time');
  });
});

describe('sets', () => {
  test('numbers written as a set read back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (numbers) => {
        const sorted = numbers.sort((a, b) => a - b);
        const set = parseSequenceSet(formatNumbers(sorted));
        const back = set.saved ? [] : set.ranges.flatMap(([low, high]) => Array.from({ length: high - low + 1 }, (_, at) => low + at));
        expect(back).toEqual(sorted);
      }),
    );
  });

  test.each(['0', '1:0', '4294967296', '1,,2', '1:', ':1', '-1', '1:2:3', '$1', ''])('%j is no set', (text) => {
    expect(() => parseSequenceSet(text)).toThrow();
  });

  test('overlapping, reversed and starred ranges are one', () => {
    expect(parseSequenceSet('9:5,1:3,2:6,*:4')).toEqual({ saved: false, ranges: [[1, Number.POSITIVE_INFINITY]] });
    expect(parseSequenceSet('$')).toEqual({ saved: true });
  });
});

describe('names', () => {
  test('modified UTF-7 reads back, and each name has one spelling', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (name) => {
        const clean = name.toWellFormed();
        expect(decodeModifiedUtf7(encodeModifiedUtf7(clean))).toBe(clean);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'&-AZaz09+,/ö~ '), maxLength: 20 }), (bytes) => {
        const decoded = decodeModifiedUtf7(bytes);
        if (decoded !== null) expect(encodeModifiedUtf7(decoded)).toBe(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['Entw&APw-rfe', 'Tom &- Jerry', '&ZeVnLIqe-'])('%s is valid', (bytes) => expect(decodeModifiedUtf7(bytes)).not.toBeNull());
  test.each(['&', '&AGE-', '&APw', '&APx-', '&2D0-', '&APw-&APw-', 'ü', '&AP!-'])('%s is not valid', (bytes) =>
    expect(decodeModifiedUtf7(bytes)).toBeNull(),
  );

  test('INBOX is INBOX in any case, as a parent too, and nothing else is', () => {
    expect([canonicalName('inbox'), canonicalName('InBox/x'), canonicalName('inboxes')]).toEqual(['INBOX', 'INBOX/x', 'inboxes']);
  });

  test.each([
    'a//b',
    '/a',
    'a/',
    'a\tb',
    'a'.repeat(256),
    Array(31).fill('a').join('/'),
    Array(40).fill('b'.repeat(30)).join('/'),
    'a\u0085',
  ])('a folder cannot be called %j', (name) => expect(nameProblem(name)).not.toBeNull());

  test('patterns mean the same as a regular expression would', () => {
    const unit = fc.constantFrom(...'ab/*%');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), fc.string({ unit: fc.constantFrom(...'ab/'), maxLength: 14 }), (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('%', '[^/]*')}$`);
        expect(matchesPattern(name, simplifyPattern(pattern))).toBe(expression.test(name));
      }),
      { numRuns: 5000 },
    );
  });

  test('a pattern of many stars takes no time', () => {
    const started = processorTime();
    expect(matchesPattern('I'.repeat(1000), `${'I*'.repeat(400)}x`)).toBe(false);
    expect(processorTime() - started).toBeLessThan(1000);
  });
});

describe('memory for APPEND', () => {
  const budget = (most: number) => {
    const state = { held: 0 };
    const reserve = (bytes: number): boolean => {
      if (state.held + bytes > most) return false;
      state.held += bytes;
      return true;
    };
    const release = (bytes: number): void => {
      state.held -= bytes;
    };
    return { state, limits: { ...allowed, reserve, release } };
  };

  test('is reserved as the bytes come in, and goes with the command', () => {
    const { state, limits } = budget(1000);
    const reader = new CommandReader();
    reader.input.push(Buffer.from('a APPEND x {300+}\r\n'));
    expect(reader.next(limits).kind).toBe('incomplete');
    expect(state.held).toBe(0);
    reader.input.push(Buffer.alloc(200, 65));
    expect(reader.next(limits).kind).toBe('incomplete');
    expect(state.held).toBe(200);
    reader.input.push(Buffer.from(`${'A'.repeat(100)}\r\n`));
    expect(reader.next(limits)).toMatchObject({ kind: 'command', command: { reserved: 300 } });
  });

  test('is given back when the connection ends', () => {
    const { state, limits } = budget(1000);
    const reader = new CommandReader();
    reader.input.push(Buffer.from(`a APPEND x {300+}\r\n${'A'.repeat(200)}`));
    reader.next(limits);
    reader.reset();
    reader.reset();
    expect(state.held).toBe(0);
  });

  test('that is not there refuses the whole command, and the next one is understood', () => {
    const { state, limits } = budget(250);
    const reader = new CommandReader();
    reader.input.push(Buffer.from(`a APPEND x {200+}\r\n${'A'.repeat(200)} {100+}\r\n${'B'.repeat(100)} {9+}\r\nCCCCCCCCC\r\nb NOOP\r\n`));
    expect(reader.next(limits)).toEqual({ kind: 'refused', reason: 'no-memory', tag: 'a', end: false });
    expect(state.held).toBe(0);
    expect(reader.next(limits)).toMatchObject({ kind: 'command', command: { reserved: 0, literals: [] } });
  });
});
