/**
 * A host name or address literal as clients give it with HELO or EHLO. Taken generously, since many give an unqualified or a local
 * name, but without anything that would break a Received header.
 */
export const isGreetingName = (argument: string): boolean => /^(?:[\p{L}\p{N}_.-]{1,255}|\[[0-9A-Za-z.:-]{2,64}\])$/u.test(argument);
