import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase } from '#lib/db/prisma.ts';
import { setGroup } from '#lib/provisioning/addresses/set-group.ts';
import { forwarded } from './forward.ts';
import { outsideDomain } from './outside.ts';
import { benchCustomer } from './provision.ts';

const members = Array.from({ length: 100 }, (_, index) => `f${index + 1}@muster.test`);
/** the peer as shipped takes a hundred TLS connections; the last of these to show a letter shows it to all */
const watched = members.slice(0, 80);
const group = 'team@muster.test';
const letters = 20;

/** A group of a hundred mailboxes at Postamt. */
export async function giveGroup(databaseUrl: string): Promise<void> {
  const customer = customerId(await benchCustomer(databaseUrl));
  const prisma = openDatabase(databaseUrl, 2);
  try {
    const scope = mintCustomerScope({ customerId: customer, role: 'owner', actor: 'user:1', remote: null });
    const input = {
      localPart: 'team',
      domain: 'muster.test',
      name: '',
      members,
      posting: 'anyone',
      replyTo: 'author',
      subjectPrefix: '',
    } as const;
    const set = await setGroup(prisma, scope, input);
    if (!set.ok) throw new Error(`no group: ${JSON.stringify(set)}`);
  } finally {
    await prisma.$disconnect();
  }
}

/** The same as aliases of Postfix, which finds the host outside as Postamt does, by a name. */
export function giveAliases(peersDirectory: string, outsidePort: number): void {
  const configuration = join(peersDirectory, 'postfix-maildir');
  const file = join(configuration, 'aliases');
  writeFileSync(file, `${group} ${members.join(', ')}\n${forwarded.from} ${forwarded.to}\n`);
  const set = (setting: string) => execFileSync('postconf', ['-c', configuration, '-e', setting]);
  set(`virtual_alias_maps = texthash:${file}`);
  set(`transport_maps = inline:{ { ${outsideDomain} = smtp:[127.0.0.1]:${outsidePort} } }`);
  execFileSync('postfix', ['-c', configuration, 'reload'], { stdio: 'ignore' });
}

/** Sends letters to the group, one behind the other, and waits until each member has them all. */
export async function measureGroup(smtp: number, imaps: number, password: string): Promise<Record<string, unknown>> {
  const clients = await Promise.all(watched.map((address) => signedIn(imaps, address, password)));
  const counts = async (of: readonly ImapFlow[]): Promise<number[]> =>
    Promise.all(
      of.map(async (client) => {
        const status = await client.status('INBOX', { messages: true });
        return status ? (status.messages ?? 0) : 0;
      }),
    );
  const transport = createTransport({ host: '127.0.0.1', port: smtp, ignoreTLS: true, pool: true, maxConnections: 1 });
  try {
    const before = await counts(clients);
    const start = performance.now();
    for (let i = 0; i < letters; i++) {
      await transport.sendMail({
        envelope: { from: 'chef@firma.test', to: group },
        from: 'chef@firma.test',
        to: group,
        subject: `Bench ${i}`,
        text: 'Guten Morgen!\n'.repeat(100),
      });
    }
    const accepted = performance.now();
    const deadline = accepted + 120_000;
    let waiting = clients.map((client, at) => ({ client, goal: (before[at] ?? 0) + letters }));
    while (waiting.length > 0) {
      if (performance.now() > deadline) throw new Error(`${waiting.length} members wait for letters`);
      const now = await counts(waiting.map(({ client }) => client));
      waiting = waiting.filter(({ goal }, at) => (now[at] ?? 0) < goal);
      if (waiting.length > 0) await wait(20);
    }
    const end = performance.now();
    return {
      copies_per_s: (letters * members.length * 1000) / (end - start),
      behind_ms: end - accepted,
      letter_ms: (end - start) / letters,
    };
  } finally {
    transport.close();
    await Promise.all(clients.map((client) => client.logout().catch(() => undefined)));
  }
}

async function signedIn(port: number, user: string, pass: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: true,
    auth: { user, pass },
    logger: false,
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  return client;
}
