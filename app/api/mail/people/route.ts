import { findPeople } from '#lib/webmail/find-people.ts';
import { parseQuery, peopleRequest } from '#lib/webmail/mail-requests.ts';
import { mailRoute } from '#lib/webmail/mail-route.ts';

/** People whose name or address begins so: colleagues, and those one has exchanged letters with. */
export const GET = mailRoute(async ({ mailbox, query }) => ({ people: await findPeople(mailbox, parseQuery(peopleRequest, query).q) }));
