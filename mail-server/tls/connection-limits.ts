import { hostOf } from '../../lib/addresses/network-of.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { BoundedCounts } from '../../lib/workers/bounded-counts.ts';
import type { MailServerSettings } from '../settings.ts';

/** One connection, as it is counted. */
export interface Place {
  /**
   * The connection comes from our own web, on behalf of a mailbox: it is counted for that mailbox from here on, and no longer for the
   * address, which is the same for everybody's. False when the mailbox has as many as it may have.
   */
  moveTo(account: AccountId): boolean;
  /** Call once, when the connection is closed. */
  giveBack(): void;
}

/** Counts the connections of a process, over all protocols together. */
export interface ConnectionLimits {
  /** Takes a place for a client's address, in IPv6 for its network (/56); null when there is none left. */
  take(remoteAddress: string): Place | null;
}

interface Most {
  connections: number;
  connectionsPerAddress: number;
  connectionsPerMailbox: number;
}

export function createConnectionLimits(most: Most): ConnectionLimits {
  let all = 0;
  const byAddress = new BoundedCounts<string>(most.connectionsPerAddress);
  const byMailbox = new BoundedCounts<AccountId>(most.connectionsPerMailbox);
  return {
    take(remoteAddress) {
      const host = hostOf(remoteAddress);
      if (all >= most.connections || !byAddress.enter(host)) return null;
      all++;
      let leave = (): void => byAddress.leave(host);
      return {
        moveTo(account) {
          if (!byMailbox.enter(account)) return false;
          leave();
          leave = () => byMailbox.leave(account);
          return true;
        },
        giveBack() {
          all--;
          leave();
        },
      };
    },
  };
}

const limits = new WeakMap<MailServerSettings, ConnectionLimits>();

/** The limits that all listeners with these settings share. */
export function connectionLimitsOf(settings: MailServerSettings): ConnectionLimits {
  const known = limits.get(settings) ?? createConnectionLimits(settings);
  limits.set(settings, known);
  return known;
}
