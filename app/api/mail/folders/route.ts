import { createFolder } from '#lib/webmail/create-folder.ts';
import { listFolders } from '#lib/webmail/list-folders.ts';
import { folderRequest, parseBody } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

export const GET = mailRoute(({ mailbox }) => listFolders(mailbox));

export const POST = mailRoute(async ({ mailbox, request }) => createFolder(mailbox, (await parseBody(folderRequest, request)).name));
