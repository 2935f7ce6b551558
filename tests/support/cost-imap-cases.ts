/**
 * What a client may send to make a command costly, at a size n (1 is small, the cost test asks 1, 2 and 4). `n * 100`, `n * 1000`: chosen so that 4
 * stays just within the limits of the server. Folders "T1", "T2", "T4" and "M" hold n (4) times as many hostile letters, "C1", "C2" and "C4" n
 * times as many copies of one; see cost-imap.test.ts.
 */
export type CostCase = (n: number) => string;

const times = (count: number, text: (index: number) => string, separator = ' '): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(separator);
const or = (count: number, key: (index: number) => string): string =>
  `${times(count - 1, (index) => `OR ${key(index)}`)} ${key(count - 1)} ${key(count)}`;
const scattered = (n: number): string => times(n * 200, (index) => String(index * 2 + 1), ',');
const nested = (n: number, open: string, close: string, inner: string): string =>
  `${open.repeat(Math.floor(n * 45))}${inner}${close.repeat(Math.floor(n * 45))}`;
const same = (command: string): CostCase[] => [() => command];

/** Cases of each command of the registry, by its name: `IN <folder>` is selected first where a case needs one. */
export const costCases: Record<string, CostCase[]> = {
  APPEND: [
    (n) => `APPEND INBOX (${times(n * 1500, (index) => `k${index}`)}) {4+}\r\nx: y`,
    (n) => `APPEND INBOX (${'\\Seen '.repeat(n * 1500)}\\Seen) {4+}\r\nx: y`,
  ],
  AUTHENTICATE: same('AUTHENTICATE PLAIN'),
  CAPABILITY: same('CAPABILITY'),
  CHECK: same('CHECK'),
  CLOSE: [(n) => `IN T${n} CLOSE`],
  COPY: [(n) => `IN T4 COPY ${scattered(n)} Archive`, (n) => `IN T${n} COPY 1:* Archive`],
  CREATE: [(n) => `CREATE ${times(n * 7, (index) => `d${index}`, '/')}${n}`],
  DELETE: same('DELETE Nothing'),
  ENABLE: [(n) => `ENABLE ${times(n * 1500, (index) => `X${index}`)}`],
  EXAMINE: [(n) => `EXAMINE T${n}`],
  EXPUNGE: [(n) => `IN T4 UID EXPUNGE ${scattered(n)}`],
  FETCH: [
    (n) => `IN T4 FETCH 1:200 (${times(n * 48, (index) => `BODY.PEEK[HEADER.FIELDS (X${index})]`)})`,
    (n) => `IN T4 FETCH ${scattered(n)} (FLAGS UID)`,
    (n) => `IN T${n} FETCH 1:* (ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER])`,
    (n) => `IN T4 FETCH 1:50 (${times(n * 48, (index) => `BODY.PEEK[${index + 1}]<0.9>`)})`,
    (n) => `IN T4 FETCH 1:9 BODY.PEEK[${times(n * 24, () => '1', '.')}]`,
    (n) => `IN C${n} FETCH 1:* (UID INTERNALDATE THREADID)`,
    (n) => `IN T4 FETCH 1:50 (BODY.PEEK[HEADER.FIELDS.NOT (${times(n * 120, (index) => `X${index}`)})])`,
  ],
  GETQUOTA: same('GETQUOTA ""'),
  GETQUOTAROOT: same('GETQUOTAROOT INBOX'),
  ID: [(n) => `ID (${times(n * 7, (index) => `"k${index}" "v"`)})`],
  IDLE: same('IDLE'),
  LIST: [
    (n) => `LIST "" ${'*a'.repeat(n * 120)}`,
    (n) => `LIST "" ${'%a'.repeat(n * 120)}`,
    (n) => `LIST "" ${'*%a'.repeat(n * 80)}*`,
    (n) => `LIST "" (${times(n * 24, (index) => `*${'a'.repeat(100)}${index}`)})`,
  ],
  LOGIN: same('LOGIN'),
  LOGOUT: same('LOGOUT'),
  LSUB: [(n) => `LSUB "" ${'*a'.repeat(n * 120)}`],
  MOVE: [(n) => `IN M UID MOVE ${scattered(n)} Archive`],
  NAMESPACE: same('NAMESPACE'),
  NOOP: same('NOOP'),
  RENAME: same('RENAME Nothing Something'),
  SEARCH: [
    (n) => `IN T4 SEARCH ${times(n * 1200, () => 'UNDELETED')}`,
    (n) => `IN T4 SEARCH ${times(n * 900, (index) => `UNKEYWORD k${index}`)}`,
    (n) => `IN T4 SEARCH ${or(n * 800, (index) => `HEADER x a${index}`)}`,
    (n) => `IN T4 SEARCH ${or(n * 800, (index) => `SUBJECT b${index}`)}`,
    (n) => `IN T4 SEARCH ${or(n * 1100, (index) => `UID ${index * 2 + 1}`)}`,
    (n) => `IN T4 SEARCH ${or(n * 600, (index) => `LARGER ${90_000 + index}`)}`,
    (n) => `IN T4 SEARCH ${or(n * 500, (index) => `SENTON 1-Jan-${1000 + index}`)}`,
    (n) => `IN T4 SEARCH ${or(n * 400, (index) => `(SEEN UID ${index + 1})`)}`,
    (n) => `IN T4 SEARCH ${times(n * 800, (index) => `NOT HEADER x a${index}`)}`,
    (n) => `IN T4 SEARCH ${nested(n, '(NOT ', ')', 'TEXT nothing')}`,
    (n) => `IN T4 SEARCH ${nested(n / 2, '(OR DELETED ', ')', 'TEXT nothing')}`,
    (n) => `IN T4 SEARCH ${times(n * 1500, (index) => `${index + 1}:${index + 2}`, ',')}`,
    (n) => `IN T${n} SEARCH OR TEXT nothing BODY neither`,
    (n) => `IN C${n} SEARCH OR TEXT nothing HEADER x y`,
    (n) => `IN T4 UID SEARCH RETURN (SAVE MIN MAX ALL COUNT) ${scattered(n)}`,
  ],
  SELECT: [(n) => `SELECT T${n}`],
  SORT: [
    (n) => `IN C${n} SORT (SUBJECT DATE) UTF-8 ALL`,
    (n) => `IN T${n} SORT (SUBJECT FROM TO CC DATE SIZE ARRIVAL REVERSE SUBJECT) UTF-8 ALL`,
    (n) => `IN T4 SORT (${times(n * 5, () => 'REVERSE SUBJECT')}) UTF-8 ALL`,
  ],
  STARTTLS: same('STARTTLS'),
  STATUS: [(n) => `STATUS T${n} (MESSAGES RECENT UNSEEN DELETED DELETED-STORAGE SIZE)`],
  STORE: [
    (n) => `IN T4 STORE ${scattered(n)} +FLAGS.SILENT (\\Flagged)`,
    (n) => `IN T4 STORE ${scattered(n)} -FLAGS (\\Flagged)`,
    (n) => `IN T4 STORE 1:* +FLAGS (${times(n * 24, (index) => `s${n}x${index}`)})`,
    (n) => `IN T${n} STORE 1:* FLAGS ()`,
  ],
  SUBSCRIBE: same('SUBSCRIBE Archive'),
  THREAD: [
    (n) => `IN T${n} THREAD REFERENCES UTF-8 ALL`,
    (n) => `IN C${n} THREAD REFERENCES UTF-8 ALL`,
    (n) => `IN T${n} THREAD ORDEREDSUBJECT UTF-8 ALL`,
  ],
  UNSELECT: [(n) => `IN T${n} UNSELECT`],
  UNSUBSCRIBE: same('UNSUBSCRIBE Archive'),
};

/** Letters of a chain, and letters that each ask whether the chain's root is above its end: n times n steps where that is walked. */
export function hostileLetters(count: number): string[] {
  const pair = ` <c${count - 1}@x> <c-1@x>\n`;
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? `Message-ID: <c${index / 2}@x>\nReferences: <c${index / 2 - 1}@x>\nFrom: ${' '.repeat(500)}x\nSubject: ${'Re: '.repeat(40)}a\n\nx\n`
      : `Message-ID: <b${index}@x>\nReferences:${pair.replaceAll(String(count - 1), String(count / 2 - 1)).repeat(24)}Subject: a\n\nx\n`,
  );
}
