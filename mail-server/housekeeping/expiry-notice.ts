import { displayDomain } from '../../lib/addresses/domain-name.ts';
import { houseLetter } from '../delivery/automatic-letter.ts';

interface Notice {
  hostName: string;
  to: string;
  locale: string;
  domain: string;
  expiresAt: Date;
  at: Date;
}

const day = (locale: string, at: Date): string => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
const words = {
  de: (domain: string, expires: string) => ({
    subject: `${domain} ist noch nicht bestätigt`,
    text: `Guten Tag,

Sie haben die Domain ${domain} bei Postamt eingetragen, aber noch nicht
bestätigt, dass sie Ihnen gehört. Setzen Sie dazu den Eintrag, den Ihnen
die Verwaltung unter „Domains“ zeigt.

Ohne diesen Eintrag geben wir den Namen am ${expires} wieder frei.
Postfächer darauf behalten ihre E-Mails, verlieren aber ihre Adresse.

Postamt
`,
  }),
  en: (domain: string, expires: string) => ({
    subject: `${domain} is not confirmed yet`,
    text: `Hello,

you entered the domain ${domain} at Postamt, but have not yet confirmed
that it is yours. To do so, set the record that the panel shows you under
“Domains”.

Without this record we give the name up on ${expires}.
Mailboxes on it keep their email, but lose their address.

Postamt
`,
  }),
};

/** The letter that tells of a domain's end, as it goes into the queue. */
export function expiryNotice({ hostName, to, locale, domain, expiresAt, at }: Notice): Buffer {
  const language = locale === 'en' ? 'en' : 'de';
  const { subject, text } = words[language](displayDomain(domain), day(language === 'de' ? 'de-AT' : 'en-GB', expiresAt));
  return houseLetter({ hostName, to, subject, text, at });
}
