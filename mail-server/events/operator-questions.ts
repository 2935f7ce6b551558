import { isIP, SocketAddress } from 'node:net';
import { z } from 'zod';
import type { Authenticator, SignedIn } from '../auth/types.ts';

/** Where all mail-server processes of an installation hear what the operator's commands ask them. */
export const questionChannel = 'postamt_question';
/** Where the one who asked hears their answers. */
export const answerChannel = (id: string): string => `postamt_answer_${id}`;

/** NOTIFY takes payloads shorter than 8000 bytes. */
const longestPayload = 7900;

const question = z.object({
  id: z.string().regex(/^[0-9a-f]{1,32}$/),
  /** who is signed in, or that those are to be signed out */
  ask: z.enum(['who', 'kick']),
  /** the address of a mailbox, a domain ("@muster.at") or the address of a client; null: all of them */
  about: z.string().nullable(),
});
export type Question = z.output<typeof question>;

const answer = z.object({
  process: z.string(),
  /** how many payloads there are of this process */
  parts: z.int().positive(),
  ended: z.int(),
  signedIn: z.array(
    z.object({
      address: z.string(),
      protocol: z.string(),
      remoteAddress: z.string(),
      credential: z.string(),
      since: z.number(),
    }),
  ),
});
export type Answer = z.output<typeof answer>;

export const formatQuestion = (asked: Question): string => JSON.stringify(asked);
/** Null where it is none, or one of a newer version. */
export const parseQuestion = (payload: string): Question | null => parsed(question, payload);
export const parseAnswer = (payload: string): Answer | null => parsed(answer, payload);

function parsed<T>(shape: z.ZodType<T>, payload: string): T | null {
  try {
    return shape.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}

/** Does what is asked in this process; the payloads that answer it. */
export function answerQuestion(asked: Question, authenticator: Pick<Authenticator, 'signedIn' | 'end'>, name: string): string[] {
  const about = asked.about !== null && isIP(asked.about) === 6 ? shortest(asked.about) : asked.about;
  const isMeant = (connection: SignedIn): boolean => isAbout(about, connection);
  if (asked.ask === 'kick') return formatAnswers(name, authenticator.end(isMeant), []);
  return formatAnswers(name, 0, authenticator.signedIn().filter(isMeant));
}

/** An address of IPv6 can be written in many ways; a socket names it so (RFC 5952), and without the prefix of IPv4 in IPv6. */
const shortest = (address: string): string =>
  new SocketAddress({ address: address.replace(/%.*$/, ''), family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '') +
  (/%.*$/.exec(address)?.[0] ?? '');

const isAbout = (about: string | null, { address, remoteAddress }: SignedIn): boolean =>
  about === null || about === address || about === remoteAddress || about === address.slice(address.lastIndexOf('@'));

function formatAnswers(process: string, ended: number, signedIn: readonly SignedIn[]): string[] {
  const room = longestPayload - Buffer.byteLength(JSON.stringify({ process, parts: 99_999, ended, signedIn: [] }));
  const payloads: SignedIn[][] = [[]];
  let left = room;
  for (const connection of signedIn) {
    const bytes = Buffer.byteLength(JSON.stringify(connection)) + 1;
    if (bytes > left) {
      payloads.push([]);
      left = room;
    }
    payloads.at(-1)?.push(connection);
    left -= bytes;
  }
  return payloads.map((some) => JSON.stringify({ process, parts: payloads.length, ended, signedIn: some } satisfies Answer));
}
