import { reply, type Reply } from './reply.ts';

export const tooLarge = (messageBytes: number): Reply =>
  reply(552, '5.3.4', `Nachricht zu gross - message too large, at most ${messageBytes} octets`);
