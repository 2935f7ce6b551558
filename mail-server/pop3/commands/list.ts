import { scanListing } from '../scan-listing.ts';

/** RFC 1939 section 5. */
export const list = scanListing((_maildrop, message) => String(message.size));
