import type { Command } from './commands/command.ts';
import { inMaildrop } from './in-maildrop.ts';
import type { Maildrop } from './maildrop.ts';
import type { MaildropMessage } from './maildrop-message.ts';
import { parseNumber, splitArguments } from './parse-command.ts';
import { err, listing, ok } from './reply.ts';

/** LIST and UIDL: "number value" of one message, or of all as a multi-line reply. */
export const scanListing = (value: (maildrop: Maildrop, message: MaildropMessage) => string): Command =>
  inMaildrop(async ({ connection }, maildrop, argument) => {
    const [given, ...more] = splitArguments(argument);
    if (given === undefined) {
      const lines = maildrop.present((number, message) => `${number} ${value(maildrop, message)}`);
      return connection.write(listing(`${lines.length} messages`, lines));
    }
    const number = parseNumber(given);
    if (number === null || more.length > 0) return connection.write(err('Wrong arguments'));
    const message = maildrop.message(number);
    return connection.write(message ? ok(`${number} ${value(maildrop, message)}`) : err('No such message'));
  });
