import { expect, test } from 'vitest';
import { noteRefusal } from '#mail-server/smtp/note-refusal.ts';
import { reply } from '#mail-server/smtp/reply.ts';

test('whoever is refused without end fills neither log nor trace, and keeps nobody else from being found there', () => {
  const noted: string[] = [];
  const log = { info: ({ remote }: { remote: string }) => noted.push(remote) };
  const services = { log, database: { note: async () => [] } };
  const refuse = (remoteAddress: string) =>
    noteRefusal(
      { services, principal: null, remoteAddress, id: 'x' } as never,
      { sender: 'a@example.org', recipient: '' },
      reply(550, '5.7.1', 'No'),
    );
  for (let time = 0; time < 5_000; time++) refuse('192.0.2.1');
  expect(noted).toHaveLength(1_000);
  refuse('192.0.2.2');
  expect(noted.at(-1)).toBe('192.0.2.2');
  for (let host = 0; host < 250; host++) for (let time = 0; time < 100; time++) refuse(`198.51.100.${host}`);
  expect(noted).toHaveLength(10_000);
});
