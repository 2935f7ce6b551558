/** One measurement of mailbench, and which of its figures go into the table of ratios. */
export interface Workload {
  name: string;
  arguments: string[];
  /** by the peer's mailboxes with a fast password hash (f1, f2 …), where its slow one would be all that is measured */
  fastHash?: boolean;
  /** path in the JSON line → row; `higher` where more is better; `noRatio`: why the two cannot be compared by a ratio */
  figures: { path: string; row: string; higher?: boolean; noRatio?: string }[];
  /** how often it is run on each side, in turn */
  rounds: number;
}

const p50 = (...names: string[]) => names.map((name) => ({ path: `${name}_ms.p50`, row: `${name.replaceAll('_', ' ')}, ms` }));

/** the peer has no spam filter: what is delivered as there goes to mailboxes u11 to u30, which have it turned off */
export const unfilteredFrom = 11;
export const deliveredTo = 20;

/** mailboxes f101 to f120 have rules */
export const ruledFrom = 101;
export const ruledCount = 20;

export function workloads(count: number, rounds: number): Workload[] {
  const of = (user: number, more: number = count) => ['--first-user', String(user), '--count', String(more)];
  const delivery = (proto: string, conns: number, from = unfilteredFrom): Workload => ({
    name: `deliver ${proto} ${conns} conn`,
    arguments: ['--workload', 'deliver', '--proto', proto, '--conns', String(conns), '--users', String(deliveredTo), ...of(from, 1000)],
    figures: [
      { path: 'visible_per_s', row: 'visible messages/s', higher: true },
      { path: 'latency_ms.p50', row: 'p50 ms' },
      { path: 'latency_ms.p99', row: 'p99 ms' },
    ],
    rounds,
  });
  const append = (mode: string): Workload => ({
    name: `append 1k ${mode}`,
    arguments: ['--workload', 'append', ...of(90, 1000), '--mode', mode],
    figures: [{ path: 'msgs_per_s', row: 'messages/s', higher: true }],
    rounds,
  });
  const size = count >= 1000 ? `${count / 1000}k` : String(count);
  return [
    append('sync'),
    append('literal+'),
    append('multi'),
    delivery('lmtp', 1),
    delivery('lmtp', 8),
    delivery('smtp', 8),
    { ...delivery('smtp', 8, unfilteredFrom + deliveredTo), name: 'deliver smtp 8 conn, spam filter here' },
    {
      // mailboxes whose script is that of rules.ts; Dovecot runs it with Pigeonhole
      name: 'deliver lmtp 8 conn, 10 rules',
      arguments: ['--workload', 'deliver', '--proto', 'lmtp', '--conns', '8', '--users', '20', ...of(ruledFrom, 1000)],
      fastHash: true,
      figures: delivery('lmtp', 8).figures,
      rounds,
    },
    {
      name: 'login 4 conn',
      arguments: ['--workload', 'login', '--conns', '4', '--seconds', '6', '--users', '20', '--first-user', '11'],
      fastHash: true,
      figures: [{ path: 'logins_per_s', row: 'logins/s', higher: true }],
      rounds,
    },
    {
      name: `open ${size}`,
      arguments: ['--workload', 'open', ...of(1)],
      figures: p50('warm_login_select', 'warm_first_page_50', 'warm_all_flags', 'warm_all_envelopes'),
      rounds,
    },
    {
      name: `read ${size}`,
      arguments: ['--workload', 'read', ...of(1)],
      figures: [...p50('full', 'header', 'part1'), { path: 'bulk_mb_per_s.p50', row: 'bulk MB/s', higher: true }],
      rounds,
    },
    {
      name: `flags ${size}`,
      arguments: ['--workload', 'flags', ...of(1), '--repeat', '3'],
      figures: p50('store_1', 'store_1000', 'store_all', 'unstore_all', 'copy_1000', 'move_1000', 'expunge_1000'),
      rounds,
    },
    {
      name: `search ${size}`,
      arguments: ['--workload', 'search', ...of(1), '--repeat', '3'],
      figures: p50(
        ...['subject', 'from', 'since', 'unseen', 'text_rare', 'body_rare', 'text_common', 'text_umlaut'],
        ...['sort_reverse_date', 'sort_subject', 'thread_references'],
      ),
      rounds,
    },
    {
      name: 'pop3 1k',
      arguments: ['--workload', 'pop3', ...of(3, 1000), '--repeat', '3'],
      figures: p50('login', 'uidl', 'list', 'download'),
      rounds,
    },
    {
      name: 'mixed 50 clients',
      arguments: ['--workload', 'mixed', '--conns', '50', '--users', '50', ...of(31, 200), '--seconds', '15'],
      fastHash: true,
      figures: [
        { path: 'ops_per_s', row: 'operations/s', higher: true },
        ...['read', 'page', 'store', 'append', 'status', 'search', 'deliver', 'relogin'].map((name) => ({
          path: `${name}_ms.p95`,
          row: `${name} p95 ms`,
          noRatio: 'at its own load',
        })),
      ],
      rounds: 1,
    },
    {
      // the peer as shipped takes no more than a hundred TLS connections
      name: 'idle 90 clients',
      arguments: ['--workload', 'idle', '--conns', '90', '--users', '30', '--first-user', '31', '--notify', '50', '--settle', '3'],
      fastHash: true,
      figures: [
        { path: 'notify_from_accept_ms.p50', row: 'told after acceptance, p50 ms' },
        { path: 'notify_from_accept_ms.p95', row: 'told after acceptance, p95 ms' },
        { path: 'mem_idle.pss_mb', row: 'memory of all processes, MB', noRatio: 'mostly Postgres’ cache' },
      ],
      rounds: 1,
    },
    {
      name: `mbsync ${size}`,
      arguments: ['--workload', 'mbsync', ...of(1), '--repeat', '2'],
      figures: [
        { path: 'full_pull_s.p50', row: 'full pull s' },
        { path: 'no_change_s.p50', row: 'no change s' },
      ],
      rounds: 1,
    },
  ];
}

