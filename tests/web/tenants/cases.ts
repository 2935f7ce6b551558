import { form, type Argument } from './caller.ts';
import { password, type Firm } from './firm.ts';

/** Calls of an action with a victim's ids and names; or why it takes none of anybody's. */
export type ActionCase = ((victim: Firm, caller: Firm) => Argument[][]) | { concernsCallerAlone: string };

const everyMailbox =
  (call: (id: number, victim: Firm) => Argument[][]) =>
  (victim: Firm): Argument[][] =>
    Object.values(victim.mailboxes).flatMap((id) => call(id, victim));

/** A new action stands here, or the test fails. */
export const actionCases: Record<string, ActionCase> = {
  signInAction: { concernsCallerAlone: 'begins a session for who knows the password' },
  signUpAction: { concernsCallerAlone: 'opens an account of its own' },
  signOutAction: { concernsCallerAlone: 'ends the session of its own cookie' },
  setPreference: { concernsCallerAlone: 'sets a cookie of this browser' },
  changeOwnPasswordAction: (victim) => [
    [null, form({ current: password, password: 'Neues Kennwort 66', address: `chef@${victim.domain}` })],
  ],
  saveSettingsAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  saveIdentityAction: ({ domain }) => [[null, form({ address: `nutzer@${domain}`, name: 'gehackt', replyTo: '', signature: 'x' })]],
  saveSpamFilterAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  setSpamFilterAction: everyMailbox((id) => ['off', 'strict'].map((spamFilter) => [id, null, form({ spamFilter })])),
  releaseSendingAction: everyMailbox((id) => [[id]]),
  saveAbsenceAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  addForwardAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  keepForwardedAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  confirmOwnForwardAction: ({ forwards }) => forwards.map((id) => [id, null, form({ code: '123456' })]),
  removeOwnForwardAction: ({ forwards }) => forwards.map((id) => [id]),
  resumeOwnForwardAction: ({ forwards }) => forwards.map((id) => [id]),
  addSenderAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  removeSenderAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  saveMailboxAbsenceAction: everyMailbox((id) => [[id, null, form({ enabled: 'on', text: 'gehackt', everyDays: 7 })]]),
  addMailboxForwardAction: everyMailbox((id, { domain }) => [
    [id, null, form({ target: `chef@${domain}` })],
    [id, null, form({ target: 'spion@extern.example' })],
  ]),
  keepMailboxForwardedAction: everyMailbox((id) => [[id, false]]),
  confirmMailboxForwardAction: everyMailbox((id, { forwards }) => forwards.map((forward) => [id, forward, null, form({ code: '123456' })])),
  removeMailboxForwardAction: everyMailbox((id, { forwards }) => forwards.map((forward) => [id, forward])),
  resumeMailboxForwardAction: everyMailbox((id, { forwards }) => forwards.map((forward) => [id, forward])),
  renameOwnMailboxAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  createOwnAppPasswordAction: { concernsCallerAlone: 'takes the mailbox from the session' },
  revokeOwnAppPasswordAction: ({ appPasswords }) => appPasswords.map((id) => [id]),
  endSessionAction: ({ sessions }) => sessions.map((id) => [id]),
  endOtherSessionsAction: () => [[]],
  saveDetailsAction: everyMailbox((id) => [[id, null, form({ quota: 5 * 2 ** 30, name: 'gehackt' })]]),
  setPasswordAction: everyMailbox((id) => ['Neues Kennwort 55', ''].map((given) => [id, null, form({ password: given })])),
  setRoleAction: everyMailbox((id) => ['none', 'owner', 'administrator'].map((role) => [id, null, form({ role })])),
  addAliasAction: (victim, caller) => [
    ...Object.values(victim.mailboxes).flatMap((id) =>
      [victim.domain, caller.domain].map((domain) => [id, null, form({ localPart: `neu${id}`, domain })]),
    ),
    ...Object.values(caller.mailboxes).map((own) => [own, null, form({ localPart: `fremd${own}`, domain: victim.domain })]),
  ],
  removeAliasAction: (victim, caller) =>
    [...Object.values(victim.mailboxes), ...Object.values(caller.mailboxes)].map((id) => [id, `info@${victim.domain}`]),
  createAppPasswordAction: everyMailbox((id) => [[id, null, form({ label: 'X', current: password })]]),
  revokeAppPasswordAction: (victim, caller) =>
    [...Object.values(victim.mailboxes), ...Object.values(caller.mailboxes)].flatMap((id) => victim.appPasswords.map((app) => [id, app])),
  changeMailboxAction: everyMailbox((id) => ['suspend', 'resume', 'delete', 'restore'].map((what) => [id, what])),
  purgeMailboxAction: everyMailbox((id) => [[id]]),
  createMailboxAction: ({ domain }) => [
    [null, form({ localPart: 'fremd', domain, quota: 2 ** 30, passwordKind: 'own', password: 'Ein langes Kennwort' })],
  ],
  addDomainAction: ({ domain }) => [[null, form({ name: domain })]],
  removeDomainAction: ({ domain }) => [[domain]],
  setDomainAliasAction: ({ domain }, caller) => [
    [domain, null, form({ target: '' })],
    [domain, null, form({ target: caller.domain })],
    [caller.domain, null, form({ target: domain })],
  ],
  releaseWithheldAction: ({ withheld }) => withheld.map((id) => [id]),
  discardWithheldAction: ({ withheld }) => withheld.map((id) => [id]),
  releaseModeratedAction: ({ withheld }) => withheld.map((id) => [id]),
  discardModeratedAction: ({ withheld }) => withheld.map((id) => [id]),
  saveQuarantineAction: { concernsCallerAlone: 'takes the customer from the session' },
  saveAddressAction: ({ domain }) =>
    ['forward', 'group', 'catch_all'].map((kind) => [
      null,
      form({ kind, localPart: 'fremd', domain, targets: 'x@elsewhere.example', posting: 'anyone', name: 'X' }),
    ]),
  removeAddressAction: ({ domain }) => [`office@${domain}`, `team@${domain}`, `@${domain}`].map((address) => [address]),
  removeAndLeaveAction: ({ domain }) => [`office@${domain}`, `team@${domain}`, `@${domain}`].map((address) => [address]),
  resumeTargetAction: ({ domain }) => [[`office@${domain}`, `nutzer@${domain}`]],
  setSendAsAction: (victim, caller) => [
    ...Object.values(victim.mailboxes).map((id) => [`office@${caller.domain}`, null, form({ mailbox: id, way: 'as' })]),
    ...Object.values(caller.mailboxes).map((id) => [`office@${victim.domain}`, null, form({ mailbox: id, way: 'as' })]),
  ],
  setOutsideForwardsAction: { concernsCallerAlone: 'takes the customer from the session' },
  checkDomainAction: ({ domain }) => [[domain]],
  answerDomainRequestAction: ({ requests }) => requests.flatMap((id) => [true, false].map((agrees) => [id, agrees])),
  askForDomainAction: ({ domain }) => [[domain], [`unter.${domain}`]],
  renewDkimKeysAction: ({ domain }) => [[domain]],
  newOwnerPasswordAction: ({ users }) => users.map((id) => [id]),
  suspendCustomerAction: ({ customerId }) => [true, false].map((suspended) => [customerId, suspended]),
  setLimitsAction: ({ customerId }) => [[customerId, null, form({ domains: 1, mailboxes: 1, storageGb: 1 })]],
  createCustomerAction: { concernsCallerAlone: 'opens an account; refused to all but the operator by the same door as setLimitsAction' },
};

