/** "pa1._domainkey" for "pa1._domainkey.muster.at", "@" for the domain itself: how most DNS forms want it. */
export const relativeName = (name: string, domain: string): string => (name === domain ? '@' : name.slice(0, -domain.length - 1));
