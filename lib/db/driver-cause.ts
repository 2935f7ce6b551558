import { isDriverAdapterError, type DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { Prisma } from './generated/client.ts';

/**
 * What the database or the way to it said, beneath an error of the client; null where it said nothing. Known by its name: the built web holds
 * the driver and its classes in two copies, and an error of one is no instance of the other.
 */
export function driverCause({ meta }: Prisma.PrismaClientKnownRequestError): DriverAdapterError['cause'] | null {
  const beneath = meta?.['driverAdapterError'];
  return typeof beneath === 'object' && beneath !== null && isDriverAdapterError(beneath) ? beneath.cause : null;
}
