import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hasFewValues } from '#lib/webmail/few-values.ts';
import { MailError } from '#lib/webmail/connection/mail-error.ts';
import { letterRequest, parseBody } from '#lib/webmail/mail-requests.ts';

const ask = <T>(schema: z.ZodType<T>, body: string): Promise<T> =>
  parseBody(schema, new Request('http://postamt.test/', { method: 'POST', body }));
const refusal = async (body: string): Promise<unknown> => ask(z.unknown(), body).catch((error: unknown) => error);

describe('what a page sends', () => {
  const size = 4_000_000;
  test.each([
    ['nested lists', '['.repeat(size)],
    ['nested objects', '{"a":'.repeat(size / 5)],
    ['a list of numbers', `[${'0,'.repeat(size / 2)}0]`],
    ['a list of objects', `[${'{},'.repeat(size / 3)}{}]`],
    ['many names', `{${'"a":0,'.repeat(size / 6)}"a":0}`],
  ])('is refused before it becomes anything: %s', async (_, body) => {
    expect(await refusal(body)).toMatchObject(new MailError('TooLarge'));
  });

  test('may be a long text with whatever in it', async () => {
    const text = '[{",\\'.repeat(500_000);
    expect(await ask(z.string(), JSON.stringify(text))).toBe(text);
  });

  test('may be a letter to as many as its lines hold', async () => {
    const people = Array.from({ length: 10_000 }, (_, at) => ({ name: `N, ${at}`, address: `a${at}@muster.at` }));
    const letter = {
      id: crypto.randomUUID(),
      kind: 'new',
      from: null,
      to: people,
      cc: people,
      bcc: people,
      subject: '',
      html: '',
      text: '',
    };
    const given = { ...letter, uploads: [], inReplyTo: '', references: [], source: null, draft: null };
    expect((await ask(letterRequest, JSON.stringify(given))).bcc).toHaveLength(10_000);
  });
});

test('a name or a subject is one line, whatever a page sends', async () => {
  const person = { name: 'Max\r\nBcc: all@evil.example\0\u0085', address: 'max@muster.at' };
  const given = {
    id: crypto.randomUUID(),
    kind: 'new',
    from: person,
    to: [person],
    cc: [],
    bcc: [],
    subject: 'a\n\tb',
    html: '',
    text: 'a\n\tb',
    uploads: [],
  };
  const more = { inReplyTo: '', references: [], source: null, draft: null, replyTo: [person] };
  const letter = await ask(letterRequest, JSON.stringify({ ...given, ...more }));
  for (const { name } of [letter.from, ...letter.to, ...(letter.replyTo ?? [])].flatMap((each) => each ?? []))
    expect(name).toBe('Max Bcc: all@evil.example ');
  expect([letter.subject, letter.text]).toEqual(['a b', 'a\n\tb']);
});

test.each([
  ['NUL', '\0'],
  ['half of a sign', '\ud800'],
])('what the database cannot hold is refused at the door, wherever it stands: %s', async (_, sign) => {
  const plain = { id: crypto.randomUUID(), kind: 'new', to: [], cc: [], bcc: [], subject: '', html: '', text: '', uploads: [] };
  const letter = { ...plain, inReplyTo: '', references: [], source: null, draft: null };
  const refused = (more: object) => expect(ask(letterRequest, JSON.stringify({ ...letter, ...more }))).rejects.toThrow('InvalidRequest');
  await refused({ inReplyTo: `<a${sign}@x>` });
  await refused({ references: [`<a${sign}@x>`] });
  await refused({ source: { folder: `INBOX${sign}`, uid: 1 } });
  const uploads = [{ id: '0'.repeat(32), name: 'a', type: `text/plain${sign}`, sizeBytes: 1 }];
  const { uploads: taken } = await ask(letterRequest, JSON.stringify({ ...letter, uploads }));
  expect(JSON.stringify(taken)).not.toMatch(/\\u0000|\\ud800/);
});

test('values are counted outside of texts only, also where a text has no end', () => {
  const few = (text: string, most: number): boolean => hasFewValues(Buffer.from(text), most);
  expect(few('{"a":[1,2],"b":"x,[{"}', 5)).toBe(true);
  expect(few('{"a":[1,2],"b":"x,[{"}', 4)).toBe(false);
  expect(few(`"${',['.repeat(1000)}`, 2)).toBe(true);
  expect(few(`"\\"${',['.repeat(1000)}`, 2)).toBe(true);
});
