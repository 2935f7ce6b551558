import type { CommandSpecification } from '../compile/specification.ts';
import { readOneAddress, writeAddress } from '../letter/addresses.ts';

/** RFC 5228 section 4.2, RFC 3894. */
export const redirect: CommandSpecification = {
  tags: { copy: { extension: 'copy' } },
  positional: ['string'],
  compile(call) {
    const address = call.text(0);
    const copy = call.has('copy');
    const noAddress = (given: string): string => `'${given.slice(0, 200)}' is no address that mail can be sent to`;
    if (address.constant !== null && readOneAddress(address.constant) === null) call.fault(noAddress(address.constant), address.line);
    return (run) => {
      const given = address.read(run);
      const mailbox = readOneAddress(given);
      if (mailbox === null) return run.fail(call.line, noAddress(given));
      run.act({ kind: 'redirect', address: writeAddress(mailbox), header: run.header, copy }, call.line);
      return undefined;
    };
  },
};
