import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { limits } from '#mail-server/imap/limits.ts';
import type { AccountId } from '#lib/db/ids.ts';
import { MemoryBudget } from '#mail-server/memory-budget.ts';
import { Turns } from '#mail-server/turns.ts';
import { BoundedCounts } from '#lib/workers/bounded-counts.ts';
import { Session } from '#mail-server/imap/session.ts';
import { startImapTestServer } from '#tests/support/imap-server.ts';

// The server's sweep hands every session the time; here the test does, so that nobody waits for minutes.

/** A session on a real socket, and what its client hears. */
async function pair(): Promise<{ session: Session; heard: () => Promise<string>; close: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  const authenticator = { watch: () => () => undefined };
  const store = { onChange: () => () => undefined };
  const services = { settings: { idleTimeoutMs: 1_800_000, hostName: 'localhost' }, authenticator, store } as never;
  const shared = {
    mailboxConnections: new BoundedCounts<AccountId>(1),
    appendBudget: new MemoryBudget<AccountId>(1_000_000),
    turns: new Turns<AccountId>(limits.turnMs),
  };
  const place = { signIn: () => true, giveBack: () => undefined };
  const session = new Session(socket, { services, ...shared, remoteAddress: '127.0.0.1', place, secure: false });
  return {
    session,
    heard: async () => String((await once(client, 'data'))[0]),
    close: () => {
      client.destroy();
      server.close();
    },
  };
}

const principal = { accountId: 1 } as never;

test('an idling client hears a sign of life within two minutes, again and again', async () => {
  const { session, heard, close } = await pair();
  session.authenticated(principal);
  const now = performance.now();
  session.beginIdle({ tag: 'i', idle: true, line: () => null });
  await session.quiet();
  session.sweep(now + limits.stillHereMs - 1);
  session.sweep(now + 120_000);
  expect(await heard()).toBe('* OK Still here\r\n');
  session.sweep(now + 240_000);
  expect(await heard()).toBe('* OK Still here\r\n');
  close();
});

test('who does not log in within a minute is sent away', async () => {
  const { session, heard, close } = await pair();
  session.sweep(performance.now() + 59_000);
  session.sweep(performance.now() + 61_000);
  expect(await heard()).toBe('* BYE Log in sooner\r\n');
  close();
});

test('who says nothing for half an hour is sent away', async () => {
  const { session, heard, close } = await pair();
  session.authenticated(principal);
  session.sweep(performance.now() + 1_799_000);
  session.sweep(performance.now() + 1_801_000);
  expect(await heard()).toBe('* BYE Idle for too long\r\n');
  close();
});

test('a mailbox gets its place back when a connection closes', async () => {
  const connections = new BoundedCounts<number>(1);
  expect([connections.enter(1), connections.enter(1)]).toEqual([true, false]);
  connections.leave(1);
  expect(connections.enter(1)).toBe(true);
});

test('the sweep runs', async () => {
  const server = await startImapTestServer({ idleTimeoutMs: 1 });
  await server.addMailbox('max@muster.at');
  const client = await server.login('max@muster.at');
  expect(await client.closed()).toEqual(['* BYE Idle for too long']);
  await server.close();
});

test('bytes of a line that does not end are no sign of life, its end is', async () => {
  const { session, close } = await pair();
  session.authenticated(principal);
  session.continuation = { tag: 'i', idle: true, line: () => null };
  session.lastActivity = 1;
  session.receive(Buffer.from('a NO'));
  expect(session.lastActivity).toBe(1);
  session.receive(Buffer.from('OP\r\n'));
  expect(session.lastActivity).toBeGreaterThan(1);
  close();
});
