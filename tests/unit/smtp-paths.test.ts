import { describe, expect, test } from 'vitest';
import { parseNotificationParameters, parseReturnParameters } from '#mail-server/smtp/parse-delivery-status-parameters.ts';
import { parseMailPath, parsePathArgument, parseReversePath } from '#mail-server/smtp/parse-path.ts';
import { reply, serializeReply } from '#mail-server/smtp/reply.ts';

describe('the argument of MAIL and RCPT', () => {
  test('is a path in angle brackets and parameters', () => {
    expect(parsePathArgument('FROM:<a@b.example> SIZE=10 BODY=8BITMIME smtputf8', 'FROM')).toEqual({
      path: 'a@b.example',
      parameters: new Map([
        ['SIZE', '10'],
        ['BODY', '8BITMIME'],
        ['SMTPUTF8', null],
      ]),
    });
    expect(parsePathArgument('from: <>', 'FROM')).toEqual({ path: '', parameters: new Map() });
  });

  test.each([
    'FROM:a@b.example',
    'TO:<a@b.example>',
    'FROM:<a@b.example',
    'FROM:<a@b.example>SIZE=1',
    'FROM:<a@b> <c@d>',
    'FROM:<a@b.example> SIZE=1 SIZE=2',
    'FROM:<a@b.example> =1',
  ])('is not %s', (argument) => expect(parsePathArgument(argument, 'FROM')).toBeNull());
});

describe('addresses', () => {
  test('keep the case of the local part, and lose that of the domain', () => {
    expect(parseMailPath('Max.Muster@MÜLLER.at')).toEqual({ text: 'Max.Muster@xn--mller-kva.at', address: 'max.muster@xn--mller-kva.at' });
  });

  test.each([
    '"max"@muster.at',
    '@a.at:max@muster.at',
    'max@[127.0.0.1]',
    'max@muster.at.',
    'a b@muster.at',
    'max@x@muster.at',
    'max\u200b@muster.at',
    'max@muster',
    'max',
    '',
  ])('are not %s', (path) => expect(parseMailPath(path)).toBeNull());

  test.each([
    '"odd one"@example.org',
    'a..b@docomo.example',
    'x@[192.0.2.1]',
    'root@localhost',
    'SRS0=HhH=Tt=x.example=a@y.example',
    'jürgen@müller.example',
  ])('of senders elsewhere may be %s', (path) => expect(parseReversePath(path)).toBe(path));

  test.each(['a', 'a@', '@b', 'a b@c.example', 'a@b@c.example', 'a\r\n@b.example'])('of senders are never %j', (path) =>
    expect(parseReversePath(path)).toBeNull(),
  );
});

describe('wishes for reports', () => {
  const parameters = (...pairs: [string, string | null][]) => new Map(pairs);

  test('are decoded', () => {
    expect(parseReturnParameters(parameters(['RET', 'hdrs'], ['ENVID', 'a+2Bb']))).toEqual({ dsnReturn: 'HDRS', dsnEnvelope: 'a+b' });
    expect(parseNotificationParameters(parameters(['NOTIFY', 'success,delay'], ['ORCPT', 'rfc822;a+3Db@c.example']))).toEqual({
      notify: 'SUCCESS,DELAY',
      originalRecipient: 'rfc822;a=b@c.example',
    });
  });

  test('that are not valid are refused', () => {
    expect(parseReturnParameters(parameters(['RET', 'SOME']))).toBeUndefined();
    expect(parseReturnParameters(parameters(['ENVID', 'a+0D+0Ab']))).toBeUndefined();
    expect(parseNotificationParameters(parameters(['NOTIFY', 'NEVER,DELAY']))).toBeUndefined();
    expect(parseNotificationParameters(parameters(['NOTIFY', null]))).toBeUndefined();
    expect(parseNotificationParameters(parameters(['ORCPT', 'rfc822;a+0D+0Ab']))).toBeUndefined();
  });
});

test('a reply is one reply, whatever is quoted in it', () => {
  expect(serializeReply(reply(550, '5.1.1', 'a\r\n250 OK', 'b\0ü'))).toBe('550-5.1.1 a??250 OK\r\n550 5.1.1 b??\r\n');
});
