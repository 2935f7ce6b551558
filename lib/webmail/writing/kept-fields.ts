import { z } from 'zod';

/** Header fields of a draft that another program wrote, which go out with the letter as they are. */
export const keptFields = ['Importance', 'Priority', 'X-Priority', 'Sensitivity', 'Disposition-Notification-To', 'Keywords'] as const;

const line = z
  .string()
  .max(500)
  .transform((value) => value.toWellFormed().replace(/\p{Cc}+/gu, ' '));
const person = z.object({ name: line, address: line });
export const keptRequest = z.object({
  replyTo: z.array(person).max(20).optional(),
  fields: z
    .array(z.object({ name: z.enum(keptFields), value: z.string().regex(/^[\x20-\x7e]{1,500}$/) }))
    .max(20)
    .optional(),
});
