export { momentOf, wallClock } from '#lib/webmail/zoned-instant.ts';
