import { z } from 'zod';

export const gigabyte = 2 ** 30;
/** What the panel offers, in GB. */
export const quotaChoices = [1, 2, 5, 10, 20, 50, 100] as const;
/** Storage limit of a mailbox in bytes: 10 MB to 1 TB. */
export const quotaBytes = z.coerce
  .number()
  .int()
  .min(10 * 2 ** 20)
  .max(1024 * gigabyte);