/** What a person does in the webmail, beside Roundcube on the same mailbox; see webmail.ts. */
export const webmailWork = (count: number): Workload => ({
  name: `webmail ${count >= 1000 ? `${count / 1000}k` : count}`,
  arguments: [],
  figures: [
    { path: 'login_to_inbox_ms.median', row: 'sign in to inbox, ms' },
    { path: 'open_message_ms.median', row: 'open a letter, ms' },
    { path: 'next_page_ms.median', row: 'next 50 letters, ms' },
    { path: 'search_subject_from_ms.median', row: 'search subjects, ms' },
    { path: 'search_entire_message_ms.median', row: 'search everything, ms' },
    { path: 'transfer_kb_cold_cache.median', row: 'transferred until the inbox, KB' },
  ],
  rounds: 1,
});

/** One mailbox at all its limits while a second one reads and writes; 200 ms is what the second may wait (p95). */
const fairness = (name: string): Workload => ({
  name,
  arguments: [],
  figures: [
    { path: 'others_ms.p50', row: 'others wait p50 ms' },
    { path: 'others_ms.p95', row: 'others wait p95 ms' },
  ],
  rounds: 1,
});
export const fairnessWork = fairness('fairness imap 16 conn');
export const webFairnessWork = fairness('fairness web 24 requests, 40 streams');

/** Twenty letters to a group of a hundred mailboxes, beside an alias of Postfix. */
export const groupWork = (rounds: number): Workload => ({
  name: 'group of 100',
  arguments: [],
  figures: [
    { path: 'copies_per_s', row: 'copies/s', higher: true },
    { path: 'letter_ms', row: 'a letter in all mailboxes, ms' },
  ],
  rounds,
});

/** A thousand letters to an address that leads to another host, beside an alias of Postfix, until that host has them all. */
export const forwardWork = (rounds: number): Workload => ({
  name: 'forward to a sink',
  arguments: [],
  figures: [{ path: 'letters_per_s', row: 'letters/s', higher: true }],
  rounds,
});
