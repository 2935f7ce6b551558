import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { indexMessage } from '#lib/mime/index-message.ts';
import { headerEnd, MessageHeader } from '#lib/mime/read-header.ts';
import { asWritten } from '#mail-server/delivery/groups/group-copy.ts';
import { messageId } from '#mail-server/delivery/message-id.ts';
import { signedHeader } from '#mail-server/delivery/authenticity/signed-header.ts';
import { verifySignatures } from '#mail-server/delivery/authenticity/verify-signatures.ts';
import { checkHeader } from '#mail-server/smtp/check-header.ts';
import { makeSignature } from '#mail-server/delivery/signing/make-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const record = `v=DKIM1; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const letter = Buffer.from(
  [
    'From: Bank <post@bank.example>',
    'Sender: post@bank.example',
    'Reply-To: post@bank.example',
    'To: max@muster.at',
    'Cc: erika@muster.at',
    'Subject: Kontoauszug',
    'Date: Sat, 28 Nov 2026 00:00:00 +0000',
    'Message-ID: <1@bank.example>',
    'In-Reply-To: <0@bank.example>',
    'References: <0@bank.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    'Ihr Text: <b>zahlen</b>',
    '--x',
    '',
    'was ein Fremder schrieb',
    '--x--',
    '',
  ].join('\r\n'),
);

/** What a stranger writes above a letter that somebody else signed: the signature is made of the fields below, and holds. Of To and Cc all are shown. */
const onTop = [
  'Sender: boese@evil.example',
  'Reply-To: boese@evil.example',
  'Subject: Dringend',
  'Date: Sat, 28 Nov 2020 00:00:00 +0000',
  'Message-ID: <2@evil.example>',
  'In-Reply-To: <3@evil.example>',
  'References: <3@evil.example>',
  'Content-Type: text/html',
  'Content-Type: text/plain; charset=utf-16',
  'Content-Type: multipart/mixed; boundary=x',
  'Content-Transfer-Encoding: base64',
];

/** All that does not count bytes, and no search text, in which each field is found. */
function read(message: Buffer) {
  const { envelope, body, bodystructure, preview, sentMs, subject, baseSubject, from, to, cc, references } = indexMessage(message);
  return {
    envelope: `${envelope}`,
    body: `${body}`,
    bodystructure: `${bodystructure}`,
    preview,
    sentMs,
    subject,
    baseSubject,
    from,
    to,
    cc,
    references,
  };
}

describe('a field that a stranger puts above a signed letter', async () => {
  const key = { selector: 's', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  const { signature } = await makeSignature({ message: letter, domain: 'bank.example', keys: [key] });
  const signed = Buffer.concat([Buffer.from(signature), letter]);

  // as long as the door lets in
  const folded = `X-Long: a\r\n${' a\r\n'.repeat(60_000)}`;

  it.each(onTop)(
    'is none that the letter is read by, however much is written between, since its signature still holds: %s',
    async (field) => {
      for (const between of ['', folded]) {
        const message = Buffer.concat([Buffer.from(`${field}\r\n${between}`), signed]);
        expect(checkHeader(message, 262_144)).toBeInstanceOf(MessageHeader);
        const { header } = signedHeader(new MessageHeader(message));
        const covered = Buffer.concat([header, message.subarray(headerEnd(message) + 2)]);
        const { dkim } = await verifySignatures({
          message: covered,
          keys: new Map([['s._domainkey.bank.example', { records: [[record]] }]]),
        });
        expect(dkim.map(({ result }) => result)).toEqual(['pass']);
        expect(read(message)).toEqual(read(signed));
        expect(messageId(message)).toBe('<1@bank.example>');
        expect(asWritten(message).replyDomain).toBe('bank.example');
      }
    },
  );
});
