import { mechanismNames } from '../auth/sasl/exchange.ts';
import type { ImapSession } from './context.ts';

const beforeLogin = ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+', 'SASL-IR', 'ENABLE', 'ID'];
const afterLogin = [
  'IMAP4rev1',
  'IMAP4rev2',
  'LITERAL+',
  'ENABLE',
  'ID',
  'IDLE',
  'NAMESPACE',
  'CHILDREN',
  'UNSELECT',
  'UIDPLUS',
  'MOVE',
  'SPECIAL-USE',
  'CREATE-SPECIAL-USE',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'STATUS=SIZE',
  'CONDSTORE',
  'ESEARCH',
  'SEARCHRES',
  'WITHIN',
  'SORT',
  'THREAD=ORDEREDSUBJECT',
  'THREAD=REFERENCES',
  'MULTIAPPEND',
  'BINARY',
  'OBJECTID',
  'PREVIEW',
  'QUOTA',
  'QUOTA=RES-STORAGE',
];

/** The capability list for the session's state, without the word CAPABILITY. */
export function capabilities(session: ImapSession): string {
  if (session.principal) return [...afterLogin, `APPENDLIMIT=${session.services.settings.messageBytes}`].join(' ');
  const login = session.mayLogIn
    ? mechanismNames(session.channel, session.services.authenticator).map((name) => `AUTH=${name}`)
    : ['LOGINDISABLED'];
  return [...beforeLogin, ...(session.secure ? [] : ['STARTTLS']), ...login].join(' ');
}
