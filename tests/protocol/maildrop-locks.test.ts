import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AccountId } from '#lib/db/ids.ts';
import { type MaildropLocks, openMaildropLocks } from '#mail-server/store/maildrop-locks.ts';
import { createAccount } from '#tests/support/accounts.ts';
import { eventually } from '#tests/support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/postgres.ts';

let database: TestDatabase;
let max: AccountId;
let erika: AccountId;
let between: Server;
let through: string;
/** of this process, which reaches the database through `between`, and of another one */
let here: MaildropLocks;
let elsewhere: MaildropLocks;
let startsUp = false;
let answers: Socket[] = [];

/** What Postgres says while it starts: 57P03, and then it ends the connection. */
const starting = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
const sayStarting = (client: Socket): void => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(starting.length + 4);
  client.write(Buffer.concat([Buffer.from('E'), length, starting]));
  setTimeout(() => client.end(), 300);
};

beforeAll(async () => {
  database = await createTestDatabase();
  max = await createAccount(database.url, 'max@muster.at');
  erika = await createAccount(database.url, 'erika@muster.at');
  const url = new URL(database.url);
  const [port, hostname] = [Number(url.port), url.hostname];
  between = createServer((client) => {
    client.on('error', () => undefined);
    if (startsUp) {
      client.once('data', () => sayStarting(client));
      return;
    }
    const server = connect(port, hostname);
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.pipe(server).pipe(client);
    answers.push(server);
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  const address = between.address();
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  url.hostname = '127.0.0.1';
  through = url.href;
  elsewhere = openMaildropLocks(database.url);
});
afterEach(async () => {
  await here.close();
  answers = [];
});
afterAll(async () => {
  await elsewhere.close();
  between.close();
  await database.drop();
});

const isFree = async (account: AccountId): Promise<boolean> => {
  const giveBack = await elsewhere.take(account);
  await giveBack?.();
  return giveBack !== null;
};

test('what was taken while an earlier connection was still ending is given back', async () => {
  here = openMaildropLocks(through);
  startsUp = true;
  await expect(here.take(max)).rejects.toMatchObject({ code: 'Unavailable' });
  startsUp = false;
  const giveBack = await here.take(max);
  expect(await isFree(max)).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await (await here.take(erika))?.();
  await giveBack?.();
  expect(await isFree(max)).toBe(true);
});

test('a lock whose answer came too late is nobody’s', async () => {
  here = openMaildropLocks(through);
  await (await here.take(erika))?.();
  for (const server of answers) server.unpipe();
  await expect(here.take(max)).rejects.toMatchObject({ code: 'Unavailable' });
  await eventually('the mailbox is free', () => isFree(max));
  expect(await here.take(max)).not.toBeNull();
});
