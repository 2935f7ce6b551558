import { parseEnvelopePath } from '../../../lib/addresses/envelope-path.ts';
import { isAscii, parsePathArgument } from '../parse-path.ts';
import { isXtext, parseReturnParameters } from '../parse-delivery-status-parameters.ts';
import { longestHold, parseHoldParameters } from '../parse-hold-parameters.ts';
import { noteRefusal, noteStrangeDevice } from '../note-refusal.ts';
import { needsLogin, noStorage, reply, type Reply, tooLarge } from '../reply.ts';
import type { SmtpContext } from '../context.ts';

const known = new Set(['SIZE', 'BODY', 'SMTPUTF8', 'RET', 'ENVID']);

/** MAIL (RFC 5321 section 4.1.1.2) with SIZE (1870), BODY (6152, 3030), SMTPUTF8 (6531), RET and ENVID (3461), AUTH (4954), HOLDFOR and HOLDUNTIL (4865), REQUIRETLS (8689). */
export async function mail(session: SmtpContext, argument: string): Promise<Reply> {
  const { profile, services } = session;
  if (session.greetedAs === null) return reply(503, '5.5.1', `Send ${profile.lmtp ? 'LHLO' : 'EHLO'} first`);
  if (session.transaction) return reply(503, '5.5.1', 'A message is under way already, RSET ends it');
  if (profile.requiresAuthentication && !session.principal) {
    noteStrangeDevice(session);
    return needsLogin;
  }
  if (services.disk.isLow) return noStorage;
  const parsed = parsePathArgument(argument, 'FROM');
  if (!parsed) return reply(501, '5.5.4', 'Syntax: MAIL FROM:<address>');
  const { path, parameters } = parsed;
  const refused = (answer: Reply): Reply => {
    noteRefusal(session, { sender: path, recipient: '' }, answer);
    return answer;
  };
  const longestHoldS = longestHold(session);
  const fault = checkParameters(parameters, services.settings.messageBytes, [
    ...(profile.offersAuthentication ? ['AUTH'] : []),
    ...(session.encryption ? ['REQUIRETLS'] : []),
    ...(longestHoldS > 0 ? ['HOLDFOR', 'HOLDUNTIL'] : []),
  ]);
  if (fault) return refused(fault);
  const hold = parseHoldParameters(parameters, longestHoldS, new Date());
  if (hold && 'code' in hold) return hold;
  const status = parseReturnParameters(parameters);
  if (!status) return reply(501, '5.5.4', 'RET is FULL or HDRS, ENVID is xtext');
  const smtputf8 = parameters.has('SMTPUTF8');
  if (!isAscii(path) && !smtputf8) return reply(553, '5.6.7', 'This address needs SMTPUTF8');
  const sender = path === '' ? null : parseEnvelopePath(path);
  if (path !== '' && !sender) return refused(reply(553, '5.1.7', 'Keine gueltige Absenderadresse - not a valid sender address'));
  const refusal = await profile.checkSender(session, sender);
  if (refusal) return refused(refusal);
  const declaredSize = parameters.has('SIZE') ? Number(parameters.get('SIZE')) : null;
  const binary = /^BINARYMIME$/i.test(parameters.get('BODY') ?? '');
  session.transaction = {
    sender: sender?.text ?? '',
    smtputf8,
    binary,
    requireTls: parameters.has('REQUIRETLS'),
    declaredSize,
    ...status,
    hold,
    recipients: [],
    chunks: null,
  };
  return reply(250, '2.1.0', 'OK');
}

function checkParameters(parameters: ReadonlyMap<string, string | null>, messageBytes: number, more: readonly string[]): Reply | null {
  for (const name of parameters.keys()) {
    if (!known.has(name) && !more.includes(name)) return reply(555, '5.5.4', `Unknown parameter ${name}`);
  }
  const identity = parameters.get('AUTH');
  if (parameters.has('AUTH') && identity !== '<>' && !(identity && isXtext(identity)))
    return reply(501, '5.5.4', 'AUTH is an address in xtext, or <>');
  const size = parameters.get('SIZE');
  if (parameters.has('SIZE') && !/^\d{1,20}$/.test(size ?? '')) return reply(501, '5.5.4', 'SIZE is a number');
  if (Number(size ?? 0) > messageBytes) return tooLarge(messageBytes);
  if (parameters.has('BODY') && !/^(7BIT|8BITMIME|BINARYMIME)$/i.test(parameters.get('BODY') ?? ''))
    return reply(501, '5.5.4', 'BODY is 7BIT, 8BITMIME or BINARYMIME');
  if (parameters.has('REQUIRETLS') && parameters.get('REQUIRETLS') !== null) return reply(501, '5.5.4', 'REQUIRETLS has no value');
  if (parameters.has('SMTPUTF8') && parameters.get('SMTPUTF8') !== null) return reply(501, '5.5.4', 'SMTPUTF8 has no value');
  return null;
}
