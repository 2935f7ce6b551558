import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { startSubmission, type RunningSubmission } from '#mail-server/smtp/submission-server.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { formsOfDevices } from '#tests/support/from-forms.ts';
import { setPassword, sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { openTestServices, testSecret, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';

let database: TestDatabase;
let opened: TestServices;
let submission: RunningSubmission;
let account: AccountId;
const password = 'vier Mäuse im Schnee';

/** Who may stand in a field: own and proved, own and not proved, a colleague, another customer, a stranger. */
const identities = {
  own: 'max@muster.at',
  alias: 'vorname.max@muster.at',
  unproved: 'vorstand@bank.example',
  colleague: 'erika@muster.at',
  'other customer': 'chef@andere.at',
  stranger: 'hans@example.org',
};
type Identity = keyof typeof identities;
const recipients = { inside: 'erika@muster.at', outside: 'victim@outside.example' };

beforeAll(async () => {
  database = await createTestDatabase();
  opened = await openTestServices(database.url, { sendPerHour: 10_000, hostName: 'mail.muster.at' });
  submission = await startSubmission({ ...opened.services, secret: testSecret });
  account = await createAccount(database.url, identities.own);
  await setPassword(database.url, account, password);
  for (const address of [identities.colleague, identities['other customer'], 'x@bank.example']) await createAccount(database.url, address);
  await sql(database.url, `insert into customer (id, name) values (2, 'Andere')`);
  await sql(database.url, `update domain set customer_id = 2 where name = 'andere.at'`);
  await sql(database.url, `update domain set verified_at = null where name = 'bank.example'`);
  for (const address of [identities.alias, identities.unproved])
    await sql(
      database.url,
      `insert into address (domain_id, address, mailbox_id) select id, $1, $2 from domain where name = split_part($1, '@', 2)`,
      [address, account],
    );
});
afterAll(async () => {
  await submission.close(1000);
  await opened.close();
  await database.drop();
});
beforeEach(() => sql(database.url, 'delete from queue_message'));

const submit = async (sender: string, recipient: string, content: string | Buffer): Promise<string | null> => {
  const client = await SmtpClient.open(submission.ports.submissions, { tls: true });
  try {
    expect(await client.signIn(identities.own, password)).toMatch(/^235 /);
    return await client.send(sender, [recipient], content);
  } finally {
    client.close();
  }
};
const queued = () => sql(database.url, 'select content, origin, author, judgement::text as judgement from queue_message');

/** the ways in which a letter speaks for somebody; the others are the submitter himself */
const ways: Record<string, (who: string) => { sender: string; head: string }> = {
  envelope: (who) => ({ sender: who, head: `From: <${identities.own}>` }),
  From: (who) => ({ sender: identities.own, head: `From: <${who}>` }),
  'From with a name': (who) => ({ sender: identities.own, head: `From: Chef <${who}>` }),
  'second author': (who) => ({ sender: identities.own, head: `From: <${identities.own}>, <${who}>` }),
  'address before the angles': (who) => ({ sender: identities.own, head: `From: ${who} <${identities.own}>` }),
  'author in a group': (who) => ({ sender: identities.own, head: `From: Team: <${who}>;` }),
  Sender: (who) => ({ sender: identities.own, head: `From: <${identities.own}>\r\nSender: <${who}>` }),
  'Resent-From': (who) => ({ sender: identities.own, head: `Resent-From: <${who}>\r\nFrom: <${identities.own}>` }),
  'Resent-Sender': (who) => ({
    sender: identities.own,
    head: `Resent-Sender: <${who}>\r\nResent-From: <${identities.own}>\r\nFrom: <${identities.own}>`,
  }),
  'read receipt': (who) => ({ sender: '', head: `From: <${who}>` }),
};
/** where each may be heard */
const heard: Record<Identity, readonly (keyof typeof recipients)[]> = {
  own: ['inside', 'outside'],
  alias: ['inside', 'outside'],
  unproved: ['inside'],
  colleague: [],
  'other customer': [],
  stranger: [],
};

describe.each(Object.keys(ways))('%s', (way) => {
  describe.each(Object.keys(identities) as Identity[])('%s', (identity) => {
    test.each(Object.entries(recipients))('to %s', async (place, recipient) => {
      const { sender, head } = ways[way]?.(identities[identity]) ?? { sender: '', head: '' };
      const answer = await submit(sender, recipient, `${head}\r\nSubject: x\r\n\r\ny\r\n`);
      const allowed = heard[identity].includes(place as keyof typeof recipients);
      expect(answer).toMatch(allowed ? /^250 / : /^5\d\d 5\.7\.1 .* - /);
      expect(await queued()).toHaveLength(allowed ? 1 : 0);
    });
  });
});

describe('what somebody else wrote', () => {
  const passedOn = (author: string, more = '') =>
    `Resent-From: <${identities.own}>\r\nResent-To: <${recipients.inside}>\r\n${more}From: Fremde <${author}>\r\nSubject: redirect\r\n\r\nx\r\n`;

  test('may be passed on in one’s own name, which is what we store', async () => {
    expect(await submit(identities.own, recipients.inside, passedOn(identities.stranger))).toMatch(/^250 /);
    expect(await queued()).toMatchObject([{ origin: 'submitted', author: null }]);
  });

  test('a list’s Sender stays in it', async () => {
    expect(await submit(identities.own, recipients.inside, passedOn(identities.stranger, 'Sender: <list@example.org>\r\n'))).toMatch(
      /^250 /,
    );
    expect(String((await queued())[0]?.['content'])).toContain('Sender: <list@example.org>');
  });

  test('a letter that was passed on before may be passed on again', async () => {
    expect(
      await submit(identities.own, recipients.inside, passedOn(identities.stranger, 'Resent-From: <somebody@example.org>\r\n')),
    ).toMatch(/^250 /);
  });

  test.each(['colleague', 'other customer'] as const)('but not in the name of a %s, who can write for himself', async (identity) => {
    expect(await submit(identities.own, recipients.inside, passedOn(identities[identity]))).toMatch(/^553 5\.7\.1 /);
  });

  test('not under a domain that is not proved, to the world', async () => {
    const content = passedOn(identities.stranger).replace(identities.own, identities.unproved);
    expect(await submit(identities.own, recipients.outside, content)).toMatch(/^550 5\.7\.1 /);
  });
});

describe('what a device writes', () => {
  test.each(formsOfDevices(identities.own))('%s', async (form) => {
    expect(await submit(identities.own, recipients.outside, `${form}\r\nSubject: scan\r\n\r\nx\r\n`)).toMatch(/^250 /);
    expect(await queued()).toMatchObject([{ origin: 'submitted', author: identities.own }]);
  });

  test('a name in Latin-1, no From, no header', async () => {
    expect(
      await submit(identities.own, recipients.outside, Buffer.from(`From: M\xfcller <${identities.own}>\r\n\r\nx\r\n`, 'latin1')),
    ).toMatch(/^250 /);
    expect(await submit(identities.own, recipients.outside, 'Subject: no from\r\n\r\nx\r\n')).toMatch(/^250 /);
    expect(await submit(identities.own, recipients.outside, 'just text, no header\r\n')).toMatch(/^250 /);
  });
});

test.each([
  'Authentication-Results: mail.muster.at; dmarc=pass header.from=bank.example',
  'authentication-results : MAIL.MUSTER.AT. 1; dkim=pass header.d=bank.example',
  'Authentication-Results: (x) other.example; spf=pass',
  'Received-SPF: pass',
])('results that a sender writes go no further: %s', async (forged) => {
  expect(await submit(identities.own, recipients.inside, `${forged}\r\nFrom: <${identities.own}>\r\n\r\nx\r\n`)).toMatch(/^250 /);
  expect(String((await queued())[0]?.['content'])).not.toMatch(/authentication-results|received-spf/i);
});

test('what a colleague gets under a domain that is not proved has no author whom we vouch for', async () => {
  expect(await submit(identities.own, recipients.inside, `From: <${identities.unproved}>\r\n\r\nx\r\n`)).toMatch(/^250 /);
  const [row] = await queued();
  expect(row).toMatchObject({
    origin: 'submitted',
    author: null,
    judgement: JSON.stringify({ submittedBy: Number(account) }).replace(':', ': '),
  });
});

describe('a Message-ID or a Date that no host would understand is put right', () => {
  const fields = async (head: string): Promise<string[]> => {
    expect(await submit(identities.own, recipients.outside, `From: <${identities.own}>\r\n${head}\r\n\r\nx\r\n`)).toMatch(/^250 /);
    const [block = ''] = String((await queued())[0]?.['content']).split('\r\n\r\n');
    return block.split('\r\n').filter((line) => /^(message-id|date)\s*:/i.test(line));
  };
  const id = /^Message-ID: <[^<>@\s]+@[^<>\s]+>$/;
  const date = /^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/;

  test.each(['Message-ID:', 'Message-ID: <>', 'Message-ID: abc', 'Message-ID: <a@b', 'Message-ID: <a b@c>', ''])('%j', async (head) => {
    expect((await fields(`${head}${head && '\r\n'}Date: Sat, 28 Nov 2026 10:00:00 +0100`)).filter((line) => id.test(line))).toHaveLength(1);
  });

  test.each(['Date:', 'Date: heute', 'Date: 2026-11-28 10:00', ''])('%j', async (head) => {
    const found = await fields(`${head}${head && '\r\n'}Message-ID: <a@b>`);
    expect(found.filter((line) => date.test(line))).toHaveLength(1);
    expect(found).toHaveLength(2);
  });

  test('what is right stays as it is, the first of several', async () => {
    const right = ['Message-ID: <a@b>', 'Date: Sat, 28 Nov 2026 10:00:00 +0100'];
    expect(await fields([...right, 'Message-ID: <c@d>', 'Date: gestern'].join('\r\n'))).toEqual(right);
  });
});
