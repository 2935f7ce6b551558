import { wordTable } from '../../../lib/mime/word-table.ts';

/** What `require` and `ihave` may name, each with the extensions that it brings along. docs/protocols.md has RFC and test of each. */
const IMPLIED = wordTable<readonly string[]>({
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
});

/** In the order of their names. ManageSieve lists them in its greeting. */
export const EXTENSIONS: readonly string[] = [...IMPLIED.keys()];

export const isExtension = (name: string): boolean => IMPLIED.has(name);
export const withImplied = (name: string): readonly string[] => [name, ...(IMPLIED.get(name) ?? [])];
