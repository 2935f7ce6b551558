import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import { describe, expect, it, test } from 'vitest';
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
const second = generateKeyPairSync('ed25519');
const records: Record<string, string> = {
  s: record,
  e: `v=DKIM1; k=ed25519; p=${second.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`,
};
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

const key = { selector: 's', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };

async function resultsOf(message: Buffer): Promise<string[]> {
  const { header } = signedHeader(new MessageHeader(message));
  const covered = Buffer.concat([header, message.subarray(headerEnd(message) + 2)]);
  const keys = new Map(['s', 'e'].map((selector) => [`${selector}._domainkey.bank.example`, { records: [[records[selector] ?? '']] }]));
  const { dkim } = await verifySignatures({ message: covered, keys });
  return dkim.map(({ result }) => result);
}

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
  // as most programs sign, each field as often as it is there
  const { signatures } = await dkimSign(letter, {
    signatureData: [{ signingDomain: 'bank.example', ...key }],
    canonicalization: 'relaxed/relaxed',
  } as unknown as Parameters<typeof dkimSign>[1]);
  const signed = Buffer.concat([Buffer.from(signatures), letter]);

  // as long as the door lets in
  const folded = `X-Long: a\r\n${' a\r\n'.repeat(60_000)}`;

  it.each(onTop)(
    'is none that the letter is read by, however much is written between, since its signature still holds: %s',
    async (field) => {
      for (const between of ['', folded]) {
        const message = Buffer.concat([Buffer.from(`${field}\r\n${between}`), signed]);
        expect(checkHeader(message, 262_144)).toBeInstanceOf(MessageHeader);
        expect(await resultsOf(message)).toEqual(['pass']);
        expect(read(message)).toEqual(read(signed));
        expect(messageId(message)).toBe('<1@bank.example>');
        expect(asWritten(message).replyDomain).toBe('bank.example');
      }
    },
  );

  it('is none either where it is no field and is shown as the beginning of the text: no signature speaks for what anybody adds', async () => {
    const end = headerEnd(signed);
    const message = Buffer.concat([signed.subarray(0, end), Buffer.from('Zahlen Sie bitte an AT00.\r\n'), signed.subarray(end)]);
    expect(read(message).preview).toBe('Zahlen Sie bitte an AT00. Ihr Text: <b>zahlen</b> --x was ein Fremder schrieb --x--');
    expect(await resultsOf(signed)).toEqual(['pass']);
    expect(await resultsOf(message)).not.toContain('pass');
    expect(signedHeader(new MessageHeader(message)).unusable).toEqual(['bank.example']);
  });
});

describe('what we signed', () => {
  const keys = [key, { selector: 'e', privateKey: second.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }];
  const sign = (message: Buffer): Buffer => {
    const { signature, fault } = makeSignature({ message, domain: 'bank.example', keys });
    expect(fault).toBeUndefined();
    expect(Math.max(...signature.split('\r\n').map(({ length }) => length))).toBeLessThan(100);
    return Buffer.concat([Buffer.from(signature), message]);
  };
  const short = Buffer.from('From: Bank <post@bank.example>\r\nX-Other: y\r\n\r\nIhr Text: <b>zahlen</b>\r\n');
  const letters = [letter, short].map(sign);

  it.each([
    ...onTop.filter((field) => !/^(Sender|In-Reply-To|References)/.test(field)),
    'To: boese@evil.example',
    'cc : boese@evil.example',
    'From: Bank <boese@evil.example>',
    'MIME-Version: 1.0',
  ])('is valid nowhere once somebody adds to it: %s', async (field) => {
    for (const signed of letters) {
      for (const at of [0, signed.indexOf('\r\n\r\n') + 2]) {
        const changed = Buffer.concat([signed.subarray(0, at), Buffer.from(`${field}\r\n`), signed.subarray(at)]);
        expect(new Set(await resultsOf(changed)), `at ${at}`).not.toContain('pass');
      }
    }
  });

  test('holds behind what lists and hosts on the way put on top', async () => {
    const passedOn = Buffer.from('Received: x\r\nList-Id: <l.example>\r\nSender: l@l.example\r\nResent-To: x@l.example\r\n');
    for (const signed of letters) expect(await resultsOf(Buffer.concat([passedOn, signed]))).toEqual(['pass', 'pass']);
  });

  test.each([
    ['nothing', ''],
    ['empty lines', '\r\n\r\n\r\n'],
    ['blanks', ' \t \r\n \r\n'],
    ['no line end', 'a  b\t\tc  '],
    ['line feeds alone', 'a \n\n b\n \nc\n\n'],
    ['carriage returns', 'a \r\r\n\r b\r \r\n\r'],
    ['many pieces', `${`${'x \t'.repeat(200)}  \r\n`.repeat(100)}${' \r\n'.repeat(25_000)}end${'\r\n'.repeat(40_000)}`],
    ['one line', 'x'.repeat(400_000)],
    ['8 bit', 'Gr\u00fc\u00dfe \u2013 \u20ac\r\n'],
  ])('verifies whatever the body is made of: %s', async (_, body) => {
    const header =
      'From: Bank <post@bank.example>\r\nSubject:\r\nTo: a@b.example,\r\n\t c@d.example \r\nTo:x@y.example\r\nContent-Type:  text/plain\r\n';
    expect(await resultsOf(sign(Buffer.from(`${header}\r\n${body}`)))).toEqual(['pass', 'pass']);
  });
});
