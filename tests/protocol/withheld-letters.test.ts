import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mintCustomerScope, mintMailboxScope } from '#lib/auth/customer-scope.ts';
import { customerId, type AccountId } from '#lib/db/ids.ts';
import { openDatabase as openPrisma, type Database as Prisma } from '#lib/db/prisma.ts';
import { discardWithheld, releaseWithheld } from '#lib/provisioning/withheld/release-withheld.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { setGroup, type GroupInput } from '#lib/provisioning/addresses/set-group.ts';
import { setQuarantine } from '#lib/provisioning/withheld/set-quarantine.ts';
import { listWithheld } from '#lib/provisioning/withheld/withheld-letters.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import { deliverToMailbox } from '#mail-server/delivery/deliver-to-mailbox.ts';
import { expireWithheldLetters, summariseQuarantine } from '#mail-server/housekeeping/expire-withheld.ts';
import { startQueue } from '#mail-server/queue/queue-worker.ts';
import type { Running } from '#mail-server/services.ts';
import { startMx } from '#mail-server/smtp/mx-server.ts';
import { startLmtp } from '#mail-server/smtp/lmtp-server.ts';
import type { RunningSmtp } from '#mail-server/smtp/serve.ts';
import { isInstalled } from '#tests/clients/program.ts';
import { enqueue } from '#mail-server/store/queue/queue-store.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { type Checker, eicar, startClamd } from '#tests/support/checkers.ts';
import { startDnsServer, type DnsServer } from '#tests/support/dns-server.ts';
import { eventually } from '#tests/support/eventually.ts';
import { storedMessages } from '#tests/support/inbox.ts';
import { sql } from '#tests/support/passwords.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';
import { queuedLetter } from '#tests/support/queued-letter.ts';
import { openTestServices, type TestServices } from '#tests/support/services.ts';
import { SmtpClient } from '#tests/support/smtp-client.ts';
import { startSmtpSink, type SmtpSink } from '#tests/support/smtp-sink.ts';
import { openTestProcess } from '#tests/support/store.ts';

let database: TestDatabase;
let dns: DnsServer;
let sink: SmtpSink;
let opened: TestServices;
let mx: RunningSmtp;
let lmtp: RunningSmtp;
let worker: Running | null = null;
let prisma: Prisma;
let max: AccountId;
let erika: AccountId;
const scope = mintCustomerScope({ customerId: customerId(1), role: 'owner', actor: 'user:1', remote: null });
const other = mintCustomerScope({ customerId: customerId(2), role: 'owner', actor: 'user:2', remote: null });
const ofMailbox = (mailboxId: number) =>
  mintMailboxScope({ customerId: customerId(1), mailboxId, actor: `mailbox:${mailboxId}`, remote: null });

beforeAll(async () => {
  database = await createTestDatabase();
  dns = await startDnsServer({
    'example.org': { MX: [[10, 'mx.example.org']], TXT: ['v=spf1 ip4:127.0.0.1 -all'] },
    'victim.example': { MX: [[10, 'mx.example.org']], TXT: ['v=spf1 -all'] },
    'mx.example.org': { A: ['127.0.0.1'] },
    '_dmarc.example.org': { TXT: ['v=DMARC1; p=none'] },
  });
  sink = await startSmtpSink({});
  opened = await openTestServices(database.url, { dnsServers: [dns.address], smtpPortOut: sink.port, hostName: 'mail.muster.at' });
  prisma = openPrisma(database.url, 4);
  max = await createAccount(database.url, 'max@muster.at');
  erika = await createAccount(database.url, 'erika@muster.at');
  await sql(database.url, `insert into customer (id, name) values (2, 'Andere GmbH')`);
  await sql(
    database.url,
    `insert into app_user (customer_id, email, name, role, mailbox_id) values (1, 'erika@muster.at', 'Erika', 'owner', $1)`,
    [erika],
  );
  mx = await startMx(opened.services);
  lmtp = await startLmtp(opened.services);
  worker = await startQueue(opened.services);
});
afterAll(async () => {
  await worker?.close(2000);
  await mx.close(1000);
  await lmtp.close(1000);
  await prisma.$disconnect();
  await opened.close();
  await sink.close();
  await dns.close();
  await database.drop();
});
beforeEach(async () => {
  sink.messages.length = 0;
  await sql(database.url, 'delete from withheld_letter');
  await sql(database.url, 'delete from rule_memory');
  await sql(database.url, 'delete from queue_message');
  await sql(database.url, `delete from address where kind <> 'mailbox'`);
  await sql(database.url, 'update customer set quarantine_told_at = null, quarantines_viruses = false, quarantines_programs = false');
  for (const account of [max, erika]) {
    const { uidnext } = await opened.services.store.snapshot(account, 1);
    await opened.services.store.expunge(account, 1, [[1, uidnext]], true);
  }
});