/** Requests to a page or route with a victim's names, and what they must not be answered. */
export interface RouteCase {
  requests: (victim: Firm) => { path: string; method?: string; body?: string; headers?: Record<string, string> }[];
  /** statuses that give nothing away, beside 401, 403, 404, 409 and redirects; the text is searched in any case */
  harmless?: number[];
  /** what it says is for everybody */
  open?: string;
}

const as = (victim: Firm) => ({ 'x-postamt-mailbox': encodeURIComponent(`nutzer@${victim.domain}`) });
const reading = (route: string, query: string): RouteCase => ({
  requests: (victim) => [{ path: `/api/mail/${route}?${query}`, headers: as(victim) }],
});
const writing = (route: string, method: string, body: unknown = {}): RouteCase => ({
  requests: (victim) => [
    {
      path: `/api/mail/${route}`,
      method,
      body: JSON.stringify(body),
      headers: { ...as(victim), 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    },
  ],
});
const both = (...cases: RouteCase[]): RouteCase => ({ requests: (victim) => cases.flatMap(({ requests }) => requests(victim)) });
const forEverybody = (open: string): RouteCase => ({ requests: () => [], open });
const page = (path: (victim: Firm) => string[]): RouteCase => ({
  requests: (victim) => path(victim).map((one) => ({ path: one })),
  harmless: [200],
});
const message = 'folder=INBOX&uid=1';
const everyLetter = { kind: 'filter', name: '', on: true, join: 'all', conditions: [], actions: [{ kind: 'read' }] };
const letter = { folder: 'INBOX', uids: [1], uid: 1 };

/** A new page or route stands here, or the test fails. */
export const routeCases: Record<string, RouteCase> = {
  '/': page(() => ['/']),
  '/_not-found': forEverybody('says that there is nothing'),
  '/_global-error': forEverybody('says that something failed'),
  '/icon.svg': forEverybody('a picture'),
  '/help': forEverybody('the handbook'),
  '/healthz': forEverybody('whether it runs'),
  '/metrics': page(() => ['/metrics']),
  '/sign-in': forEverybody('the door'),
  '/sign-up': forEverybody('the door'),
  '/mail-setup/autoconfig': forEverybody('names of servers'),
  '/mail-setup/autodiscover': forEverybody('names of servers'),
  '/mail-setup/autodiscover-json': forEverybody('names of servers'),
  '/mail-setup/mta-sts': forEverybody('the policy of a domain, which other hosts ask for'),
  '/mail/[[...path]]': page(() => ['/mail', '/mail/INBOX/1']),
  '/account': page(() => ['/account']),
  '/account/profile': page(() => ['/account/profile']),
  '/mail-settings': page(() => ['/mail-settings']),
  '/mail-settings/absence': page(() => ['/mail-settings/absence']),
  '/mail-settings/forward': page(() => ['/mail-settings/forward']),
  '/mail-settings/senders': page(() => ['/mail-settings/senders']),
  '/mail-settings/filters': page(() => ['/mail-settings/filters']),
  '/mail-settings/moderation': page(() => ['/mail-settings/moderation']),
  '/panel': page(() => ['/panel']),
  '/panel/quarantine': page(() => ['/panel/quarantine']),
  '/panel/addresses': page(({ domain }) => ['/panel/addresses', `/panel/addresses?domain=${domain}`]),
  '/panel/addresses/[id]': page(({ addresses }) => addresses.map((id) => `/panel/addresses/${id}`)),
  '/panel/addresses/map': page(({ domain }) => ['office', 'team'].map((name) => `/panel/addresses/map?address=${name}%40${domain}`)),
  '/panel/audit': page(() => ['/panel/audit', '/panel/audit?before=999999999']),
  '/panel/customers': { requests: () => [{ path: '/panel/customers' }] },
  '/panel/customers/host-zone': { requests: () => [{ path: '/panel/customers/host-zone' }] },
  '/panel/customers/dkim-zone': { requests: () => [{ path: '/panel/customers/dkim-zone' }] },
  '/panel/domains': page(() => ['/panel/domains']),
  '/panel/domains/new': page(() => ['/panel/domains/new']),
  '/panel/domains/[name]': { requests: ({ domain }) => [{ path: `/panel/domains/${domain}` }], harmless: [200] },
  '/panel/domains/[name]/reports': { requests: ({ domain }) => [{ path: `/panel/domains/${domain}/reports` }], harmless: [200] },
  '/panel/domains/[name]/zone': { requests: ({ domain }) => [{ path: `/panel/domains/${domain}/zone` }] },
  '/panel/mailboxes': page(({ domain }) => ['/panel/mailboxes', `/panel/mailboxes?domain=${domain}`]),
  '/panel/mailboxes/[id]': page(({ mailboxes }) => Object.values(mailboxes).map((id) => `/panel/mailboxes/${id}`)),
  '/panel/search': page(() => ['/panel/search?q=nutzer', '/panel/search?q=%25', '/panel/search?q=_', '/panel/search?q=info']),
  '/unsubscribe': forEverybody('asks whoever has a signed link'),
  '/unsubscribe/[token]': { requests: () => [{ path: '/unsubscribe/1.eA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', method: 'POST' }] },
  '/api/mail/cautions': writing('cautions', 'POST', letter),
  '/api/mail/held': both(reading('held', message), writing('held', 'DELETE', { id: '0'.repeat(36) }), writing('held', 'PATCH')),
  '/api/mail/identities': both(reading('identities', ''), writing('identities', 'PATCH')),
  '/api/mail/inner': reading('inner', `${message}&part=2`),
  '/api/mail/invitation': writing('invitation', 'POST', { ...letter, id: '0'.repeat(36), answer: 'ACCEPTED' }),
  '/api/mail/people': writing('people', 'POST', { q: 'geheim' }),
  '/api/mail/picture-senders': writing('picture-senders', 'POST', { address: 'opfer@extern.example', on: true }),
  '/api/mail/settings': both(reading('settings', ''), writing('settings', 'PATCH', { plainText: true })),
  '/api/mail/unsubscribe': writing('unsubscribe', 'POST', letter),
  '/api/mail/zip': reading('zip', `${message}&parts=2`),
  '/api/mail/absence': writing('absence', 'PATCH', { enabled: false }),
  '/api/mail/senders': writing('senders', 'POST', { sender: 'opfer@extern.example', verdict: 'blocked' }),
  '/api/mail/filters': both(
    reading('filters', ''),
    writing('filters', 'POST', { version: '', items: [], takeOver: 'replace' }),
    writing('filters', 'PATCH', { own: true, version: '', text: 'keep;' }),
  ),
  '/api/mail/filters/try': writing('filters/try', 'POST', { filter: everyLetter, folder: 'INBOX', count: 100 }),
  '/api/mail/filters/apply': both(
    writing('filters/apply', 'POST', { actions: everyLetter.actions, folder: 'INBOX', uids: [1] }),
    writing('filters/apply', 'DELETE', { folder: 'INBOX', at: 'INBOX', uids: [1], marks: [], copies: [] }),
  ),
  '/api/mail/compose': reading('compose', `kind=reply&${message}`),
  '/api/mail/conversation': reading('conversation', message),
  '/api/mail/delete': writing('delete', 'POST', letter),
  '/api/mail/drafts': both(writing('drafts', 'POST'), writing('drafts', 'DELETE', { id: '0'.repeat(36), draft: null })),
  '/api/mail/events': reading('events', 'folder=INBOX'),
  '/api/mail/flags': writing('flags', 'POST', { ...letter, add: ['\\Seen'], remove: [] }),
  '/api/mail/folders': both(
    reading('folders', ''),
    writing('folders', 'POST', { path: 'gehackt' }),
    writing('folders', 'DELETE', { path: 'Junk' }),
  ),
  '/api/mail/frame': forEverybody('an empty document'),
  '/api/mail/image': reading('image', 'of=abc'),
  '/api/mail/message': reading('message', message),
  '/api/mail/messages': reading('messages', 'folder=INBOX&count=10'),
  '/api/mail/move': writing('move', 'POST', { ...letter, to: 'Trash' }),
  '/api/mail/part': reading('part', `${message}&part=&open=1`),
  '/api/mail/redirect': both(
    writing('redirect', 'POST', {
      ...letter,
      id: '0'.repeat(36),
      at: new Date().toISOString(),
      to: [{ name: '', address: 'opfer@extern.example' }],
    }),
    writing('redirect', 'DELETE', { ...letter, held: '1', marked: true }),
  ),
  '/api/mail/search': both(reading('search', 'folder=INBOX&q=geheim'), writing('search', 'POST', { folder: 'INBOX', q: 'geheim' })),
  '/api/mail/send': writing('send', 'POST'),
  '/api/mail/uploads': {
    requests: (victim) => [
      { path: `/api/mail/uploads?id=${victim.upload}`, method: 'DELETE', headers: { ...as(victim), 'sec-fetch-site': 'same-origin' } },
      {
        path: '/api/mail/uploads?name=x&type=text/plain',
        method: 'POST',
        body: 'x',
        headers: { ...as(victim), 'sec-fetch-site': 'same-origin' },
      },
    ],
  },
};
