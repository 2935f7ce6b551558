import { reply, type Reply } from '../reply.ts';

export const noop = (): Reply => reply(250, '2.0.0', 'OK');