let serial = 0;
const letter = (subject: string, more = '', from = 'Hans <hans@example.org>', text = 'Wir sehen uns am Dienstag um zehn im Büro.') =>
  `From: ${from}\r\nTo: team@muster.at\r\nSubject: ${subject}\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${++serial}@example.org>\r\n${more}\r\n${text}\r\n`;
async function send(content: string, recipients = ['team@muster.at'], sender = 'hans@example.org', port = mx.port) {
  const client = await SmtpClient.open(port, { greeting: port === mx.port ? 'EHLO example.org' : 'LHLO example.org' });
  try {
    return await client.send(sender, recipients, content);
  } finally {
    client.close();
  }
}
const inbox = async (account: AccountId) => (await storedMessages(opened.services.store, account, 1)).map(String);
const subjects = async (account: AccountId) =>
  (await inbox(account)).map((each) => /^Subject: (.*)\r$/m.exec(each.replace(/\r\n /g, ' '))?.[1] ?? '');
const queueIsEmpty = () =>
  eventually('an empty queue', async () =>
    (await sql(database.url, `select 1 from queue_recipient where state = 'queued' and next_attempt_at < now() + interval '1 minute'`))
      .length === 0
      ? true
      : null,
  );
const waiting = () => listWithheld(prisma, scope);
const team = (more: Partial<GroupInput> = {}) =>
  setGroup(prisma, scope, {
    localPart: 'team',
    domain: 'muster.at',
    name: 'Das Team',
    members: ['max@muster.at', 'partner@example.org'],
    posting: 'members',
    replyTo: 'author',
    subjectPrefix: '',
    moderation: 'others',
    moderators: ['erika@muster.at'],
    ...more,
  });
const toOutside = (address: string) => sink.messages.filter(({ recipients }) => recipients.some((each) => each.address === address));

