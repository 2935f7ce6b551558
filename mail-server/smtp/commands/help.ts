import { reply, type Reply } from '../reply.ts';

export const help = (): Reply => reply(214, '2.0.0', 'RFC 5321, RFC 6409, RFC 2033');
