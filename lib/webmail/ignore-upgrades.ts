import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const kept = globalThis as typeof globalThis & { postamtIgnoresUpgrades?: boolean };

/**
 * Answers requests that ask for another protocol in this one (RFC 9110 section 7.8): there is none that we change to. Next closes such connections
 * without a word, which programs run into that try HTTP/2 first, or keeps them open for ever.
 */
export function ignoreUpgrades(): void {
  if (kept.postamtIgnoresUpgrades) return;
  kept.postamtIgnoresUpgrades = true;
  subscribe('net.server.socket', (message) => {
    const { server } = (message as { socket: Socket & { server?: Server } }).socket;
    if (server && 'shouldUpgradeCallback' in server) server.shouldUpgradeCallback = () => false;
  });
}
