import { parseEmailAddress, type EmailAddress } from '../addresses/email-address.ts';
import { serversOf, type ClientSettings, type ServerEntry } from './client-settings.ts';
import { escapeXml } from './xml.ts';

const answerSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
const outerSchema = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const longestRequest = 16_384;

/** MS-OXDSCLI, 2.2.4.1.1.1.3: 600, not a request that we understand; 601, an answer is wanted in a schema that we do not speak. */
export type AutodiscoverErrorCode = 600 | 601;

/**
 * The address of an Outlook request (MS-OXDSCLI, 2.2.3.1.1), or why there is none. No XML parser: two elements are wanted, and what a
 * parser could be tricked with (document types, entities) is refused.
 */
export function readAutodiscoverRequest(body: string): EmailAddress | AutodiscoverErrorCode {
  if (body.length > longestRequest || /<!(DOCTYPE|ENTITY)/i.test(body)) return 600;
  // phones ask for Exchange ActiveSync in the "mobilesync" schema
  const schema = /<(?:[\w.-]+:)?AcceptableResponseSchema\s*>\s*([^<>\s]+)/i.exec(body)?.[1];
  if (schema !== undefined && schema.toLowerCase() !== answerSchema) return 601;
  const given = /<(?:[\w.-]+:)?EMailAddress\s*>\s*([^<>&\s]{3,254})\s*<\/(?:[\w.-]+:)?EMailAddress\s*>/i.exec(body)?.[1];
  return (given && parseEmailAddress(given)) || 600;
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

/** The error document. `at`: time of day; `id`: any number, for support. */
export const autodiscoverError = (code: AutodiscoverErrorCode, at: Date, id: number): string => `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${outerSchema}">
  <Response>
    <Error Time="${at.toISOString().slice(11, 23)}" Id="${id}">
      <ErrorCode>${code}</ErrorCode>
      <Message>${code === 600 ? 'Invalid Request' : 'Requested schema version not supported'}</Message>
      <DebugData/>
    </Error>
  </Response>
</Autodiscover>
`;
