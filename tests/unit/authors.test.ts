import { describe, expect, it } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { readAuthor, soleAuthor, writtenAddress } from '#lib/mime/read-author.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { readEnvelope } from '#tests/support/body-structure.ts';
import { parseImapList } from '#tests/support/imap-list.ts';
import { formsOfDevices, formsOfNobody, formsOfVictim, victim } from '#tests/support/from-forms.ts';

const message = (form: string): Buffer => Buffer.from(`${form}\r\nSubject: x\r\n\r\ny\r\n`);
const authorOf = (form: string) => readAuthor(new MessageHeader(message(form)));
/** what ENVELOPE shows, lower case */
const shownBy = (form: string): string[] =>
  (readEnvelope(parseImapList(indexMessage(message(form)).envelope)).from ?? []).map(([, , mailbox, host]) =>
    Buffer.from(`${mailbox}@${host}`, 'latin1').toString().toLowerCase(),
  );

describe('who is judged is who is shown', () => {
  it.each(Object.entries(formsOfVictim))('%s', (_, form) => {
    const author = authorOf(form);
    expect(author.kind).toBe('known');
    if (author.kind !== 'known') return;
    expect(author.candidates.map(({ domain }) => domain)).toContain('bank.example');
    // every mailbox of the envelope is one that was judged
    expect(shownBy(form).map((each) => each.replace(/\.$/, ''))).toEqual(
      author.mailboxes.map((each) => writtenAddress(each).toLowerCase()),
    );
  });

  it('one author only is one who can be vouched for', () => {
    const sole = (form: string): string | null => {
      const author = soleAuthor(authorOf(form));
      return author && writtenAddress(author);
    };
    expect(sole(`From: Chef <${victim}>`)).toBe(victim);
    expect(sole(`From: ${victim} <${victim}>`)).toBe(victim);
    expect(sole(`From: "${victim}" <a@evil.example>`)).toBe('a@evil.example');
    for (const name of ['two authors', 'another name first', 'two angles', 'route'])
      expect(sole(formsOfVictim[name] ?? ''), name).toBe(null);
  });
});

describe('who names nobody is nobody', () => {
  it.each(Object.entries(formsOfNobody))('%s', (_, form) => {
    expect(authorOf(form).kind).not.toBe('known');
  });
});

it.each(formsOfDevices('max@muster.at'))('a device is understood: %s', (form) => {
  const author = authorOf(form);
  expect(author.kind === 'known' && author.candidates.map(writtenAddress).map((each) => each.toLowerCase())).toEqual(['max@muster.at']);
  expect(shownBy(form)).toEqual(['max@muster.at']);
});
