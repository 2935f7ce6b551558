// The operator's commands for mailboxes and who is signed in to them: `npm run mailboxes -- who`, or with DATABASE_URL set this file itself.
import type pg from 'pg';
import { parseDomainName } from '../../lib/addresses/domain-name.ts';
import { displayAddress, type EmailAddress, parseEmailAddress } from '../../lib/addresses/email-address.ts';
import { isIP } from 'node:net';
import { isDatabaseAway } from '../../lib/db/is-database-away.ts';
import { askProcesses, connectToAsk } from '../events/ask-processes.ts';

const usage = `Usage: npm run mailboxes -- COMMAND
  list [WHICH] [--json]  what they hold of what they may, letters, last sign-in
  who [WHICH] [--json]   who is connected now, by which protocol, from where, since when
  kick WHICH             ends these connections, and the sign-ins to the web of a mailbox or domain; who knows the password may come back
  suspend ADDRESS        nobody signs in to this mailbox any more; mail still arrives
  resume ADDRESS         ends that
WHICH is the address of a mailbox, a domain (@example.org), or with who and kick the address of a client (192.0.2.7).
`;

interface Mailbox {
  address: string;
  status: string;
  /** what it sends is held by the guard */
  sendingHeld: boolean;
  usedBytes: number;
  quotaBytes: number;
  messages: number;
  lastLoginAt: Date | null;
}

const mailboxes = `select m.address, m.status::text as status, m.sending_held_at is not null as "sendingHeld", coalesce(c.used_bytes, 0)::float8 as "usedBytes",
    m.quota_bytes::float8 as "quotaBytes", coalesce(c.used_messages, 0)::float8 as messages, m.last_login_at as "lastLoginAt"
  from mailbox m left join account_counter c on c.account_id = m.id
  where $1::text is null or $1 in (m.address, '@' || split_part(m.address, '@', -1)) order by split_part(m.address, '@', -1), m.address`;
const signOutOfWeb = `delete from web_session s using mailbox m where m.id = s.mailbox_id and $1 in (m.address, '@' || split_part(m.address, '@', -1))`;
// the customer of the mailbox or domain sees it among his changes; of a client's address, which may be anybody's, the operator has the line alone
const note = `insert into audit_event (customer_id, actor, action, subject)
  select customer_id, 'system', 'connections.ended', ltrim($1, '@') from (select customer_id from mailbox where address = $1
    union all select customer_id from domain where '@' || name = $1 union all select null where $2) whose`;

// as in the panel (lib/provisioning/mailboxes/suspend-mailbox.ts), where its customer sees who did it
const setStatus = `with changed as (update mailbox set status = $2::mailbox_status where address = $1 and status = $3::mailbox_status returning customer_id, address)
  insert into audit_event (customer_id, actor, action, subject) select customer_id, 'system', $4, address from changed`;

class NoMailbox extends Error {}

/** What is to be printed, a line each; null if the arguments are not some for it. */
type Command = (client: pg.Client, about: string | null, json: boolean) => Promise<string[] | null>;

