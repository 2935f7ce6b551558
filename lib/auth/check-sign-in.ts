import { setTimeout as sleep } from 'node:timers/promises';
import { parseEmailAddress, type EmailAddress } from '../addresses/email-address.ts';
import type { Database } from '../db/prisma.ts';
import { createOneAtATime } from '../workers/one-at-a-time.ts';
import { networkOf } from '../addresses/network-of.ts';
import { slowedMs, type LoginThrottleLimits } from './login-throttle.ts';
import { isPossiblePassword, PasswordHashingBusy, verifyNobodysPassword, verifyPassword } from './password-hash.ts';
import { PasswordMemory, rememberedMs } from './password-memory.ts';
import { onceInProcess } from '../config/once-in-process.ts';
import type { SignInFailure, SignInIdentity, SignInResult } from './sign-in-identity.ts';
import { webThrottle } from './web-throttle.ts';

export interface SignInAttempt {
  address: string;
  password: string;
  /** IP address of the browser */
  remoteAddress: string;
}

const inTurn = createOneAtATime(5);
const memory = onceInProcess('auth.right-passwords', () => new PasswordMemory(rememberedMs));
const refused = (failure: SignInFailure): SignInResult => ({ ok: false, failure });

/**
 * Decides a sign-in to the web. Both the person and the mailbox of an address are candidates, and the password says which one is meant:
 * so nobody who signs up with somebody else's address can keep the mailbox's owner out. App passwords are for programs and do not count.
 */
export async function checkSignIn(database: Database, attempt: SignInAttempt, limits: LoginThrottleLimits): Promise<SignInResult> {
  const address = parseEmailAddress(attempt.address);
  // what is no address is counted by network alone: under one name for everybody strangers elsewhere would have it refused to all
  const subject = { address: address ?? `no address ${networkOf(attempt.remoteAddress)}`, remoteAddress: attempt.remoteAddress };
  const throttle = webThrottle(database, limits);
  const decide = async (find: typeof findByPassword): Promise<SignInResult | null> => {
    const { waitS, slow, note } = await throttle.check(subject);
    if (waitS > 0) return refused('TooManyAttempts');
    if (slow && find === findByPassword) await sleep(slowedMs);
    const found = await find(database, address, attempt.password);
    if (!found) return null;
    if (note) await throttle.succeed(subject);
    if (found.suspended) return refused('Suspended');
    await noteSignIn(database, found.identity);
    return { ok: true, identity: found.identity };
  };
  // who was right here before waits behind no guesses: a neighbour who guesses without end would keep the line full
  const before = await decide(findRemembered);
  if (before) return before;
  // one guess after the other per address and network: side by side they would all be looked at before the first one is counted
  const decided = await inTurn(`${subject.address} ${networkOf(subject.remoteAddress)}`, async (): Promise<SignInResult> => {
    const result = await decide(findByPassword);
    if (result) return result;
    const wait = await throttle.fail({ ...subject, password: attempt.password });
    return refused(wait > 0 ? 'TooManyAttempts' : 'InvalidCredentials');
  }).catch((error: unknown) => {
    if (error instanceof PasswordHashingBusy) return refused('Unavailable');
    throw error;
  });
  return decided ?? refused('TooManyAttempts');
}

interface Candidate {
  hash: string;
  suspended: boolean;
  identity: SignInIdentity;
}

const digestOf = ({ identity, hash }: Candidate, password: string): string =>
  memory.digest(`${identity.userId} ${identity.mailboxId} ${identity.credentialVersion} ${hash}`, password);

async function findRemembered(database: Database, address: EmailAddress | null, password: string): Promise<Candidate | null> {
  const candidates = address && isPossiblePassword(password) ? await candidatesFor(database, address) : [];
  return candidates.find((candidate) => memory.isRight(digestOf(candidate, password))) ?? null;
}

async function findByPassword(database: Database, address: EmailAddress | null, password: string): Promise<Candidate | null> {
  const candidates = address && isPossiblePassword(password) ? await candidatesFor(database, address) : [];
  for (const candidate of candidates) {
    if (!(await verifyPassword(password, candidate.hash))) continue;
    memory.add(digestOf(candidate, password), true);
    return candidate;
  }
  if (candidates.length === 0) await verifyNobodysPassword(isPossiblePassword(password) ? password : '');
  return null;
}

const customer = { select: { status: true } } as const;

/** At most two or three: who signed up with this address and has a password of their own, and the mailbox. */
async function candidatesFor(database: Database, address: EmailAddress): Promise<Candidate[]> {
  const [users, mailbox] = await Promise.all([
    database.user.findMany({
      where: { email: address },
      orderBy: { id: 'asc' },
      take: 3,
      include: { customer, mailbox: { include: { customer, user: true } } },
    }),
    database.mailbox.findUnique({ where: { address }, include: { customer, user: true } }),
  ]);
  const candidates: Candidate[] = [];
  for (const user of users) {
    if (!user.passwordHash || user.mailbox) continue;
    candidates.push({
      hash: user.passwordHash,
      suspended: user.customer?.status === 'suspended',
      identity: {
        kind: 'person',
        userId: Number(user.id),
        mailboxId: null,
        customerId: user.customerId === null ? null : Number(user.customerId),
        role: user.role,
        address: user.email,
        name: user.name,
        locale: user.locale,
        credentialVersion: user.credentialVersion,
      },
    });
  }
  const boxes = new Map(
    [...users.map((user) => user.mailbox), mailbox].flatMap((box) => (box && box.status !== 'deleted' ? [[box.id, box] as const] : [])),
  );
  for (const box of boxes.values()) {
    candidates.push({
      hash: box.passwordHash,
      suspended: box.status === 'suspended' || box.customer.status === 'suspended',
      identity: {
        kind: box.user ? 'person' : 'mailbox',
        userId: box.user ? Number(box.user.id) : null,
        mailboxId: Number(box.id),
        customerId: Number(box.customerId),
        role: box.user?.role ?? null,
        address: box.address,
        name: box.user?.name || box.name,
        locale: box.locale,
        credentialVersion: box.credentialVersion,
      },
    });
  }
  return candidates;
}

async function noteSignIn(database: Database, { userId, mailboxId }: SignInIdentity): Promise<void> {
  const lastLoginAt = new Date();
  if (userId !== null) await database.user.updateMany({ where: { id: userId }, data: { lastLoginAt } });
  if (mailboxId !== null) await database.mailbox.updateMany({ where: { id: mailboxId }, data: { lastLoginAt } });
}
