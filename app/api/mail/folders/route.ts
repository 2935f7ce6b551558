import { createFolder } from '#lib/webmail/folders/create-folder.ts';
import { deleteFolder } from '#lib/webmail/folders/delete-folder.ts';
import { listFolders } from '#lib/webmail/folders/list-folders.ts';
import { folderPath, folderRequest, parseBody, renameRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';
import { renameFolder } from '#lib/webmail/folders/rename-folder.ts';

export const GET = mailRoute(({ mailbox }) => listFolders(mailbox));

export const POST = mailRoute(async ({ mailbox, request }) => createFolder(mailbox, (await parseBody(folderRequest, request)).name));

export const PATCH = mailRoute(async ({ mailbox, request }) => renameFolder(mailbox, await parseBody(renameRequest, request)));

export const DELETE = mailRoute(async ({ mailbox, request }) => deleteFolder(mailbox, (await parseBody(folderPath, request)).path));
