import { hostOf } from '../../lib/addresses/network-of.ts';
import { onceFor } from '../../lib/config/once-for.ts';
import type { AccountId } from '../../lib/db/ids.ts';
import { BoundedCounts } from '../../lib/workers/bounded-counts.ts';
import { FairPlaces } from '../../lib/workers/fair-places.ts';
import type { Principal } from '../auth/types.ts';
import type { MailServerSettings } from '../settings.ts';

/** One connection, as it is counted. */
export interface Place {
  /**
   * Somebody signed in: he does not lose it to others any more. What comes from our own web is counted for the mailbox from here on, and no
   * longer for the address, which is the same for everybody's. False when the mailbox has as many as it may have.
   */
  signIn(principal: Pick<Principal, 'accountId' | 'credential'>): boolean;
  /** Call once, when the connection is closed. */
  giveBack(): void;
}

/** Counts the connections of a process, over all protocols together. */
export interface ConnectionLimits {
  /**
   * Takes a place for a client's address, in IPv6 for its network (/56); null when there is none left for it.
   *
   * @param lose called when all are taken and somebody comes who has fewer, until somebody signs in here; null: who is trusted
   */
  take(remoteAddress: string, lose: (() => void) | null): Place | null;
}

interface Most {
  connections: number;
  connectionsPerAddress: number;
  connectionsPerMailbox: number;
}

export function createConnectionLimits(most: Most): ConnectionLimits {
  const places = new FairPlaces<string>(most.connections);
  const byAddress = new BoundedCounts<string>(most.connectionsPerAddress);
  const byMailbox = new BoundedCounts<AccountId>(most.connectionsPerMailbox);
  return {
    take(remoteAddress, lose) {
      const host = hostOf(remoteAddress);
      let leave = (): void => byAddress.leave(host);
      if (!byAddress.enter(host)) return null;
      const place = places.take(host, lose);
      if (!place) {
        leave();
        return null;
      }
      return {
        signIn({ accountId, credential }) {
          if (credential === 'token') {
            if (!byMailbox.enter(accountId)) return false;
            leave();
            leave = () => byMailbox.leave(accountId);
          }
          place.keep();
          return true;
        },
        giveBack() {
          place.giveBack();
          leave();
        },
      };
    },
  };
}

/** The limits that all listeners with these settings share. */
export const connectionLimitsOf = onceFor<MailServerSettings, ConnectionLimits>(createConnectionLimits);
