import { organisationOf } from '../addresses/organisation.ts';

/**
 * The zone that a provider's form writes names for: of a subdomain it is nearly always the zone of the domain above it, as it was bought
 * ("muster.at" for "mail.muster.at"). There "@" would mean the whole domain and move all its mail.
 */
export const zoneOf = organisationOf;

/** "_dmarc.mail" for "_dmarc.mail.muster.at" in the zone of muster.at, "@" for the zone itself. */
export function nameInZone(name: string, zone: string): string {
  if (name === zone) return '@';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : `${name}.`;
}
