import { z } from 'zod';
import { gigabyte } from './quota-choices.ts';

/** Storage limit of a mailbox in bytes: 10 MB to 1 TB. */
export const quotaBytes = z.coerce
  .number()
  .int()
  .min(10 * 2 ** 20)
  .max(1024 * gigabyte);
