/** What `require` and `ihave` may name, each with the extensions that it brings along. docs/protocols.md has RFC and test of each. */
const IMPLIED: Record<string, readonly string[]> = {
  body: [],
  'comparator-i;ascii-casemap': [],
  'comparator-i;ascii-numeric': [],
  'comparator-i;octet': [],
  'comparator-i;unicode-casemap': [],
  copy: [],
  date: [],
  duplicate: [],
  editheader: [],
  'encoded-character': [],
  enotify: [],
  envelope: [],
  environment: [],
  ereject: [],
  extracttext: [],
  fileinto: [],
  foreverypart: [],
  ihave: [],
  imap4flags: [],
  include: [],
  index: [],
  mailbox: [],
  mailboxid: [],
  mboxmetadata: [],
  mime: [],
  regex: [],
  reject: [],
  relational: [],
  servermetadata: [],
  spamtest: [],
  spamtestplus: ['spamtest'],
  'special-use': [],
  subaddress: [],
  vacation: [],
  'vacation-seconds': ['vacation'],
  variables: [],
  virustest: [],
};

/** In the order of their names. ManageSieve lists them in its greeting. */
export const EXTENSIONS: readonly string[] = Object.keys(IMPLIED);

export const isExtension = (name: string): boolean => Object.hasOwn(IMPLIED, name);
export const withImplied = (name: string): readonly string[] => [name, ...(IMPLIED[name] ?? [])];
