import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { parseEnvelopePath } from '#lib/addresses/envelope-path.ts';
import { addressesBehind, SenderAddresses } from '#lib/addresses/subaddress.ts';
import { receivedName, submitterName } from '#mail-server/delivery/received-name.ts';
import { parseNotificationParameters, parseReturnParameters } from '#mail-server/smtp/parse-delivery-status-parameters.ts';
import { parsePathArgument } from '#mail-server/smtp/parse-path.ts';
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

  test.each(['FROM:< a@b.example >', 'FROM: <a@b.example>', 'FROM:  <a@b.example >  '])('may have spaces: %j', (argument) =>
    expect(parsePathArgument(argument, 'FROM')?.path).toBe('a@b.example'),
  );

  test('may have brackets in quotes', () => {
    expect(parsePathArgument('FROM:<"a> <b"@c.example> SIZE=1', 'FROM')?.path).toBe('"a> <b"@c.example');
  });

  test.each(['FROM:a@b.example', 'from: a@b.example', 'FROM:a@b.example SIZE=10'])(
    'may lack brackets, as devices write it: %j',
    (argument) => expect(parsePathArgument(argument, 'FROM')?.path).toBe('a@b.example'),
  );

  test.each([
    'FROM:a',
    'FROM:a@b.example,c@d.example>',
    'FROM:a@b.example <c@d.example>x',
    'FROM:"a b"@c.example',
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
    expect(parseEnvelopePath('Max.Muster@MÜLLER.at')).toEqual({
      text: 'Max.Muster@xn--mller-kva.at',
      domain: 'xn--mller-kva.at',
      own: 'max.muster@xn--mller-kva.at',
    });
  });

  test.each([
    ['"max"@muster.at', 'max@muster.at'],
    ['"m\\ax"@muster.at', 'max@muster.at'],
    ['@a.at,@b.at:max@muster.at', 'max@muster.at'],
    ['max@muster.at.', 'max@muster.at'],
    ['max+shop@muster.at', 'max+shop@muster.at'],
    ['jürgen@müller.example', 'jürgen@xn--mller-kva.example'],
  ])('of ours may be written %s', (path, own) => expect(parseEnvelopePath(path)?.own).toBe(own));

  test.each([
    '"odd one"@example.org',
    '" max"@muster.at',
    '"a@b"@muster.at',
    '"a>b"@muster.at',
    '""@example.org',
    'a..b@docomo.example',
    '.a@docomo.example',
    'a.@docomo.example',
    'x@[192.0.2.1]',
    'x@[IPv6:2001:db8::1]',
    'root@localhost',
    'www-data@web_srv01.example.org',
    'x@-a.example.org',
    `${'a'.repeat(200)}@lists.example.org`,
  ])('of others may be %s, and are none of ours', (path) => expect(parseEnvelopePath(path)).toMatchObject({ text: path, own: null }));

  test.each([
    'a',
    'a@',
    '@b',
    'a b@c.example',
    'a@b@c.example',
    'a\r\n@b.example',
    'max\u200b@muster.at',
    '"a"b@c.example',
    '"a@c.example',
    'x@[999.1.2.3]',
    'x@[IPv6:1]',
    'x@[localhost]',
    'x@a..example',
    `${'a'.repeat(250)}@example.org`,
  ])('are never %j', (path) => expect(parseEnvelopePath(path)).toBeNull());
});

describe('subaddresses', () => {
  const address = (text: string) => parseEmailAddress(text) ?? expect.fail(text);

  test('lead to what stands before their detail, the longest first', () => {
    expect(addressesBehind(address('max+shop+2@muster.at'))).toEqual(['max+shop+2@muster.at', 'max+shop@muster.at', 'max@muster.at']);
    expect(addressesBehind(address('+x@muster.at'))).toEqual(['+x@muster.at']);
  });

  test('of an own address are own, unless somebody else has them', () => {
    const own = new SenderAddresses(['max@muster.at'], ['max+erika@muster.at']);
    expect(['max@muster.at', 'max+shop@muster.at'].every((each) => own.has(each))).toBe(true);
    for (const each of ['max+erika@muster.at', 'max+erika+2@muster.at', 'erika+max@muster.at', 'max+@example.org'])
      expect(own.has(each)).toBe(false);
  });
});

describe('the name of a client', () => {
  test.each([
    ['mail.example.org', 'mail.example.org'],
    ['[192.0.2.1]', '[192.0.2.1]'],
    ['BÜRO-PC', 'xn--bro-pc-3ya'],
    ['B\u00dcRO_PC', 'xn--bro_pc-3ya'],
    ['Max’s Mac', 'Max?s?Mac'],
    ['a(b;c', 'a?b?c'],
    ['\u212aelvin.example', 'kelvin.example'],
    ['x'.repeat(300), 'x'.repeat(255)],
  ])('%s is ASCII in Received', (name, shown) => {
    expect(receivedName(name)).toBe(shown);
    expect(receivedName(name)).toMatch(/^[!-~]+$/);
  });

  test.each(['[192.0.2.7]', '[IPv6:2001:db8::7]', '192.0.2.7', '192-0-2-7.dynamic.example', 'host192x0x2x7.example'])(
    'tells nobody where a user of ours is: %s',
    (name) => expect(submitterName(name, name.includes('db8') ? '2001:db8::7' : '192.0.2.7')).toBe('unknown'),
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
    // as hosts write them that do not know xtext
    expect(parseReturnParameters(parameters(['ENVID', 'a=b']))).toMatchObject({ dsnEnvelope: 'a=b' });
    for (const address of ['news=max=muster.at@list.example', 'max+shop@muster.at'])
      expect(parseNotificationParameters(parameters(['ORCPT', `rfc822;${address}`]))).toMatchObject({
        originalRecipient: `rfc822;${address}`,
      });
    expect(parseNotificationParameters(parameters(['ORCPT', 'rfc822;b+FCro@c.example']))).toMatchObject({
      originalRecipient: 'rfc822;b+FCro@c.example',
    });
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
