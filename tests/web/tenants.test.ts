import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedDatabase, sharedInstallation } from '#tests/support/installation.ts';
import { builtActions, builtRoutes, Caller, form } from './tenants/caller.ts';
import { actionCases, routeCases } from './tenants/cases.ts';
import { createFirm, stateOf, type Firm } from './tenants/firm.ts';

// The walls between customers, from outside: every action and every route of the build, by every kind of caller, with the ids and names of
// somebody else. What there is to try comes from the build itself, so nothing new can be forgotten.

const { web, operator } = sharedInstallation();
const databaseUrl = sharedDatabase();
const database = new pg.Client({ connectionString: databaseUrl });
const actions = builtActions();
const routes = builtRoutes();
const newCaller = (): Caller => new Caller(web, actions);

let victim: Firm;
let other: Firm;
let callers: [string, Caller][];

beforeAll(async () => {
  await database.connect();
  const unique = Date.now().toString(36);
  victim = await createFirm(newCaller, databaseUrl, `opfer${unique}.at`);
  other = await createFirm(newCaller, databaseUrl, `taeter${unique}.at`);
  callers = [
    ['nobody', newCaller()],
    ['an owner of another customer', other.owner],
    ['an administrator of another customer', other.administrator],
    ['a mailbox of another customer', other.user],
  ];
});

afterAll(() => database.end());

/** Something that was made or is known to the victim alone. */
const secretOf = (text: string): string | undefined =>
  /"secret":"[^"]+"|[a-z0-9]{4}(-[a-z0-9]{4}){4}/.exec(text)?.[0] ??
  ['chef', 'verw', 'nutzer', 'weg', 'info'].map((local) => `${local}@${victim.domain}`).find((address) => text.includes(address));

async function tryAction(name: string, who: string, caller: Caller, calls: readonly (readonly unknown[])[]): Promise<void> {
  const before = await stateOf(database, victim);
  for (const given of calls) {
    const { text } = await caller.act(name, ...(given as Parameters<Caller['act']> extends [string, ...infer Rest] ? Rest : never));
    const words = `${who}: ${name}(${JSON.stringify(given, (_, value) => (value instanceof Map ? Object.fromEntries(value) : value))})`;
    expect(await stateOf(database, victim), words).toEqual(before);
    expect(/"secret":"[^"]+"/.exec(text)?.[0], words).toBeUndefined();
  }
}

it('the customers have what others could reach for', () => {
  expect(victim.appPasswords).toHaveLength(2);
  expect(victim.addresses).toHaveLength(3);
  expect(victim.users.length).toBeGreaterThanOrEqual(2);
  expect(victim.sessions.length).toBeGreaterThanOrEqual(3);
  expect(victim.upload).toMatch(/^[a-f0-9]{32}$/);
  expect(Object.values(victim.mailboxes).every((id) => id > 0)).toBe(true);
});

it('the same calls by the right people do change something', async () => {
  const before = await stateOf(database, other);
  await other.administrator.act('addAliasAction', other.mailboxes.nutzer, null, form({ localPart: 'probe', domain: other.domain }));
  const alias = await stateOf(database, other);
  expect(alias['address']).not.toBe(before['address']);
  const { text } = await other.owner.act('setPasswordAction', other.mailboxes.weg, null, form({ password: '' }));
  expect(text).toContain('PA-BOX-1');
  const { status } = await other.user.request('/api/mail/folders');
  expect(status).toBe(200);
});

it('every action and every route of the build has a case here', () => {
  expect([...actions.keys()].filter((name) => !Object.hasOwn(actionCases, name))).toEqual([]);
  expect([...new Set(routes.values())].filter((path) => !Object.hasOwn(routeCases, path))).toEqual([]);
});

describe('with another customer’s ids nothing changes and nothing secret is said by', () => {
  it.each(Object.entries(actionCases).flatMap(([name, given]) => (typeof given === 'function' ? [[name, given] as const] : [])))(
    '%s',
    async (name, calls) => {
      for (const [who, caller] of callers) await tryAction(name, who, caller, calls(victim, other));
    },
  );
});

describe('of another customer nothing is told and nothing done by', () => {
  it.each(Object.entries(routeCases).filter(([, { open }]) => open === undefined))('%s', async (_, { requests, harmless = [] }) => {
    const quiet = [307, 303, 308, 400, 401, 403, 404, 409, ...harmless];
    const before = await stateOf(database, victim);
    for (const [who, caller] of callers) {
      for (const { path, ...init } of requests(victim)) {
        const { status, text } = await caller.request(path, init);
        expect(quiet, `${who}: ${init.method ?? 'GET'} ${path}`).toContain(status);
        expect(secretOf(text), `${who}: ${init.method ?? 'GET'} ${path}`).toBeUndefined();
        expect(await stateOf(database, victim), `${who}: ${init.method ?? 'GET'} ${path}`).toEqual(before);
      }
    }
  });
});

describe('within a customer', () => {
  const ownersOnly = (): [string, unknown[][]][] => [
    ['setPasswordAction', actionsFor('setPasswordAction', [victim.mailboxes.chef])],
    ['createAppPasswordAction', actionsFor('createAppPasswordAction', [victim.mailboxes.chef])],
    ['revokeAppPasswordAction', victim.appPasswords.slice(-1).map((id) => [victim.mailboxes.chef, id])],
    ['changeMailboxAction', ['suspend', 'delete'].map((what) => [victim.mailboxes.chef, what])],
    ['setRoleAction', actionsFor('setRoleAction', Object.values(victim.mailboxes))],
    ['newOwnerPasswordAction', victim.users.map((id) => [id])],
    ['suspendCustomerAction', [[victim.customerId, true]]],
    ['setLimitsAction', actionsFor('setLimitsAction', [victim.customerId])],
  ];
  const actionsFor = (name: string, ids: readonly number[]): unknown[][] => {
    const given = actionCases[name];
    return typeof given === 'function' ? given(victim, other).filter(([id]) => ids.includes(Number(id))) : [];
  };

  it('an administrator touches neither an owner’s password, app passwords and state nor roles', async () => {
    for (const [name, calls] of ownersOnly()) {
      expect(calls.length, name).toBeGreaterThan(0);
      await tryAction(name, 'an administrator', victim.administrator, calls);
    }
  });

  it('a mailbox without panel does nothing of the panel', async () => {
    for (const [name, given] of Object.entries(actionCases)) {
      if (typeof given !== 'function' || /Own|Session/.test(name)) continue;
      await tryAction(name, 'a mailbox', victim.user, given(victim, victim));
    }
  });
});

it('the operator reads nobody’s mail and reaches no mailbox', async () => {
  if (!operator) throw new Error('no operator');
  const caller = await newCaller().signIn(operator.email, operator.password);
  for (const path of ['/api/mail/folders', `/panel/mailboxes/${victim.mailboxes.nutzer}`, `/panel/domains/${victim.domain}`]) {
    const { status, text } = await caller.request(path);
    expect([401, 307, 404], path).toContain(status);
    expect(secretOf(text), path).toBeUndefined();
  }
});
