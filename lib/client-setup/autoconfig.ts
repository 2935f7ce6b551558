import { serversOf, type ClientSettings, type ServerEntry } from './client-settings.ts';
import { escapeXml } from './xml.ts';

const server = ({ protocol, host, port, security }: ServerEntry): string => {
  const element = protocol === 'smtp' ? 'outgoingServer' : 'incomingServer';
  return `    <${element} type="${protocol}">
      <hostname>${escapeXml(host)}</hostname>
      <port>${port}</port>
      <socketType>${security === 'tls' ? 'SSL' : 'STARTTLS'}</socketType>
      <username>%EMAILADDRESS%</username>
      <authentication>password-cleartext</authentication>
    </${element}>
`;
};

/**
 * Mozilla's clientConfig 1.1 (draft-ietf-mailmaint-autoconfig), for Thunderbird, K-9, FairEmail, Evolution and KMail. The program puts
 * the address in for %EMAILADDRESS%, so the answer is the same for every mailbox, and for those that do not exist.
 * `domain`: what was asked for; the provider's own name when nothing was.
 */
export function autoconfigXml(settings: ClientSettings, domain: string): string {
  const name = escapeXml(settings.displayName);
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${escapeXml(domain)}">
    <domain>${escapeXml(domain)}</domain>
    <displayName>${name}</displayName>
    <displayShortName>${name}</displayShortName>
${serversOf(settings).map(server).join('')}    <documentation url="${escapeXml(settings.webUrl)}/help">
      <descr lang="de">IMAP, POP3 und SMTP einrichten</descr>
      <descr lang="en">Set up IMAP, POP3 and SMTP</descr>
    </documentation>
  </emailProvider>
  <webMail>
    <loginPage url="${escapeXml(settings.webUrl)}/sign-in"/>
  </webMail>
</clientConfig>
`;
}
