import { z } from 'zod';
import { matches, textFields } from './words.ts';

/** What people filter by. A filter is one `if` of a Sieve script; what the pages cannot say in sentences stays text (FilterText). */

const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\r\n\0]*$/);

const condition = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    field: z.enum(textFields),
    /** name of the header field, where `field` is "header" */
    header: z.string().regex(/^[!-9;-~]{0,100}$/),
    match: z.enum(matches),
    not: z.boolean(),
    /** one of them is enough */
    values: z.array(line(500)).min(1).max(200),
  }),
  z.object({ kind: z.literal('size'), over: z.boolean(), kilobytes: z.number().int().min(0).max(4_000_000) }),
  z.object({ kind: z.literal('attachment'), not: z.boolean() }),
]);

/** As long as the server's may be (mail-server/folder-name.ts): a filter that follows its folder can be saved under any name. */
const folderName = line(1000).min(1);
/** The folder's id (RFC 8474): what the filter means, whatever the folder is called by now. None: by its name alone. */
const folderId = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/);

const action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read') }),
  z.object({ kind: z.literal('star') }),
  z.object({ kind: z.literal('label'), label: z.string().regex(/^[A-Za-z0-9$_.-]{1,60}$/) }),
  z.object({ kind: z.literal('forward'), address: line(320).min(3), keep: z.boolean() }),
  z.object({ kind: z.literal('copy'), folder: folderName, folderId: folderId.optional() }),
  z.object({ kind: z.literal('move'), folder: folderName, folderId: folderId.optional() }),
  z.object({ kind: z.literal('delete') }),
  z.object({ kind: z.literal('stop') }),
]);

export const filterSchema = z.object({
  kind: z.literal('filter'),
  name: line(200),
  on: z.boolean(),
  /** all of the conditions, any of them; no condition: every letter */
  join: z.enum(['all', 'any']),
  conditions: z.array(condition).max(50),
  actions: z.array(action).min(1).max(20),
});

/** A piece of Sieve that was written elsewhere and is kept as it is. */
const filterText = z.object({ kind: z.literal('text'), name: line(200), text: z.string().max(500_000) });

export const filterItems = z.array(z.discriminatedUnion('kind', [filterSchema, filterText])).max(500);

export type Condition = z.infer<typeof condition>;
export type FilterAction = z.infer<typeof action>;
export type Filter = z.infer<typeof filterSchema>;
export type FilterText = z.infer<typeof filterText>;
export type FilterItem = Filter | FilterText;
