import { expect, test } from 'vitest';
import { asMailError } from '#lib/webmail/connection/connect-imap.ts';
import { submissionFailure } from '#lib/webmail/sending/submission-failure.ts';

test.each([
  ['goes away for a restart', 'EPROTOCOL', '421 4.3.2 Dienst wird neu gestartet', 'Unreachable'],
  ['has too many connections', 'EAUTH', '421 4.7.0 Zu viele Verbindungen dieses Postfachs', 'Unreachable'],
  ['cannot look who it is', 'EAUTH', '454 4.7.0 Anmeldung voruebergehend nicht moeglich', 'Unreachable'],
  ['has lost its database', 'EMESSAGE', '451 4.3.0 Voruebergehend nicht moeglich', 'Unreachable'],
  ['does not know the sign-in any more', 'EAUTH', '535 5.7.8 Adresse oder Passwort falsch', 'SessionEnded'],
  ['takes no letter as large', 'EMESSAGE', '552 5.3.4 Zu gross', 'TooLarge'],
  ['has heard enough for this hour', 'EENVELOPE', '450 4.7.1 Zu viele Nachrichten', 'Refused'],
  ['does not want it', 'EMESSAGE', '554 5.7.1 Abgelehnt', 'Refused'],
])('an SMTP server that %s', (_, code, response, expected) => {
  const error = Object.assign(new Error('Message failed'), { code, response, responseCode: Number(response.slice(0, 3)) });
  expect(submissionFailure(error).code).toBe(expected);
});

test('a connection that breaks says nothing of the letter', () => {
  expect(submissionFailure(new Error('closed')).code).toBe('Unreachable');
});

test.each([
  ['has too many connections of the mailbox', 'LIMIT', 'Unreachable'],
  ['cannot look who it is', 'UNAVAILABLE', 'Unreachable'],
  ['does not know the sign-in any more', 'AUTHENTICATIONFAILED', 'SessionEnded'],
])('an IMAP server that %s', (_, serverResponseCode, code) => {
  expect(asMailError(Object.assign(new Error('Command failed'), { authenticationFailed: true, serverResponseCode }))).toMatchObject({
    code,
  });
});
