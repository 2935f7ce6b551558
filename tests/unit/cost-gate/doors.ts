import { organisationOf } from '#lib/addresses/organisation.ts';
import { decodeLoosely, parseUrl } from '#lib/addresses/parse-url.ts';
import { plainAddress } from '#lib/addresses/plain-address.ts';
import { isLoopback, isPrivateAddress } from '#lib/addresses/private-address.ts';
import { displayAddress, parseEmailAddress, parseLocalPart } from '#lib/addresses/email-address.ts';
import { displayDomain, parseDomainName } from '#lib/addresses/domain-name.ts';
import { isAddressLiteral } from '#lib/addresses/address-literal.ts';
import { parseEnvelopePath } from '#lib/addresses/envelope-path.ts';
import { isPublicDomain, isWorldly, parseForeignDomain } from '#lib/addresses/foreign-domain.ts';
import { hostOf, networkOf } from '#lib/addresses/network-of.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { escapeControls } from '#lib/launcher/escape-controls.ts';
import { mechanismNames, SaslExchange } from '#mail-server/auth/sasl/exchange.ts';
import type { SaslClient } from '#mail-server/auth/sasl/mechanism.ts';
import { receivedName, submitterName } from '#mail-server/delivery/received-name.ts';
import { DataReader } from '#mail-server/smtp/data-reader.ts';
import { decodeCommand } from '#mail-server/smtp/decode-command.ts';
import { isGreetingName } from '#mail-server/smtp/greeting-name.ts';
import { parseNotificationParameters, parseReturnParameters } from '#mail-server/smtp/parse-delivery-status-parameters.ts';
import { parsePathArgument } from '#mail-server/smtp/parse-path.ts';
import { repairHeaderLines } from '#mail-server/smtp/repair-header-lines.ts';
import { repairLineEnds } from '#mail-server/smtp/repair-line-ends.ts';
import { isHttp } from '#mail-server/tls/foreign-protocol.ts';
import { parseProxyHeader } from '#mail-server/tls/proxy-header.ts';
import type { CostRow } from '#tests/support/cost-gate.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const asValue = (text: string): string => text.replace(/\r?\n(?![ \t])/g, '\r\n ');
const address = (file: string, name: string): string => `lib/addresses/${file}.ts ${name}`;
const smtp = (file: string, name: string): string => `mail-server/smtp/${file}.ts ${name}`;
const nobody: SaslClient = {
  authenticator: {
    password: async () => ({ ok: false, failure: 'InvalidCredentials' }),
    bearer: async () => ({ ok: false, failure: 'InvalidCredentials' }),
    namesScram: true,
    scramSalt: async () => Buffer.alloc(32),
    scram: async () => ({ result: { ok: false, failure: 'InvalidAppPassword' }, serverSignature: null }),
    watch: () => () => undefined,
    signedIn: () => [],
    end: () => 0,
  },
  remoteAddress: '192.0.2.1',
  protocol: 'smtp',
  channel: { binding: () => Buffer.alloc(32) },
};
const read = (text: string, strictLineEnds: boolean): void => {
  const reader = new DataReader({ messageBytes: 10_000_000, lineBytes: 100_000, strictLineEnds, reserve: () => true });
  for (let at = 0; at < text.length; at += 1_000) reader.push(bytes(text.slice(at, at + 1_000)));
};

