import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SmtpDialogue } from '#mail-server/queue/smtp-dialogue.ts';
import { processorTime } from '#tests/support/processor-time.ts';

const server = createServer();
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterAll(() => void server.close());

/** A dialogue, and the host's end of it. */
async function connected(): Promise<[SmtpDialogue, Socket]> {
  const accepted = once(server, 'connection');
  const dialogue = await SmtpDialogue.open('127.0.0.1', port, 5_000);
  const [socket] = (await accepted) as [Socket];
  return [dialogue, socket.setNoDelay(true)];
}

test('replies that come together, or octet by octet, are told apart', async () => {
  const [dialogue, host] = await connected();
  const sent = '250-a\r\nno code\r\n250\tb\r\n354 go\r\n';
  for (const cut of [1, 5, sent.length]) {
    for (let at = 0; at < sent.length; at += cut) {
      host.write(sent.slice(at, at + cut));
      await turn();
    }
    expect(await dialogue.reply(5_000)).toEqual({ code: 250, text: '250-a\nno code\n250\tb' });
    expect(await dialogue.reply(5_000)).toEqual({ code: 354, text: '354 go' });
  }
  dialogue.destroy();
});

test('a host that sends a long reply in very small pieces costs no more than one that sends it at once', async () => {
  const [dialogue, host] = await connected();
  const reply = dialogue.reply(60_000);
  const before = processorTime();
  host.write('250-x\n');
  for (let pieces = 0; pieces < 4_000; pieces++) {
    host.write('x\n'.repeat(8));
    await turn();
  }
  host.write('250 end\n');
  expect((await reply).code).toBe(250);
  expect(processorTime() - before).toBeLessThan(1_500);
  dialogue.destroy();
});

test.each([
  ['of lines that go on for ever', '250-never\r\n'],
  ['of one line that goes on for ever', '250 never '],
])('a host whose reply has no end, %s, is given up, and takes nothing else with it', async (_, piece) => {
  const [dialogue, host] = await connected();
  host.on('error', () => undefined);
  const reply = dialogue.reply(5_000);
  host.write(piece.repeat(20_000));
  await expect(reply).rejects.toMatchObject({ code: 'protocol' });
  expect(dialogue.broken).toBe(true);
});
