import type { ClientSettings } from './client-settings.ts';
import { escapeXml } from './xml.ts';

export interface ProfileOwner {
  address: string;
  name: string;
}

/** Fresh for each download; the identifiers stay, so that a newer profile takes the place of an older one. */
export interface ProfileIds {
  profile: string;
  payload: string;
}

const entries = (values: Record<string, string | number | boolean>): string =>
  Object.entries(values)
    .map(([key, value]) => {
      const written =
        typeof value === 'string'
          ? `<string>${escapeXml(value)}</string>`
          : typeof value === 'number'
            ? `<integer>${value}</integer>`
            : `<${value}/>`;
      return `<key>${key}</key>\n${written}\n`;
    })
    .join('');

/** Apple configuration profile with one mail account (payload com.apple.mail.managed). Holds no password: the device asks for it. Not signed. */
export function mobileconfig(settings: ClientSettings, { address, name }: ProfileOwner, { profile, payload }: ProfileIds): string {
  const reversed = settings.host.split('.').reverse().join('.');
  const identifier = `${reversed}.mail.${address.replace(/[^a-z0-9.-]/gi, '-')}`;
  const server = (direction: 'Incoming' | 'Outgoing', port: number) => ({
    [`${direction}MailServerAuthentication`]: 'EmailAuthPassword',
    [`${direction}MailServerHostName`]: settings.host,
    [`${direction}MailServerPortNumber`]: port,
    [`${direction}MailServerUseSSL`]: true,
    [`${direction}MailServerUsername`]: address,
  });
  const mail = {
    EmailAccountDescription: address,
    ...(name ? { EmailAccountName: name } : {}),
    EmailAccountType: 'EmailTypeIMAP',
    EmailAddress: address,
    ...server('Incoming', settings.imaps),
    ...server('Outgoing', settings.submissions),
    OutgoingPasswordSameAsIncomingPassword: true,
    PayloadDescription: '',
    PayloadDisplayName: `${settings.displayName}: ${address}`,
    PayloadIdentifier: `${identifier}.account`,
    PayloadType: 'com.apple.mail.managed',
    PayloadUUID: payload,
    PayloadVersion: 1,
    SMIMEEnabled: false,
  };
  const whole = {
    PayloadDescription: address,
    PayloadDisplayName: settings.displayName,
    PayloadIdentifier: identifier,
    PayloadOrganization: settings.displayName,
    PayloadRemovalDisallowed: false,
    PayloadType: 'Configuration',
    PayloadUUID: profile,
    PayloadVersion: 1,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
<key>PayloadContent</key>
<array>
<dict>
${entries(mail)}</dict>
</array>
${entries(whole)}</dict>
</plist>
`;
}
