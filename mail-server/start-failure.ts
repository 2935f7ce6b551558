import { ConfigurationError } from '../lib/config/config.ts';
import { StoreError } from './store/store-error.ts';

/** One sentence for the operator on why the mail server did not start. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof StoreError && error.code === 'Unavailable') return `The database cannot be reached: ${causeOf(error)}.`;
  const { code, port, address, path, message } = (error ?? {}) as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program.`;
  if (code === 'EACCES' && port !== undefined) return `Port ${port} may not be bound by this user; set POSTAMT_PORT_OFFSET.`;
  if (code === 'EADDRNOTAVAIL') return `POSTAMT_LISTEN=${address} is no address of this machine.`;
  if (path !== undefined) return `${path} cannot be read: ${message}.`;
  return `The mail server could not start: ${message ?? String(error)}.`;
}

function causeOf(error: StoreError): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return 'no answer';
  // a connection to a name with several addresses fails with one error each and an empty message
  return cause instanceof AggregateError ? cause.errors.map((each: Error) => each.message).join(', ') : cause.message;
}
