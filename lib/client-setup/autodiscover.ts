import { parseEmailAddress } from '../addresses/email-address.ts';
import { serversOf, type ClientSettings, type ServerEntry } from './client-settings.ts';
import { escapeXml } from './xml.ts';

const answerSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
const outerSchema = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const longestRequest = 16_384;

/**
 * The address of an Outlook request (MS-OXDSCLI, 2.2.3.1.1), or null if it is none. No XML parser: one element is wanted, and what a
 * parser could be tricked with (document types, entities) is refused.
 */
export function readAutodiscoverRequest(body: string): string | null {
  if (body.length > longestRequest || /<!(DOCTYPE|ENTITY)/i.test(body)) return null;
  const given = /<(?:[\w.-]+:)?EMailAddress\s*>\s*([^<>&\s]{3,254})\s*<\/(?:[\w.-]+:)?EMailAddress\s*>/i.exec(body)?.[1];
  return given ? parseEmailAddress(given) : null;
}

const protocol = ({ protocol: kind, host, port, security }: ServerEntry, address: string): string => `      <Protocol>
        <Type>${kind.toUpperCase()}</Type>
        <Server>${escapeXml(host)}</Server>
        <Port>${port}</Port>
        <DomainRequired>off</DomainRequired>
        <LoginName>${escapeXml(address)}</LoginName>
        <SPA>off</SPA>
        <SSL>on</SSL>
        <Encryption>${security === 'tls' ? 'SSL' : 'TLS'}</Encryption>
        <AuthRequired>on</AuthRequired>${kind === 'smtp' ? '\n        <UsePOPAuth>off</UsePOPAuth>\n        <SMTPLast>off</SMTPLast>' : ''}
      </Protocol>
`;

/** "POX" answer for Outlook. The same for every address, whether there is such a mailbox or not. */
export const autodiscoverXml = (settings: ClientSettings, address: string): string => `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${outerSchema}">
  <Response xmlns="${answerSchema}">
    <User>
      <DisplayName>${escapeXml(address)}</DisplayName>
    </User>
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
${serversOf(settings)
  .filter(({ security }) => security === 'tls')
  .map((entry) => protocol(entry, address))
  .join('')}    </Account>
  </Response>
</Autodiscover>
`;

/** Error 600: the request is not one that we understand. `at`: time of day; `id`: any number, for support. */
export const autodiscoverError = (at: Date, id: number): string => `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${outerSchema}">
  <Response>
    <Error Time="${at.toISOString().slice(11, 23)}" Id="${id}">
      <ErrorCode>600</ErrorCode>
      <Message>Invalid Request</Message>
      <DebugData/>
    </Error>
  </Response>
</Autodiscover>
`;