describe('a moderated group', () => {
  test('holds a stranger’s letter, tells its moderators and, once a day, him, and lets it go once', async () => {
    expect(await team()).toMatchObject({ ok: true });
    expect(await send(letter('Besuch'))).toMatch(/^250 /);
    expect(await send(letter('Noch ein Besuch'))).toMatch(/^250 /);
    await queueIsEmpty();
    expect(await inbox(max)).toEqual([]);
    expect(toOutside('partner@example.org')).toEqual([]);
    const notices = await inbox(erika);
    expect(notices).toHaveLength(2);
    expect(notices.join('')).toMatch(/Auto-Submitted: auto-generated/);
    expect(notices.join('')).toContain('/mail-settings/moderation');
    expect(notices.join('')).toContain('hans@example.org');
    const told = toOutside('hans@example.org');
    expect(told).toHaveLength(1);
    expect(String(told[0]?.content)).toMatch(/^Auto-Submitted: auto-replied/m);
    expect(String(told[0]?.content)).toMatch(/^In-Reply-To: <\d+@example\.org>/m);
    expect(told[0]?.sender).toBe('');
    const held = await waiting();
    expect(held).toHaveLength(2);
    const [first, second] = ['Besuch', 'Noch ein Besuch'].map((subject) => held.find((each) => each.subject === subject));
    expect(first).toMatchObject({ cause: 'not_allowed', group: 'Das Team', preview: 'Wir sehen uns am Dienstag um zehn im Büro.' });
    // two moderators at the same time
    const id = first?.id ?? 0;
    const answers = await Promise.all([releaseWithheld(prisma, ofMailbox(erika), id), releaseWithheld(prisma, scope, id)]);
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await discardWithheld(prisma, scope, second?.id ?? 0)).toMatchObject({ ok: true });
    await queueIsEmpty();
    expect(await subjects(max)).toEqual(['Besuch']);
    expect(String((await inbox(max))[0])).toContain('List-Id: "Das Team" <team.muster.at>'.replace(/"/g, ''));
    expect(toOutside('partner@example.org')).toHaveLength(1);
    expect(await waiting()).toEqual([]);
    expect(await sql(database.url, `select action from audit_event where action like 'withheld.%' order by id`)).toEqual([
      { action: 'withheld.released' },
      { action: 'withheld.discarded' },
    ]);
  });

  test('confirms a letter that waits as delivered to it, and says that it waits', async () => {
    await team();
    const client = await SmtpClient.open(mx.port, { greeting: 'EHLO example.org' });
    await client.ask('MAIL FROM:<hans@example.org>');
    expect(await client.ask('RCPT TO:<team@muster.at> NOTIFY=SUCCESS')).toMatch(/^250 /);
    expect(await client.data(letter('Bitte bestätigen'))).toMatch(/^250 /);
    client.close();
    await queueIsEmpty();
    const reports = toOutside('hans@example.org').flatMap(({ content }) =>
      /report-type=delivery-status/.test(String(content)) ? [String(content)] : [],
    );
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain('Action: delivered\r\nStatus: 2.1.5\r\n');
    expect(reports[0]?.replace(/=\r\n/g, '')).toContain('bei der Gruppe angekommen und wartet dort auf Freigabe');
    expect(await inbox(max)).toEqual([]);
  });

  test('that nobody moderates leads the customer’s people to where they release', async () => {
    await team({ moderators: [] });
    expect(await send(letter('Besuch'))).toMatch(/^250 /);
    await queueIsEmpty();
    expect((await inbox(erika)).join('')).toContain('/panel/quarantine');
  });

  test('holds everybody’s letters but its moderators’ where it is set so', async () => {
    await team({ moderation: 'everybody', posting: 'anyone', moderators: ['erika@muster.at', 'max@muster.at'] });
    const submit = (from: string, account: AccountId) =>
      enqueue(
        opened.services.database.write,
        queuedLetter(['team@muster.at'], {
          customerId: customerId(1),
          accountId: account,
          sender: from,
          content: Buffer.from(letter(`Von ${from}`, '', from)),
          provenance: { origin: 'submitted', author: from, judgement: null, submittedBy: account },
        }),
      );
    await submit('max@muster.at', max);
    await eventually('the copy', async () => (await subjects(max)).includes('Von max@muster.at'));
    expect(await send(letter('Von außen'))).toMatch(/^250 /);
    // who only pretends to be a moderator is none
    expect(await send(letter('Falsch', '', 'max@muster.at'), ['team@muster.at'], 'x@victim.example')).toMatch(/^250 /);
    await queueIsEmpty();
    expect((await waiting()).map(({ cause }) => cause)).toContain('moderated');
    expect((await subjects(max)).filter((subject) => subject === 'Von außen' || subject === 'Falsch')).toEqual([]);
  });

  test.each([
    ['who did not prove that the address is his', '', 'somebody@victim.example'],
    ['a list', 'List-Id: <x.example.org>\r\n', 'hans@example.org'],
    ['a program', 'Auto-Submitted: auto-generated\r\n', 'hans@example.org'],
    ['what went to many', 'Precedence: bulk\r\n', 'hans@example.org'],
    ['who wants no automatic answer', 'X-Auto-Response-Suppress: OOF, AutoReply\r\n', 'hans@example.org'],
    ['an address that nobody reads', '', 'no-reply@example.org'],
    ['the owner of a list', '', 'owner-liste@example.org'],
    ['the null sender', '', ''],
  ])('tells nothing to %s', async (_, more, sender) => {
    await team();
    expect(await send(letter('Still', more), ['team@muster.at'], sender)).toMatch(/^250 /);
    await queueIsEmpty();
    expect(await waiting()).toHaveLength(1);
    expect(sink.messages).toEqual([]);
  });

  test('tells nobody of what any Junk would take, and keeps it behind the others', async () => {
    await team();
    const spam = letter(
      'YOU WON $5,000,000 LOTTERY!!!',
      'Reply-To: claims@gmail.com\r\n',
      'Agent <agent@example.org>',
      'Congratulations! You have won the lottery. Send your bank details and passport copy to claim your inheritance fund of 5 million dollars urgently. Western Union transfer fee required. Act now!!!',
    );
    expect(await send(spam)).toMatch(/^250 /);
    await queueIsEmpty();
    expect(await waiting()).toMatchObject([{ suspicious: true }]);
    expect(sink.messages).toEqual([]);
    expect(await inbox(erika)).toEqual([]);
  });

  test('behind another group: members of the open one have the letter at once, those of the moderated one when it is released, each once', async () => {
    await team({ members: ['max@muster.at', 'erika@muster.at'], posting: 'members' });
    await setGroup(prisma, scope, {
      localPart: 'alle',
      domain: 'muster.at',
      name: 'Alle',
      members: ['max@muster.at', 'team@muster.at', 'partner@example.org'],
      posting: 'anyone',
      replyTo: 'author',
      subjectPrefix: '',
    });
    expect(await send(letter('Rundschreiben'), ['alle@muster.at'])).toMatch(/^250 /);
    await queueIsEmpty();
    expect(await subjects(max)).toEqual(['Rundschreiben']);
    expect(toOutside('partner@example.org')).toHaveLength(1);
    const [held] = await waiting();
    expect(await releaseWithheld(prisma, scope, held?.id ?? 0)).toMatchObject({ ok: true });
    await queueIsEmpty();
    expect(await subjects(max)).toEqual(['Rundschreiben']);
    expect((await subjects(erika)).filter((subject) => subject === 'Rundschreiben')).toHaveLength(1);
  });

  test('and another one: who is a member of both has the letter once, whichever is released first, at the same time or days apart', async () => {
    for (const together of [false, true]) {
      await team({ members: ['max@muster.at', 'erika@muster.at', 'partner@example.org'] });
      await team({
        localPart: 'vorstand',
        name: 'Vorstand',
        members: ['max@muster.at', 'partner@example.org'],
        moderators: ['erika@muster.at'],
      });
      const subject = together ? 'An beide zugleich' : 'An beide';
      expect(await send(letter(subject), ['team@muster.at', 'vorstand@muster.at'])).toMatch(/^250 /);
      await queueIsEmpty();
      const held = await waiting();
      expect(held).toHaveLength(2);
      for (const { id } of held) {
        expect(await releaseWithheld(prisma, scope, id)).toMatchObject({ ok: true });
        if (together) continue;
        await queueIsEmpty();
        // the key of the delivery is forgotten after a day, what the mailbox remembers is not
        await sql(database.url, 'delete from delivery_key');
      }
      await queueIsEmpty();
      expect((await subjects(max)).filter((each) => each === subject)).toHaveLength(1);
      expect((await subjects(erika)).filter((each) => each === subject)).toHaveLength(1);
      expect(toOutside('partner@example.org')).toHaveLength(together ? 2 : 1);
    }
  });

  test('lets a letter go into a circle of forwards that keep nothing: it is in one mailbox of it in the end, and not in none', async () => {
    await team({ members: ['max@muster.at'] });
    await sql(
      database.url,
      `insert into mailbox_forward (mailbox_id, target, keep, set_by, confirmed_at) values ($1, 'erika@muster.at', false, 'x', now()), ($2, 'max@muster.at', false, 'x', now())`,
      [max, erika],
    );
    try {
      expect(await send(letter('Kreis'))).toMatch(/^250 /);
      await queueIsEmpty();
      const [held] = await waiting();
      expect(await releaseWithheld(prisma, scope, held?.id ?? 0)).toMatchObject({ ok: true });
      await queueIsEmpty();
      expect([...(await subjects(max)), ...(await subjects(erika))].filter((subject) => subject === 'Kreis')).toHaveLength(1);
    } finally {
      await sql(database.url, 'delete from mailbox_forward');
    }
  });

  test('what waits for it is nobody’s who does not moderate it', async () => {
    await team();
    await send(letter('Geheim'));
    await queueIsEmpty();
    const [held] = await waiting();
    const id = held?.id ?? 0;
    expect(await listWithheld(prisma, other)).toEqual([]);
    expect(await listWithheld(prisma, ofMailbox(max))).toEqual([]);
    for (const stranger of [other, ofMailbox(max)]) {
      expect(await releaseWithheld(prisma, stranger, id)).toEqual({ ok: false, code: 'UnknownLetter' });
      expect(await discardWithheld(prisma, stranger, id)).toEqual({ ok: false, code: 'UnknownLetter' });
    }
    expect(await team({ moderators: ['fremd@muster.at'] })).toEqual({ ok: false, code: 'UnknownModerator' });
    expect(await listWithheld(prisma, ofMailbox(erika))).toHaveLength(1);
  });

  test('deletes what nobody released, and says which to its moderators', async () => {
    await team();
    await send(letter('Vergessen'));
    await queueIsEmpty();
    await sql(database.url, `update withheld_letter set expires_at = now() - interval '1 s'`);
    await opened.services.database.transaction((query) => expireWithheldLetters(query, opened.services.settings));
    expect(await waiting()).toEqual([]);
    await queueIsEmpty();
    const last = (await inbox(erika)).at(-1) ?? '';
    expect(last).toContain('Nicht_freigegeben');
    expect(last).toContain('Vergessen');
  });

  test('asks strangers to come later when too much waits, and floods nobody with notices', async () => {
    await team();
    for (let round = 0; round < 24; round++) {
      expect(await send(letter(`Flut ${round}`))).toMatch(/^250 /);
      // those that come at the same moment do not see each other yet
      if (round >= 19) await queueIsEmpty();
    }
    expect(await waiting()).toHaveLength(24);
    expect(await inbox(erika)).toHaveLength(20);
    const { withheld } = opened.services.settings;
    opened.services.settings.withheld = { ...withheld, bytes: 1000 };
    expect(await send(letter('Zu viel'))).toMatch(/^450 4\.2\.0 /);
    opened.services.settings.withheld = withheld;
  });
});

describe('the quarantine of a customer', () => {
  const attached = (name: string, content = 'MZ', type = 'application/octet-stream') =>
    `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSiehe Anhang.\r\n--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content, 'latin1').toString('base64')}\r\n--b--`;
  const withFile = (name: string, content?: string) => letter('Rechnung', attached(name, content)).replace('To: team', 'To: max');

  test('takes letters with programs where it is switched on, for mailboxes by any way, and gives them back into the inbox, once and marked', async () => {
    expect(await send(withFile('rechnung.exe'), ['max@muster.at'])).toMatch(/^250 /);
    const before = (await sql(database.url, `select count(*)::int as n from message where account_id = $1`, [max]))[0]?.['n'];
    await setQuarantine(prisma, scope, { viruses: false, programs: true });
    await setForward(prisma, scope, { localPart: 'office', domain: 'muster.at', targets: ['max@muster.at'] });
    expect(await send(withFile('rechnung.exe'), ['max@muster.at'])).toMatch(/^250 /);
    expect(await send(withFile('rechnung.pdf.scr'), ['office@muster.at'])).toMatch(/^250 /);
    expect(await send(withFile('plan.pdf', '%PDF-1.7'), ['max@muster.at'])).toMatch(/^250 /);
    expect(
      await send(withFile('daten.bin', `PK\x03\x04${'\0'.repeat(22)}\x08\0\0\0setup.js`), ['max@muster.at'], 'hans@example.org', lmtp.port),
    ).toMatch(/^250 /);
    await queueIsEmpty();
    expect((await sql(database.url, `select count(*)::int as n from message where account_id = $1`, [max]))[0]?.['n']).toBe(
      Number(before) + 1,
    );
    const held = await waiting();
    expect(held.map(({ cause, detail }) => [cause, detail]).sort()).toEqual([
      ['program', 'daten.bin: setup.js'],
      ['program', 'rechnung.exe'],
      ['program', 'rechnung.pdf.scr'],
    ]);
    const id = held.find(({ detail }) => detail === 'rechnung.exe')?.id ?? 0;
    expect(await listWithheld(prisma, ofMailbox(max))).toEqual([]);
    expect(await releaseWithheld(prisma, ofMailbox(max), id)).toMatchObject({ ok: false });
    expect(await releaseWithheld(prisma, scope, id)).toMatchObject({ ok: true });
    expect(await releaseWithheld(prisma, scope, id)).toMatchObject({ ok: false });
    await queueIsEmpty();
    const released = (await inbox(max)).filter((each) => each.includes('X-Quarantine: released; cause=program'));
    expect(released).toHaveLength(1);
    expect(released[0]).toMatch(/^Return-Path: <hans@example\.org>\r\nX-Quarantine: released; cause=program\r\n/);
    const [row] = await sql(database.url, `select judgement->'released' as released from message where judgement ? 'released'`);
    expect(row?.['released']).toEqual({ cause: 'program', detail: 'rechnung.exe' });
  });

  test('gives back what a group’s moderators had let pass before, too', async () => {
    await setQuarantine(prisma, scope, { viruses: false, programs: true });
    await team({ members: ['max@muster.at'] });
    expect(await send(withFile('plan.exe'))).toMatch(/^250 /);
    for (const cause of ['not_allowed', 'program']) {
      await queueIsEmpty();
      const held = await waiting();
      expect(held.map((each) => each.cause)).toEqual([cause]);
      expect(await releaseWithheld(prisma, scope, held[0]?.id ?? 0)).toMatchObject({ ok: true });
    }
    await queueIsEmpty();
    expect((await inbox(max)).filter((each) => each.includes('X-Quarantine: released; cause=program'))).toHaveLength(1);
  });

  test('a letter that is delivered again after a crash waits once', async () => {
    await setQuarantine(prisma, scope, { viruses: false, programs: true });
    const raw = Buffer.from(withFile('rechnung.exe'));
    const [row] = await sql(database.url, 'select rules_version from mailbox where id = $1', [max]);
    const to = { account: max, rulesVersion: Number(row?.['rules_version']), recipient: 'max@muster.at', notify: null };
    const message = {
      raw,
      index: indexMessage(raw),
      flags: 0n,
      receivedMs: null,
      provenance: { ...unknownProvenance, origin: 'outside' as const },
    };
    const incoming = { message, sender: 'hans@example.org', suspicious: false, requireTls: false, features: null };
    const key = { key: Buffer.from('the same key'), sharedKey: null };
    const deliver = () => deliverToMailbox(opened.services, to, incoming, key, false);
    const outcomes = await Promise.all([deliver(), deliver(), deliver()]);
    // who comes again while it is being stored hears what became of it
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'stored', 'stored']);
    expect(await waiting()).toHaveLength(1);
    // and in a process that knows nothing of it, that it is known
    const other = openTestProcess(database.url);
    const again = await deliverToMailbox({ ...opened.services, store: other.store }, to, incoming, key, false);
    await other.close();
    expect(again.kind).toBe('known');
    expect(await waiting()).toHaveLength(1);
  });

  test('when it is full, what belongs there comes later, and nothing else is in the way', async () => {
    await setQuarantine(prisma, scope, { viruses: false, programs: true });
    const { withheld } = opened.services.settings;
    opened.services.settings.withheld = { ...withheld, bytes: 100 };
    expect(await send(withFile('rechnung.exe'), ['max@muster.at'])).toMatch(/^451 /);
    expect(await send(withFile('plan.pdf', '%PDF-1.7'), ['max@muster.at'])).toMatch(/^250 /);
    opened.services.settings.withheld = withheld;
  });

  test('is told of to the customer’s people once a day, only when something is new', async () => {
    const summarise = () => opened.services.database.transaction((query) => summariseQuarantine(query, opened.services.settings));
    expect(await summarise()).toBe(false);
    await setQuarantine(prisma, scope, { viruses: false, programs: true });
    await send(withFile('rechnung.exe').replace('Subject: Rechnung', 'Subject: Freigeben: https://a.example/ a.example/x'), [
      'max@muster.at',
    ]);
    expect(await summarise()).toBe(true);
    await send(withFile('zweite.exe'), ['max@muster.at']);
    expect(await summarise()).toBe(false);
    await queueIsEmpty();
    const letters = await inbox(erika);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toContain('/panel/quarantine');
    expect(letters[0]).toContain('rechnung.exe');
    // what a stranger wrote is no link in a letter of ours
    expect(letters[0]).toContain('Freigeben: [Link] [Link]');
    await sql(database.url, `update customer set quarantine_told_at = quarantine_told_at - interval '25 hours'`);
    await sql(database.url, `update withheld_letter set created_at = created_at - interval '26 hours' where detail = 'rechnung.exe'`);
    expect(await summarise()).toBe(true);
    await queueIsEmpty();
    expect((await inbox(erika)).at(-1)).toContain('zweite.exe');
    expect((await inbox(erika)).at(-1)).not.toContain('rechnung.exe');
    await sql(database.url, `update customer set quarantine_told_at = quarantine_told_at - interval '25 hours'`);
    await sql(database.url, `update withheld_letter set created_at = created_at - interval '26 hours'`);
    expect(await summarise()).toBe(false);
    // a fifth of a second after the people were told
    await sql(database.url, `update customer set quarantine_told_at = date_trunc('second', quarantine_told_at) + interval '0.6 s'`);
    await sql(
      database.url,
      `update withheld_letter set created_at = (select quarantine_told_at from customer where id = 1) + interval '0.2 s' where detail = 'zweite.exe'`,
    );
    expect(await summarise()).toBe(true);
    await queueIsEmpty();
    expect((await inbox(erika)).at(-1)).toContain('zweite.exe');
    expect((await inbox(erika)).at(-1)).not.toContain('rechnung.exe');
  });

  test('gives nothing into a full mailbox, or one that was deleted: the letter goes on waiting', async () => {
    await setQuarantine(prisma, scope, { viruses: false, programs: true });
    await send(withFile('rechnung.exe'), ['max@muster.at']);
    const [held] = await waiting();
    await sql(database.url, 'update account_counter set quota_bytes = 10 where account_id = $1', [max]);
    expect(await releaseWithheld(prisma, scope, held?.id ?? 0)).toEqual({ ok: false, code: 'MailboxFull' });
    await sql(database.url, 'update account_counter set quota_bytes = 100000000 where account_id = $1', [max]);
    await sql(database.url, `update mailbox set status = 'deleted', purge_after = now() + interval '1 day' where id = $1`, [max]);
    expect(await releaseWithheld(prisma, scope, held?.id ?? 0)).toEqual({ ok: false, code: 'UnknownMailbox' });
    await sql(database.url, `update mailbox set status = 'active', purge_after = null where id = $1`, [max]);
    expect(await waiting()).toHaveLength(1);
  });

  describe.skipIf(!isInstalled('clamd'))('with ClamAV', () => {
    let clamd: Checker;
    beforeAll(async () => {
      clamd = await startClamd();
      opened.services.settings.spam = { ...opened.services.settings.spam, clamav: clamd.where, deadlineMs: 60_000 };
    }, 300_000);
    afterAll(async () => {
      opened.services.settings.spam = { ...opened.services.settings.spam, clamav: null };
      await clamd.close();
    });
    const infected = () => letter('Virus', '', 'Hans <hans@example.org>', eicar);

    test('malware is refused where nobody wants to keep it, and kept where its customer does; never by a way that leads on', async () => {
      expect(await send(infected(), ['max@muster.at'])).toMatch(/^550 5\.7\.1 Schadsoftware/);
      await setQuarantine(prisma, scope, { viruses: true, programs: false });
      await setForward(prisma, scope, { localPart: 'office', domain: 'muster.at', targets: ['max@muster.at'] });
      expect(await send(infected(), ['office@muster.at'])).toMatch(/^550 5\.7\.1 Schadsoftware/);
      expect(await send(infected(), ['max@muster.at', 'office@muster.at'])).toMatch(/^550 5\.7\.1 Schadsoftware/);
      expect(await waiting()).toEqual([]);
      await sql(
        database.url,
        `insert into mailbox_forward (mailbox_id, target, set_by, confirmed_at) values ($1, 'weg@example.org', 'x', now())`,
        [max],
      );
      expect(await send(infected(), ['max@muster.at'])).toMatch(/^250 /);
      await queueIsEmpty();
      expect(await inbox(max)).toEqual([]);
      const [held] = await waiting();
      expect(held).toMatchObject({ cause: 'virus', recipient: 'max@muster.at' });
      // switched off meanwhile: what waits is opened to nobody by that
      await setQuarantine(prisma, scope, { viruses: false, programs: false });
      expect(await releaseWithheld(prisma, scope, held?.id ?? 0)).toMatchObject({ ok: true });
      await queueIsEmpty();
      expect(await inbox(max)).toHaveLength(1);
      // and what was released goes nowhere else
      expect(sink.messages).toEqual([]);
      await sql(database.url, 'delete from mailbox_forward');
    });
  });
});
