import type { CalendarInvitation } from './invitation.ts';
import { isOwnAddress, type OwnAddresses } from '../writing/own-addresses.ts';
import type { Person } from '../reading/mail-message.ts';

/** Which attendee the reader is; null where the letter invites somebody else, or does not say whom. */
export const invitedAs = ({ attendees }: CalendarInvitation, own: OwnAddresses): Person | null =>
  attendees.find(({ address }) => isOwnAddress(own, address)) ?? null;