/** What sees a stranger's bytes at the doors: addresses, commands, exchanges, line ends. Commands have bounds; these hold without them. */
export const doorRows: readonly CostRow[] = [
  { entry: address('address-literal', 'isAddressLiteral'), run: (text) => isAddressLiteral(`[${text}]`) },
  { entry: address('domain-name', 'parseDomainName'), run: parseDomainName },
  { entry: address('domain-name', 'displayDomain'), run: displayDomain },
  {
    entry: address('email-address', 'parseEmailAddress'),
    run: (text) => [parseEmailAddress(`${text}@b.at`), parseEmailAddress(`a@${text}`)],
  },
  { entry: address('email-address', 'parseLocalPart'), run: parseLocalPart },
  { entry: address('email-address', 'displayAddress'), run: displayAddress },
  {
    entry: address('envelope-path', 'parseEnvelopePath'),
    run: (text) => [parseEnvelopePath(`${text}@b.at`), parseEnvelopePath(`@${text}:a@b.at`), parseEnvelopePath(`"${text}"@b.at`)],
  },
  { entry: address('foreign-domain', 'parseForeignDomain'), run: parseForeignDomain },
  { entry: address('foreign-domain', 'isPublicDomain'), run: isPublicDomain, size: 64 },
  { entry: address('foreign-domain', 'isWorldly'), run: isWorldly, size: 64 },
  { entry: 'lib/launcher/escape-controls.ts escapeControls', run: (text) => escapeControls(bytes(text)) },
  {
    entry: 'mail-server/auth/sasl/exchange.ts SaslExchange',
    prepare: (shape) => Buffer.from(shape).toString('base64'),
    run: (text) =>
      Promise.all(
        [...mechanismNames(nobody.channel, { namesScram: true }), 'XOAUTH2'].map((name) => SaslExchange.of(name, nobody)?.begin(text)),
      ),
  },
  { entry: address('network-of', 'networkOf'), run: (text) => networkOf(text) },
  { entry: address('network-of', 'hostOf'), run: (text) => hostOf(text) },
  { entry: address('organisation', 'organisationOf'), run: organisationOf },
  { entry: address('parse-url', 'decodeLoosely'), run: decodeLoosely },
  { entry: address('plain-address', 'plainAddress'), run: plainAddress },
  { entry: address('private-address', 'isPrivateAddress'), run: isPrivateAddress },
  { entry: address('private-address', 'isLoopback'), run: isLoopback },
  { entry: 'lib/addresses/parse-url.ts parseUrl', prepare: (shape) => `https://${shape}`, run: (text) => parseUrl(text) },
  { entry: 'mail-server/delivery/received-name.ts receivedName', run: receivedName },
  { entry: 'mail-server/delivery/received-name.ts submitterName', run: (text) => submitterName(text, '192.0.2.1') },
  { entry: smtp('data-reader', 'DataReader'), place: 'strict', run: (text) => read(text, true) },
  { entry: smtp('data-reader', 'DataReader'), place: 'lenient', run: (text) => read(text, false) },
  { entry: smtp('decode-command', 'decodeCommand'), run: (text) => decodeCommand(bytes(`EHLO ${text}`)) },
  { entry: smtp('greeting-name', 'isGreetingName'), run: (text) => [isGreetingName(text), isGreetingName(`[${text}]`)] },
  {
    entry: smtp('parse-path', 'parsePathArgument'),
    run: (text) => [
      parsePathArgument(`FROM:<${text}`, 'FROM'),
      parsePathArgument(`FROM:<"${text}`, 'FROM'),
      parsePathArgument(`TO:<a> ${text}`, 'TO'),
      parsePathArgument(`TO:a@${text}`, 'TO'),
    ],
  },
  {
    entry: smtp('parse-delivery-status-parameters', 'parseReturnParameters'),
    run: (text) => parseReturnParameters(new Map([['ENVID', text]])),
  },
  {
    entry: smtp('parse-delivery-status-parameters', 'parseNotificationParameters'),
    run: (text) => parseNotificationParameters(new Map([['ORCPT', `rfc822;${text}`]])),
  },
  {
    entry: smtp('repair-line-ends', 'repairLineEnds'),
    run: (text) => repairLineEnds(bytes(text)),
    shapes: { 'line feeds': (size) => '\n'.repeat(size) },
  },
  ...['Date', 'X-A'].map((name) => ({
    entry: smtp('repair-header-lines', 'repairHeaderLines'),
    place: name,
    prepare: (shape: string) => `${name}: ${asValue(shape)}\r\n\r\nx`,
    run: (text: string) => repairHeaderLines(bytes(text), new MessageHeader(bytes(text))),
  })),
  {
    entry: smtp('repair-header-lines', 'repairHeaderLines'),
    place: 'many lines',
    prepare: (shape) => `${shape.slice(0, 900).replace(/[\r\n:]+/g, ' ')}\r\nDate: x\r\n`.repeat(Math.ceil(shape.length / 900)),
    run: (text) => repairHeaderLines(bytes(text), new MessageHeader(bytes(text))),
  },
  { entry: 'mail-server/tls/foreign-protocol.ts isHttp', run: (text) => [isHttp(text), isHttp(`GET ${text}`)] },
  { entry: 'mail-server/tls/proxy-header.ts parseProxyHeader', run: (text) => parseProxyHeader(bytes(text)), size: 1_024 },
];

const short = 'an address that was parsed, of at most 254 octets';
const own = 'nothing of a stranger';
export const doorSafe: Readonly<Record<string, string>> = {
  [address('anybodys', 'isAnybodys')]: short,
  [address('email-address', 'domainOf')]: short,
  [address('email-address', 'localPartOf')]: short,
  [address('public-address', 'isPublicAddress')]: 'an IP address',
  [address('subaddress', 'SenderAddresses')]: short,
  [address('public-lookup', 'createPublicLookup')]: 'asks for a name whose length the URL bounds',
  [address('subaddress', 'addressesBehind')]: short,
  [address('without-detail', 'withoutDetail')]: short,
  'mail-server/auth/sasl/bearer.ts oauthBearer': 'run by SaslExchange',
  'mail-server/auth/sasl/bearer.ts xoauth2': 'run by SaslExchange',
  'mail-server/auth/sasl/channel-binding.ts channelOf': own,
  'mail-server/auth/sasl/exchange.ts mechanismNames': own,
  'mail-server/auth/sasl/login.ts login': 'run by SaslExchange',
  'mail-server/auth/sasl/plain.ts plain': 'run by SaslExchange',
  'mail-server/auth/sasl/scram.ts scramSha256': 'run by SaslExchange',
  'mail-server/auth/sasl/scram.ts scramSha256Plus': 'run by SaslExchange',
  'mail-server/tls/connection-limits.ts connectionLimitsOf': own,
  'mail-server/tls/connection-limits.ts createConnectionLimits': 'counts',
  'mail-server/tls/foreign-protocol.ts isTlsHandshake': 'looks at one byte',
  'mail-server/tls/hourly-news.ts isNews': 'a name of ours, an address and a word',
  'mail-server/tls/judge-certificate.ts judgeCertificate': own,
  'mail-server/tls/listen.ts listen': own,
  'mail-server/tls/proxy-header.ts readProxyHeader': 'at most 4 KiB, and only from a balancer',
  'mail-server/tls/secure-socket.ts secureSocket': 'hands over to OpenSSL',
  'mail-server/tls/server-certificate.ts openServerCertificate': own,
  'mail-server/tls/server-certificate.ts withContexts': own,
  'mail-server/tls/which-tls.ts anyTls': own,
  'mail-server/tls/which-tls.ts goodTls': own,
};
