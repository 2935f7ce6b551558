import { generateKeyPairSync } from 'node:crypto';
import pino from 'pino';
import { unknownProvenance } from '#lib/mime/judgement.ts';
import { MessageHeader } from '#lib/mime/read-header.ts';
import { checkAuthorPolicy } from '#mail-server/delivery/authenticity/check-author-policy.ts';
import { checkAuthenticity } from '#mail-server/delivery/authenticity/check-authenticity.ts';
import { checkSenderPolicy } from '#mail-server/delivery/authenticity/check-sender-policy.ts';
import { isCostlyKey } from '#mail-server/delivery/authenticity/costly-key.ts';
import { checkSignatures } from '#mail-server/delivery/authenticity/check-signatures.ts';
import type { DnsResolver } from '#mail-server/delivery/authenticity/dns-resolver.ts';
import { encodeBase64, encodeQuotedPrintable } from '#mail-server/delivery/signing/encode-transfer.ts';
import { encodedWords, encodeHeader } from '#mail-server/delivery/signing/encode-header.ts';
import { foldLongLines } from '#mail-server/delivery/signing/fold-long-lines.ts';
import { asksToLeave, groupCopy, asWritten, wentThrough } from '#mail-server/delivery/groups/group-copy.ts';
import { headerToChain, headerToSign } from '#mail-server/delivery/signing/header-to-sign.ts';
import { makeChainLink } from '#mail-server/delivery/signing/make-chain-link.ts';
import { makeSignature } from '#mail-server/delivery/signing/make-signature.ts';
import { messageId } from '#mail-server/delivery/message-id.ts';
import { automaticLetter, encodePhrase, houseLetter } from '#mail-server/delivery/automatic-letter.ts';
import { expiredNotice, quarantineSummary, shown, waitingNotice, waitsNotice } from '#mail-server/delivery/groups/moderation-notices.ts';
import { isGoingRound, passOn, withoutReturnPath } from '#mail-server/delivery/pass-on.ts';
import { whyQuarantined } from '#mail-server/delivery/quarantine.ts';
import { indexMessage } from '#lib/mime/index-message.ts';
import { signedHeader } from '#mail-server/delivery/authenticity/signed-header.ts';
import { readSrs, srsAddress } from '#mail-server/delivery/srs.ts';
import { lettersAbout } from '#mail-server/delivery/take-report.ts';
import {
  isBinary,
  isFitForEveryHost,
  isFitForMostHosts,
  isSevenBit,
  longestLine,
  toSevenBit,
} from '#mail-server/delivery/signing/to-seven-bit.ts';
import { isLooping, isOurResult, stampMessage } from '#mail-server/delivery/trace-header.ts';
import { verifySignatures } from '#mail-server/delivery/authenticity/verify-signatures.ts';
import { normalise } from '#mail-server/search/normalise.ts';
import { checkHeader } from '#mail-server/smtp/check-header.ts';
import { prepareSubmission } from '#mail-server/smtp/prepare-submission.ts';
import type { CostRow } from '#tests/support/cost-gate.ts';

