import type { MailServerSettings } from '../settings.ts';

/** Counts the connections of a process, over all protocols together. */
export interface ConnectionLimits {
  /** Takes a place for a client's address; null when there is none left. Call what is returned once, when the connection is closed. */
  take(remoteAddress: string): (() => void) | null;
}

export function createConnectionLimits(most: { connections: number; connectionsPerAddress: number }): ConnectionLimits {
  let all = 0;
  const byAddress = new Map<string, number>();
  return {
    take(remoteAddress) {
      const own = byAddress.get(remoteAddress) ?? 0;
      if (all >= most.connections || own >= most.connectionsPerAddress) return null;
      all++;
      byAddress.set(remoteAddress, own + 1);
      return () => {
        all--;
        const left = (byAddress.get(remoteAddress) ?? 1) - 1;
        if (left > 0) byAddress.set(remoteAddress, left);
        else byAddress.delete(remoteAddress);
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
