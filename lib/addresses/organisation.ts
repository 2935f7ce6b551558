import { getDomain } from 'tldts';

/** What somebody registered ("muster.at" of "post.muster.at"), by the Public Suffix List with its private part; the name itself where that is nothing. */
export const organisationOf = (domain: string): string => getDomain(domain, { allowPrivateDomains: true }) ?? domain;