const of = (file: string, name: string): string => `mail-server/delivery/${file}.ts ${name}`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const asValue = (text: string): string => text.replace(/\r?\n(?![ \t])/g, '\r\n ');
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const { privateKey: secondKey } = generateKeyPairSync('ed25519');
const record = `v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;

/** A DNS in which every name has a key, and which answers with what a row is about. */
const resolverOf = (text: string) =>
  ({ resolve: async (_: string, type: string) => (type === 'TXT' ? [[text]] : []) }) as unknown as DnsResolver;
const keys = resolverOf(record);
const log = pino({ level: 'silent' });

const tag = 'v=1; a=rsa-sha256; d=evil.example; s=x; h=from:subject:x-a; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const letter = 'From: a@evil.example\r\n';
const body = '\r\nx\r\n';
/** where in a signed letter a shape is put */
const places: Record<string, (shape: string) => string> = {
  'value of a relaxed signature': (shape) => `DKIM-Signature: ${tag}; c=relaxed/relaxed; b=${asValue(shape)}A\r\n${letter}${body}`,
  'value of a simple signature': (shape) => `DKIM-Signature: ${tag}; c=simple/simple; b=${asValue(shape)}A\r\n${letter}${body}`,
  'names of a signature': (shape) => `DKIM-Signature: ${tag}:${asValue(shape)}; c=relaxed/relaxed; b=A\r\n${letter}${body}`,
  'a field that is signed': (shape) => `DKIM-Signature: ${tag}; c=relaxed/relaxed; b=A\r\n${letter}X-A: ${asValue(shape)}\r\n${body}`,
  'a field that is signed to the byte': (shape) => `DKIM-Signature: ${tag}; b=A\r\n${letter}X-A: ${asValue(shape)}\r\n${body}`,
  'lines of the header': (shape) => `DKIM-Signature: ${tag}; c=relaxed/relaxed; b=A\r\n${letter}${shape}\r\n${body}`,
  'the gap behind a name': (shape) =>
    `DKIM-Signature: ${tag}; c=relaxed/relaxed; b=A\r\n${letter}X-A${shape.replace(/[^ \t]/g, ' ')}: y\r\n${body}`,
  'an ARC seal': (shape) =>
    `ARC-Seal: i=1; a=rsa-sha256; cv=none; d=evil.example; s=x; b=${asValue(shape)}A\r\n` +
    `ARC-Message-Signature: i=1; ${tag.slice(5)}; c=relaxed/relaxed; b=AA\r\nARC-Authentication-Results: i=1; x; spf=pass\r\n${letter}${body}`,
  'ARC results': (shape) =>
    'ARC-Seal: i=1; a=rsa-sha256; cv=none; d=evil.example; s=x; b=AA\r\n' +
    `ARC-Message-Signature: i=1; ${tag.slice(5)}; c=relaxed/relaxed; b=AA\r\nARC-Authentication-Results: i=1; x${asValue(shape)}\r\n${letter}${body}`,
  'the type of a signed letter': (shape) =>
    `DKIM-Signature: ${tag}:content-type; c=relaxed/relaxed; b=A\r\n${letter}Content-Type: multipart/mixed; ${asValue(shape)}\r\n${body}`,
  'a signed body': (shape) => `DKIM-Signature: ${tag}; c=relaxed/relaxed; b=A\r\n${letter}\r\n${shape}`,
};
const check = async (text: string) => {
  const content = bytes(text);
  const header = new MessageHeader(content);
  return checkSignatures(keys, content, header, header.block.length + 2, '');
};
const parts = (text: string) => ({
  message: bytes(text),
  keys: new Map([['x._domainkey.evil.example', { records: [[record]] }]]),
});
const own = Object.assign(new Set(['max@muster.at']), { isOnBehalf: () => false });
type Sender = Parameters<typeof prepareSubmission>[2];
const submitter = {
  ...{ address: 'max@muster.at', name: 'Max', own, mailbox: 'max@muster.at', hostName: 'mail.muster.at' },
  unanswerable: true,
} as unknown as Sender;

const secret = 'a secret that only this gate knows';
/** Services in which no domain is ours and nothing is stored. */
const nothing = {
  settings: { hostName: 'mail.muster.at' },
  directory: { domain: async () => null },
  database: { read: async () => [], write: async () => [], note: async () => [] },
  log,
} as unknown as Parameters<typeof passOn>[0];
const team = {
  addressId: 1,
  address: 'team@muster.at',
  name: 'Team',
  posting: 'anyone',
  replyTo: 'group',
  subjectPrefix: '[Team]',
} as Parameters<typeof wentThrough>[1];
const passing = {
  sender: 'a@b.at',
  smtputf8: false,
  requireTls: false,
  provenance: unknownProvenance,
  from: 'max@muster.at',
  customerId: 1,
  kept: true,
} as unknown as Omit<Parameters<typeof passOn>[2], 'raw' | 'to' | 'by' | 'acceptKey'>;
const forward = { kind: 'forward', id: 1 } as const;

const written = { hostName: 'mail.muster.at', from: 'x', to: 'a@b.at', submitted: 'auto-generated' } as const;
const waits = {
  hostName: 'mail.muster.at',
  webUrl: 'https://mail.muster.at',
  to: 'a@b.at',
  locale: 'de',
  isNamed: true,
  group: { name: 'Team', address: 'team@muster.at' as never },
  cause: 'moderated',
  isProved: false,
  waiting: 2,
  days: 14,
} as const;

export const deliveryRows: CostRow[] = [
  { entry: of('signing/to-seven-bit', 'isBinary'), run: (text) => isBinary(bytes(`\0${text}`)) },
  {
    entry: of('authenticity/costly-key', 'isCostlyKey'),
    run: (text) => [isCostlyKey(text), isCostlyKey(`v=DKIM1; p=${text}`)],
    size: 4_096,
    shapes: { 'many keys': (size) => `p=${'A'.repeat(500)};`.repeat(Math.ceil(size / 503)) },
  },
  ...Object.entries(places).map(([place, prepare]) => ({
    entry: of('authenticity/check-signatures', 'checkSignatures'),
    place,
    prepare,
    run: check,
    // with more, a worker does it
    size: 14_000,
  })),
  { entry: of('authenticity/signed-header', 'signedHeader'), run: (text) => signedHeader(new MessageHeader(bytes(text))) },
  ...Object.entries(places).map(([place, prepare]) => ({
    entry: of('authenticity/signed-header', 'signedHeader'),
    place,
    prepare,
    run: (text: string) => signedHeader(new MessageHeader(bytes(text))),
    size: 60_000,
  })),
  {
    entry: of('authenticity/verify-signatures', 'verifySignatures'),
    place: 'what signedHeader lets through',
    prepare: (shape) =>
      `${signedHeader(new MessageHeader(bytes(places['a field that is signed']?.(shape) ?? ''))).header.toString('latin1')}x\r\n`,
    run: (text) => verifySignatures(parts(text)),
    size: 20_000,
  },
  {
    entry: of('authenticity/check-authenticity', 'checkAuthenticity'),
    prepare: (shape) => `From: ${asValue(shape)}\r\n\r\nx`,
    run: (text) =>
      checkAuthenticity(
        { settings: { hostName: 'mail.muster.at', dnsServers: ['127.0.0.1:9'], dnsCacheMs: 0 }, log } as unknown as Parameters<
          typeof checkAuthenticity
        >[0],
        { content: bytes(text), sender: '', remoteAddress: '192.0.2.1', greetedAs: null },
      ),
    size: 4_000,
  },
  {
    entry: of('authenticity/check-sender-policy', 'checkSenderPolicy'),
    place: 'the reverse-path',
    run: (text) =>
      checkSenderPolicy(keys, { sender: `${text}@evil.example`, remoteAddress: '192.0.2.1', greetedAs: text }, 'mail.muster.at'),
  },
  {
    entry: of('authenticity/check-sender-policy', 'checkSenderPolicy'),
    place: 'the record of a domain',
    run: (text) =>
      checkSenderPolicy(
        resolverOf(`v=spf1 ${text} -all`),
        { sender: 'a@evil.example', remoteAddress: '192.0.2.1', greetedAs: 'x' },
        'mail.muster.at',
      ),
    size: 1_000,
  },
  {
    entry: of('authenticity/check-author-policy', 'checkAuthorPolicy'),
    run: (text) =>
      checkAuthorPolicy(resolverOf(`v=DMARC1; p=reject; ${text}`), 'evil.example', { result: 'pass', domain: 'evil.example' }, []),
    size: 1_000,
  },
  { entry: of('signing/header-to-sign', 'headerToSign'), run: (text) => headerToSign(bytes(text)) },
  {
    entry: of('signing/header-to-sign', 'headerToSign'),
    prepare: (shape) => `Subject: ${asValue(shape)}\r\n`,
    run: (text) => headerToSign(bytes(text)),
  },
  ...['Subject', 'From', 'References', 'Content-Type', ''].map((name) => ({
    entry: of('signing/make-signature', 'makeSignature'),
    place: name || 'the body',
    prepare: (shape: string) =>
      name === '' ? `${letter}\r\n${shape}` : `${name === 'From' ? '' : letter}${name}: ${asValue(shape)}\r\n\r\nx`,
    run: (text: string) =>
      makeSignature({
        message: bytes(text),
        domain: 'muster.at',
        keys: [privateKey, secondKey].map((key) => ({
          selector: 's',
          privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
        })),
      }),
    size: 20_000,
  })),
  { entry: of('signing/encode-transfer', 'encodeQuotedPrintable'), run: (text) => encodeQuotedPrintable(bytes(text)) },
  { entry: of('signing/encode-transfer', 'encodeBase64'), run: (text) => encodeBase64(bytes(text)) },
  ...Object.entries({
    text: 'Subject: \xfc ',
    names: 'To: \xfc ',
    parameters: 'Content-Type: a/b; name=\xfc',
    fields: '',
  }).map(([place, before]) => ({
    entry: of('signing/encode-header', 'encodeHeader'),
    place,
    prepare: (shape: string) => `${before}${before === '' ? shape : asValue(shape)}\xfc\r\n\r\n`,
    run: (text: string) => encodeHeader(bytes(text)),
    size: 8_000,
  })),
  { entry: of('signing/encode-header', 'encodedWords'), run: encodedWords, size: 10_000 },
  { entry: of('signing/fold-long-lines', 'foldLongLines'), run: (text) => foldLongLines(bytes(text), longestLine), size: 60_000 },
  {
    entry: of('signing/fold-long-lines', 'foldLongLines'),
    place: 'one encoded word',
    prepare: (shape) => `Subject: =?utf-8?q?${shape.replace(/[?\s]/g, '_')}?=`,
    run: (text) => foldLongLines(bytes(text), longestLine),
    size: 10_000,
  },
  { entry: of('signing/to-seven-bit', 'isFitForEveryHost'), run: (text) => isFitForEveryHost(bytes(text)) },
  { entry: of('signing/to-seven-bit', 'isFitForMostHosts'), run: (text) => isFitForMostHosts(bytes(text)) },
  { entry: of('signing/to-seven-bit', 'isSevenBit'), run: (text) => isSevenBit(bytes(text)) },
  ...Object.entries({
    'the header': (shape: string) => `${letter}X-A: ${asValue(shape)}\r\n\r\n\xfc`,
    'the type': (shape: string) => `${letter}Content-Type: ${asValue(shape)}\r\n\r\n\xfc`,
    'the text': (shape: string) => `${letter}\r\n\xfc${shape}`,
    'the parts': (shape: string) => `${letter}Content-Type: multipart/mixed; boundary="-"\r\n\r\n---\r\n\xfc${shape}\r\n---\r\n${shape}`,
    'a letter within the letter': (shape: string) => `${letter}Content-Type: message/rfc822\r\n\r\n${asValue(shape)}\r\n\r\n\xfc`,
  }).map(([place, prepare]) => ({
    entry: of('signing/to-seven-bit', 'toSevenBit'),
    place,
    prepare,
    run: (text: string) => toSevenBit(bytes(text)),
  })),
  { entry: of('message-id', 'messageId'), prepare: (shape) => `Message-ID: ${asValue(shape)}\r\n`, run: (text) => messageId(bytes(text)) },
  { entry: of('trace-header', 'isLooping'), run: (text) => isLooping(new MessageHeader(bytes(text))) },
  {
    entry: of('trace-header', 'isOurResult'),
    prepare: (shape) => `Authentication-Results: ${asValue(shape)}\r\n`,
    run: (text) => {
      const header = new MessageHeader(bytes(text));
      return header.fields.filter((field) => isOurResult(header, field, 'mail.muster.at'));
    },
  },
  {
    entry: of('trace-header', 'stampMessage'),
    run: (text) => stampMessage(bytes(text), { sender: '', results: '', received: '', hostName: 'mail.muster.at' }),
  },
  { entry: of('signing/header-to-sign', 'headerToChain'), run: (text) => headerToChain(bytes(text)) },
  ...['Subject', 'ARC-Seal', 'DKIM-Signature', 'X-A'].map((name) => ({
    entry: of('signing/make-chain-link', 'makeChainLink'),
    place: name,
    prepare: (shape: string) => `${letter}${name}: ${asValue(shape)}\r\n\r\nx`,
    run: (text: string) =>
      makeChainLink({
        message: bytes(text),
        domain: 'muster.at',
        selector: 's',
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        hostName: 'mail.muster.at',
        results: 'none',
        holds: true,
      }),
    size: 14_000,
  })),
  ...['Subject', 'From', 'Reply-To', 'List-Id', 'Delivered-To'].flatMap((name) => {
    const prepare = (shape: string) => `${name}: ${asValue(shape)}\r\n\r\nx`;
    return [
      { entry: of('groups/group-copy', 'asWritten'), place: name, prepare, run: (text: string) => asWritten(bytes(text)) },
      { entry: of('groups/group-copy', 'wentThrough'), place: name, prepare, run: (text: string) => wentThrough(bytes(text), team) },
      {
        entry: of('groups/group-copy', 'asksToLeave'),
        place: name,
        prepare,
        run: (text: string) => asksToLeave(bytes(text), 'team@muster.at' as never),
      },
      {
        entry: of('groups/group-copy', 'groupCopy'),
        place: name,
        prepare,
        run: (text: string) => groupCopy(nothing, secret, bytes(text), team, unknownProvenance, null),
        size: 20_000,
      },
      {
        entry: of('pass-on', 'isGoingRound'),
        place: name,
        prepare,
        run: (text: string) => isGoingRound(bytes(text), 'max@muster.at' as never),
      },
      {
        entry: of('pass-on', 'passOn'),
        place: name,
        prepare,
        run: (text: string) =>
          passOn(nothing, secret, { ...passing, raw: bytes(text), to: ['b@example.org'], by: forward, acceptKey: null }),
        size: 20_000,
      },
    ];
  }),
  {
    entry: of('pass-on', 'withoutReturnPath'),
    prepare: (shape) => `Return-Path: ${asValue(shape)}\r\nx`,
    run: (text) => withoutReturnPath(bytes(text)),
  },
  { entry: of('groups/moderation-notices', 'shown'), run: (text) => shown(text, 200) },
  { entry: of('automatic-letter', 'automaticLetter'), run: (text) => automaticLetter({ ...written, subject: text, text }), size: 8_000 },
  { entry: of('automatic-letter', 'encodePhrase'), run: (text) => encodePhrase(text), size: 8_000 },
  { entry: of('automatic-letter', 'houseLetter'), run: (text) => houseLetter({ ...written, subject: text, text }), size: 8_000 },
  {
    entry: of('groups/moderation-notices', 'waitingNotice'),
    run: (text) => waitingNotice({ ...waits, isNamed: true, from: text, subject: text, preview: text }),
  },
  { entry: of('groups/moderation-notices', 'waitsNotice'), run: (text) => waitsNotice({ ...waits, subject: text, messageId: text }) },
  {
    entry: of('groups/moderation-notices', 'expiredNotice'),
    run: (text) => expiredNotice({ ...waits, name: 'Team', address: 'team@muster.at', letters: [{ from: text, subject: text }] }),
  },
  {
    entry: of('groups/moderation-notices', 'quarantineSummary'),
    run: (text) =>
      quarantineSummary({
        ...waits,
        count: 1,
        isFull: true,
        letters: [{ cause: 'virus', detail: text, from: text, subject: text, recipient: text }],
      }),
  },
  ...['', 'application/zip', 'application/octet-stream'].map((type) => ({
    entry: of('quarantine', 'whyQuarantined'),
    place: type,
    prepare: (shape: string) =>
      type === ''
        ? `Content-Type: application/x; name="${asValue(shape)}"\r\n\r\nx`
        : `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(`PK\x03\x04${shape}`).toString('base64')}`,
    run: (text: string) => {
      const raw = bytes(text);
      const message = { raw, index: indexMessage(raw), provenance: unknownProvenance };
      return whyQuarantined(
        { message } as Parameters<typeof whyQuarantined>[0],
        { quarantinesPrograms: true } as Parameters<typeof whyQuarantined>[1],
      );
    },
  })),
  { entry: of('srs', 'srsAddress'), run: (text) => srsAddress(`${text}@b.at`, 'muster.at' as never, forward, secret), size: 4_000 },
  {
    entry: of('srs', 'readSrs'),
    prepare: (shape) => `SRS0=aaaaaaaaaaaa=1-f1=${shape}`,
    run: (text) => readSrs(text, 'muster.at', secret),
    size: 4_000,
  },
  {
    entry: of('take-report', 'lettersAbout'),
    run: (text) =>
      lettersAbout(nothing, nothing.database.write, { kind: 'address', id: 1 }, { content: bytes(text), provenance: unknownProvenance }),
  },
  ...['Final-Recipient', 'Diagnostic-Code'].map((name) => ({
    entry: of('take-report', 'lettersAbout'),
    place: name,
    prepare: (shape: string) => `${name}: rfc822; ${shape}`,
    run: (text: string) =>
      lettersAbout(nothing, nothing.database.write, { kind: 'address', id: 1 }, { content: bytes(text), provenance: unknownProvenance }),
  })),
  { entry: 'mail-server/search/normalise.ts normalise', run: normalise },
  { entry: 'mail-server/smtp/check-header.ts checkHeader', run: (text) => checkHeader(bytes(text), 262_144), size: 60_000 },
  ...['From', 'Sender', 'Resent-From', 'Date', 'Message-ID', 'Authentication-Results', 'Content-Type', 'X-A'].map((name) => ({
    entry: 'mail-server/smtp/prepare-submission.ts prepareSubmission',
    place: name,
    prepare: (shape: string) => `${name}: ${asValue(shape)}\r\n\r\nx`,
    run: (text: string) => prepareSubmission(bytes(text), new MessageHeader(bytes(text)), submitter, new Date()),
  })),
  {
    entry: 'mail-server/smtp/prepare-submission.ts prepareSubmission',
    place: 'many fields',
    prepare: (shape) => `Date: ${shape.slice(0, 900).replace(/[\r\n]+/g, ' ')}\r\n`.repeat(Math.ceil(shape.length / 900)),
    run: (text) => prepareSubmission(bytes(text), new MessageHeader(bytes(text)), submitter, new Date()),
  },
];

const worker = 'hands over to a worker or to what has a row';
export const deliverySafe: Record<string, string> = {
  [of('authenticity/check-author-policy', 'organizationOf')]: 'looks up a name of at most 253 characters',
  [of('deliver-to-mailbox', 'deliverToMailbox')]: 'rules have limits of steps and time, and the cost gate of sieve-hostile.test.ts',
  [of('deliver-to-mailboxes', 'deliverToMailboxes')]: worker,
  [of('expand-address', 'expandAddress')]: 'copies are made by what has a row',
  [of('expand-address', 'passStraightOn')]: 'copies are made by what has a row',
  [of('groups/admit-to-groups', 'admit')]: 'looks up addresses of ours',
  [of('groups/admit-to-groups', 'admitAtDoor')]: 'looks up addresses of ours',
  [of('groups/admit-to-groups', 'hasRoom')]: 'compares numbers',
  [of('groups/hold-for-moderators', 'holdForModerators')]: worker,
  [of('quarantine', 'quarantined')]: 'takes from the index, which has a row',
  [of('quarantine', 'takersOfViruses')]: 'looks up customers',
  [of('groups/group-copy', 'mayPost')]: 'compares addresses that were read already',
  [of('letter-work', 'chainInWorker')]: worker,
  [of('letter-work', 'featuresOf')]: 'bounded in length, and the time is measured in spam-filter.test.ts',
  [of('letter-work', 'programIn')]: 'findProgram, in a worker where it is long: signed-letters.test.ts',
  [of('letter-work', 'readIncoming')]: 'readLetter',
  [of('read-for-mailboxes', 'readForMailboxes')]: 'readIncoming, and indexMessage where nobody wants more',
  [of('read-letter', 'readLetter')]: 'indexMessage and extractFeatures, which have rows of their own',
  [of('read-letter', 'mostLookedAt')]: 'a number',
  [of('signing/to-seven-bit', 'longestLine')]: 'a constant',
  [of('srs', 'readPassedOnBy')]: 'reads what we wrote',
  [of('take-report', 'takeReport')]: 'lettersAbout, which has a row',
  [of('told-once', 'notByItself')]: 'puts a line on top',
  [of('told-once', 'toldOnce')]: 'a digest of an address',
  [of('srs', 'readSrsAddress')]: 'readSrs, which has a row',
  [of('srs', 'writePassedOnBy')]: 'joins two short names',
  [of('srs', 'wasKept')]: 'reads what we wrote',
  [of('srs', 'readBackTo')]: 'reads what we wrote',
  [of('authenticity/dns-resolver', 'createDnsResolver')]: 'questions and answers of the DNS, which are short',
  [of('authenticity/dns-resolver', 'dnsResolverOf')]: 'made once',
  [of('authenticity/dns-resolver', 'isDnsAway')]: 'looks at one error',
  [of('idempotency', 'DeliveryKeyring')]: 'hashes',
  [of('idempotency', 'sha256')]: 'hashes beside the event loop',
  [of('released-once', 'releasedIsRememberedS')]: 'reads a setting',
  [of('letter-work', 'indexIncoming')]: worker,
  [of('letter-work', 'verifyInWorker')]: worker,
  [of('letter-work', 'sealInWorker')]: worker,
  [of('letter-work', 'convertInWorker')]: worker,
  [of('letter-work', 'decideInWorker')]: worker,
  [of('letter-work', 'checkInWorker')]: 'compiles here what is small only (sieve-hostile.test.ts)',
  [of('letter-worker', 'work')]: worker,
  [of('note-step', 'logStep')]: 'writes a line',
  [of('note-step', 'noteStep')]: 'writes a line',
  [of('authenticity/bounded-answer', 'boundedAnswer')]: 'cuts what a name server answered',
  [of('authenticity/bounded-answer', 'boundedTexts')]: 'cuts what a name server answered',
  [of('authenticity/policy-resolver', 'policyResolver')]: 'cuts what a name server answered',
  [of('letter-work', 'featuresOf')]: worker,
  [of('signing/to-seven-bit', 'longestLine')]: 'a number',
  [of('signing/seal-letter', 'sealLetter')]: 'converts, then signs: each has a row, and it runs in a worker',
  [of('signing/sign-message', 'signMessage')]: worker,
  [of('authenticity/signed-header', 'keyName')]: 'joins two short names',
  [of('trace-header', 'receivedField')]: 'joins short texts',
  [of('trace-header', 'mailDate')]: 'a date',
  [of('trace-header', 'withReturnPath')]: 'compares once',
  [of('trace-header', 'continues')]: 'looks at one character',
  [of('authenticity/write-results', 'writeResults')]: 'writes what the checks found, which is bounded',
};
