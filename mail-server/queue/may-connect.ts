import { isPublicAddress } from '../../lib/addresses/public-address.ts';
import { basePorts } from '../../lib/config/config.ts';
import type { MailServerSettings } from '../settings.ts';

/** A stranger's DNS must not lead us into our own network, whose hosts trust us. Tests have their mail hosts on another port than the world's. */
export const mayConnect = ({ smtpPortOut, ports }: Pick<MailServerSettings, 'smtpPortOut' | 'ports'>, address: string): boolean =>
  (smtpPortOut !== basePorts.smtp && smtpPortOut !== ports.smtp) || isPublicAddress(address);