const commands: Record<string, Command> = {
  async list(client, about, json) {
    if (about !== null && isIP(about)) return null;
    const { rows } = await client.query<Mailbox>(mailboxes, [about]);
    if (rows.length === 0 && about !== null) throw new NoMailbox();
    if (json) return rows.map((row) => JSON.stringify(row));
    if (rows.length === 0) return ['There are no mailboxes yet.'];
    return [
      ['      used', '     quota', 'full', '  messages', 'last sign-in       ', 'mailbox'].join('  '),
      ...rows.map(({ address, status, sendingHeld, usedBytes, quotaBytes, messages, lastLoginAt }) =>
        [
          size(usedBytes).padStart(10),
          size(quotaBytes).padStart(10),
          `${quotaBytes > 0 ? Math.floor((usedBytes / quotaBytes) * 100) : 100}%`.padStart(4),
          String(messages).padStart(10),
          (lastLoginAt ? second(lastLoginAt) : 'never').padEnd(19),
          displayAddress(address),
          ...(status === 'active' ? [] : [status]),
          ...(sendingHeld ? ['sending held'] : []),
        ].join('  '),
      ),
    ];
  },
  async who(client, about, json) {
    const { answers, silent } = await askProcesses(client, { ask: 'who', about });
    const found = answers.flatMap(({ process: on, signedIn }) => signedIn.map((connection) => ({ ...connection, process: on })));
    tell(silent);
    found.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.since - b.since));
    if (json) return found.map((connection) => JSON.stringify(connection));
    if (found.length === 0) return ['Nobody is connected.'];
    const groups = Map.groupBy(found, (one) => JSON.stringify([one.address, one.protocol, one.remoteAddress, one.credential]));
    return [
      ['connections', 'protocol   ', 'oldest since       ', 'from'.padEnd(15), 'by          ', 'mailbox'].join('  '),
      ...Array.from(groups.values(), ([first, ...more]) =>
        first
          ? [
              String(more.length + 1).padStart(11),
              first.protocol.padEnd(11),
              second(new Date(first.since)),
              first.remoteAddress.padEnd(15),
              (first.credential === 'token' ? 'web' : first.credential).padEnd(12),
              displayAddress(first.address),
            ].join('  ')
          : '',
      ),
    ];
  },
  async kick(client, about, json) {
    if (about === null || json) return null;
    // written down before it is done, so that nothing is done without
    await client.query(note, [about, isIP(about) !== 0]);
    // the web's first: else it would come back at once
    const { rowCount } = isIP(about) ? { rowCount: 0 } : await client.query(signOutOfWeb, [about]);
    const web = rowCount ? [`${rowCount} ${rowCount === 1 ? 'sign-in' : 'sign-ins'} to the web ended.`] : [];
    return [await endConnections(client, about), ...web];
  },
  async suspend(client, about, json) {
    if (!isMailbox(about) || json) return null;
    const changed = await changeStatus(client, about, { from: 'active', to: 'suspended', action: 'mailbox.suspended' });
    // the processes end by themselves what is open; being asked, one that does not answer is told of
    await endConnections(client, about);
    return [`${displayAddress(about)} ${changed ? 'is suspended' : 'was suspended already'}: nobody signs in, and what was open is ended.`];
  },
  async resume(client, about, json) {
    if (!isMailbox(about) || json) return null;
    const changed = await changeStatus(client, about, { from: 'suspended', to: 'active', action: 'mailbox.resumed' });
    return [`${displayAddress(about)} ${changed ? 'works again' : 'was not suspended'}.`];
  },
};

const isMailbox = (about: string | null): about is EmailAddress => about !== null && !about.startsWith('@') && isIP(about) === 0;

interface Change {
  from: 'active' | 'suspended';
  to: 'active' | 'suspended';
  /** as the panel writes it down */
  action: string;
}

/** False: it was so already. */
async function changeStatus(client: pg.Client, address: EmailAddress, { from, to, action }: Change): Promise<boolean> {
  const { rows } = await client.query(`select from mailbox where address = $1 and status <> 'deleted'`, [address]);
  if (rows.length === 0) throw new NoMailbox();
  const { rowCount } = await client.query(setStatus, [address, to, from, action]);
  return rowCount === 1;
}

async function endConnections(client: pg.Client, about: string): Promise<string> {
  const { answers, silent } = await askProcesses(client, { ask: 'kick', about });
  tell(silent);
  const ended = answers.reduce((sum, answer) => sum + answer.ended, 0);
  return `${ended} ${ended === 1 ? 'connection' : 'connections'} ended.`;
}

/** In UTC. */
const second = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** step).toFixed(1)} ${units[step - 1]}`;
}

function tell(silent: number): void {
  if (silent > 0)
    process.stderr.write(`${silent} mail-server ${silent === 1 ? 'process' : 'processes'} did not answer: what is on there is missing.\n`);
}

/** As it is stored: undefined where it is none. */
function aboutOf(given: string): string | undefined {
  if (isIP(given)) return given;
  if (!given.startsWith('@')) return parseEmailAddress(given) ?? undefined;
  const domain = parseDomainName(given.slice(1));
  return domain ? `@${domain}` : undefined;
}

const away = 'The database cannot be reached: is Postamt running?\n';

async function main([name = 'help', ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const [given, ...more] = args.filter((arg) => arg !== '--json');
  const about = given === undefined ? null : aboutOf(given);
  const url = process.env['DATABASE_URL'];
  if (!command || about === undefined || more.length > 0) return fail(usage, name === 'help' ? 0 : 2);
  if (!url) return fail('DATABASE_URL is not set; `npm run mailboxes` sets it.\n', 1);
  let client: pg.Client;
  try {
    client = await connectToAsk(url);
  } catch {
    return fail(away, 1);
  }
  try {
    const lines = await command(client, about, args.includes('--json'));
    if (!lines) return fail(usage, 2);
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  } catch (error) {
    if (error instanceof NoMailbox) return fail('There is no such mailbox.\n', 1);
    if (!isDatabaseAway(error)) throw error;
    return fail(away, 1);
  } finally {
    await client.end();
  }
}

function fail(sentence: string, code: number): number {
  process.stderr.write(sentence);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
