import { isIP } from 'node:net';
import { basePorts, type MailPort } from './mail-ports.ts';

export interface Network {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

/** Of a list with commas. */
export const wordsOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

const isMailPort = (name: string): name is MailPort => Object.hasOwn(basePorts, name);

/** "imaps=10993,smtp=10025". Null if a name is none of our services or a number no port. */
export function parseProxyPorts(text: string): Partial<Record<MailPort, number>> | null {
  const ports: Partial<Record<MailPort, number>> = {};
  for (const word of wordsOf(text)) {
    const [name = '', number = '', ...more] = word.split('=');
    const port = /^\d{1,5}$/.test(number) ? Number(number) : 0;
    if (!isMailPort(name) || name in ports || port < 1 || port > 65_535 || more.length > 0) return null;
    ports[name] = port;
  }
  return ports;
}

/** "10.0.0.5,2001:db8::/64". Null if one of them is no address or network. */
export function parseNetworks(text: string): Network[] | null {
  const networks: Network[] = [];
  for (const word of wordsOf(text)) {
    const [address = '', length, ...more] = word.split('/');
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const prefix = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : -1;
    if (version === 0 || prefix < 0 || prefix > most || more.length > 0) return null;
    networks.push({ address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' });
  }
  return networks;
}
