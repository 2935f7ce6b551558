import { scanListing } from '../scan-listing.ts';

/** RFC 1939 section 7. */
export const uidl = scanListing((maildrop, message) => maildrop.uniqueId(message));
