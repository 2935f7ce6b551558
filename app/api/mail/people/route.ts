import { findPeople } from '#lib/webmail/people/find-people.ts';
import { parseBody, peopleRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** People whose name or address begins so: colleagues, and those one has exchanged letters with. What was typed stands in no address. */
export const POST = mailRoute(async ({ mailbox, request }) => ({
  people: await findPeople(mailbox, (await parseBody(peopleRequest, request)).q),
}));
