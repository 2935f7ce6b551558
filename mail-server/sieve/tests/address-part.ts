import type { Call } from '../compile/call.ts';
import type { TagSpecification } from '../compile/syntax-of-call.ts';
import { type Mailbox, wholeAddress } from '../letter/addresses.ts';
import type { Run } from '../run/run.ts';

/** RFC 5228 section 2.7.4 and RFC 5233. */
export const ADDRESS_PARTS: Record<string, TagSpecification> = {
  all: { group: 'address part' },
  localpart: { group: 'address part' },
  domain: { group: 'address part' },
  user: { group: 'address part', extension: 'subaddress' },
  detail: { group: 'address part', extension: 'subaddress' },
};

/** The part of an address that the call compares; null if the address has none. */
export function compileAddressPart(call: Call): (run: Run, mailbox: Mailbox) => string | null {
  switch (call.oneOf('localpart', 'domain', 'user', 'detail')) {
    case 'localpart':
      return (_, { local }) => local;
    case 'domain':
      return (_, { domain }) => domain;
    case 'user':
      return (run, { local }) => splitDetail(run, local).user;
    case 'detail':
      return (run, { local }) => splitDetail(run, local).detail;
    default:
      return (_, mailbox) => wholeAddress(mailbox);
  }
}

function splitDetail(run: Run, local: string): { user: string; detail: string | null } {
  const { detailSeparator } = run.environment;
  const at = local.indexOf(detailSeparator);
  if (at < 0) return { user: local, detail: null };
  return { user: local.slice(0, at), detail: local.slice(at + detailSeparator.length) };
}
