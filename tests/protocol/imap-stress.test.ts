import { afterAll, beforeAll, expect, test } from 'vitest';
import { startImapTestServer, type ImapTestServer } from '#tests/support/imap-server.ts';
import type { Answer, TestImap } from '#tests/support/imap-client.ts';
import { randomOf } from '#tests/support/random.ts';

// Several sessions in two processes do whatever comes to mind. Each keeps the picture that the responses it got add up to; a response that
// does not fit the picture, or a picture that is not the folder's at the end, is mail that a real client shows wrongly.

interface Message {
  uid: number | null;
  flags: string | null;
}

class Player {
  readonly client: TestImap;
  messages: Message[] = [];

  constructor(client: TestImap) {
    this.client = client;
  }

  async do(command: string, expunge = true): Promise<Answer> {
    const answer = await this.client.command(command, 'DONE\r\n');
    for (const line of answer.untagged) this.#take(line, expunge, command);
    expect(answer.status, `${command}: ${answer.text}`).not.toBe('BAD');
    return answer;
  }

  #take(line: string, expunge: boolean, command: string): void {
    const [, digits = '', what = ''] = /^(\d+) (EXISTS|EXPUNGE|FETCH)/.exec(line) ?? [];
    const number = Number(digits);
    if (what === 'EXISTS') {
      expect(number, 'EXISTS never takes away').toBeGreaterThanOrEqual(this.messages.length);
      while (this.messages.length < number) this.messages.push({ uid: null, flags: null });
    } else if (what === 'EXPUNGE') {
      expect(expunge, `no EXPUNGE during ${command}`).toBe(true);
      expect(number).toBeLessThanOrEqual(this.messages.length);
      this.messages.splice(number - 1, 1);
    } else if (what === 'FETCH') {
      const message = this.messages[number - 1];
      if (!message) throw new Error(`FETCH of unknown message: ${line}`);
      const uid = /UID (\d+)/.exec(line)?.[1];
      if (uid !== undefined) {
        if (message.uid !== null) expect(Number(uid), 'a number keeps its UID').toBe(message.uid);
        message.uid = Number(uid);
      }
      const flags = /FLAGS \((.*?)\)/.exec(line)?.[1];
      if (flags !== undefined) message.flags = flags;
    }
  }
}

const flags = ['\\Seen', '\\Flagged', '\\Deleted', '\\Answered', 'Eins', 'Zwei'];

async function move(player: Player, random: (below: number) => number): Promise<void> {
  const count = player.messages.length;
  const number = (): number => 1 + random(Math.max(1, count));
  const flag = flags[random(flags.length)] ?? '';
  const sign = ['+', '-', ''][random(3)] ?? '';
  const set = `${Math.min(number(), count)}:${Math.min(number(), count)}`;
  const choice = count === 0 ? 0 : random(17);
  if (choice <= 1) await player.do(`APPEND INBOX (${flag}) {4+}\r\nbody`);
  else if (choice <= 3) await player.do(`STORE ${set} ${sign}FLAGS (${flag})`, false);
  else if (choice === 4) await player.do(`UID STORE 1:* ${sign}FLAGS (${flag})`);
  else if (choice === 5) await player.do(`FETCH ${set} (UID FLAGS)`, false);
  else if (choice === 6) await player.do(`FETCH ${number()} (BODY[TEXT] UID)`, false);
  else if (choice === 7) await player.do('SEARCH UNSEEN', false);
  else if (choice === 8) await player.do('EXPUNGE');
  else if (choice === 9) await player.do(`COPY ${set} INBOX`);
  else if (choice === 10) await player.do(`MOVE ${number()} INBOX`);
  else if (choice === 11) await player.do('NOOP');
  else if (choice <= 13) await player.do('IDLE');
  else if (choice === 14) await player.do('STATUS INBOX (MESSAGES UNSEEN)');
  else if (choice === 15) await player.do('UID EXPUNGE 1:*');
  else {
    await player.do('SEARCH RETURN (SAVE) DELETED', false);
    await player.do(`UID STORE $ ${sign}FLAGS (${flag})`);
  }
}

let server: ImapTestServer;
let elsewhere: ImapTestServer;
beforeAll(async () => {
  server = await startImapTestServer();
  elsewhere = await server.another();
});
afterAll(async () => {
  await elsewhere.close();
  await server.close();
});

test.each([1, 2, 3, 4])('the pictures of four sessions add up to the folder, seed %i', async (seed) => {
  const address = `max${seed}@muster.at`;
  await server.addMailbox(address);
  const players: Player[] = [];
  for (const place of [server, server, elsewhere, elsewhere]) {
    const player = new Player(await place.login(address));
    if (players.length > 0) await player.client.ok(`ENABLE ${['CONDSTORE', 'IMAP4rev2', 'CONDSTORE IMAP4rev2'][players.length - 1]}`);
    await player.do('SELECT INBOX');
    players.push(player);
  }
  await Promise.all(
    players.map(async (player, index) => {
      const random = randomOf(seed * 100 + index);
      for (let turn = 0; turn < 60; turn++) await move(player, random);
    }),
  );
  const pictures: string[] = [];
  for (const player of players) {
    await player.do('NOOP');
    const told = player.messages.map((message) => message.flags);
    await player.do('FETCH 1:* (UID FLAGS)', false);
    const real = player.messages.map((message) => message.flags);
    // \Recent is each session's own
    const plain = (text: string): string => text.replace(/ ?\\Recent/, '').trim();
    for (const [at, text] of told.entries()) if (text !== null) expect(plain(text)).toBe(plain(real[at] ?? '?'));
    pictures.push(player.messages.map(({ uid, flags: text }) => `${uid} ${plain(text ?? '')}`).join('\n'));
    player.client.end();
  }
  expect(new Set(pictures).size).toBe(1);
});
