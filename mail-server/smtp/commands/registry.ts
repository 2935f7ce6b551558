import type { Profile, SmtpContext } from '../context.ts';
import type { Reply } from '../reply.ts';
import { auth } from './auth.ts';
import { bdat } from './bdat.ts';
import { data } from './data.ts';
import { ehlo } from './ehlo.ts';
import { helo } from './helo.ts';
import { help } from './help.ts';
import { mail } from './mail.ts';
import { noop } from './noop.ts';
import { quit } from './quit.ts';
import { rcpt } from './rcpt.ts';
import { rset } from './rset.ts';
import { starttls } from './starttls.ts';
import { vrfy } from './vrfy.ts';

/** Runs a command; `argument` is what follows its name, without surrounding spaces. Null: the connection ends without another word. */
export type Command = (session: SmtpContext, argument: string) => Reply | Promise<Reply | null>;

const common: Record<string, Command> = {
  MAIL: mail,
  RCPT: rcpt,
  DATA: data,
  BDAT: bdat,
  RSET: rset,
  NOOP: noop,
  QUIT: quit,
  VRFY: vrfy,
  HELP: help,
};
const commands = {
  smtp: new Map(Object.entries({ ...common, HELO: helo, EHLO: ehlo })),
  lmtp: new Map(Object.entries({ ...common, LHLO: ehlo })),
};

export function findCommand(name: string, profile: Profile): Command | undefined {
  if (name === 'STARTTLS' && profile.encryption !== 'none') return starttls;
  if (name === 'AUTH' && profile.offersAuthentication) return auth;
  return commands[profile.lmtp ? 'lmtp' : 'smtp'].get(name);
}
