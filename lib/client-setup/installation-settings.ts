import { installation } from '../config/installation.ts';
import type { ClientSettings } from './client-settings.ts';

/** This installation's own settings. */
export function installationSettings(): ClientSettings {
  const { host, ports, webUrl } = installation();
  const { imaps, imap, pop3s, pop3, submissions, submission, sieve } = ports;
  return { displayName: 'Postamt', host, imaps, imap, pop3s, pop3, submissions, submission, sieve, webUrl };
}
