import type { Person } from '../reading/mail-message.ts';

/** What people read for a person: the name, or the address where there is none. */
export const personName = (person: Person): string => person.name || person.address;
