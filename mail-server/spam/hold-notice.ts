import { houseLetter } from '../delivery/automatic-letter.ts';
import type { HoldReason } from '../store/queue/outgoing-guard.ts';

interface Notice {
  hostName: string;
  to: string;
  locale: string;
  /** whose mail is held */
  mailbox: string;
  reason: HoldReason;
  at: Date;
}

const words = {
  de: (mailbox: string, reason: HoldReason) => ({
    subject: `Versand von ${mailbox} ist angehalten`,
    text: `Guten Tag,

${reason === 'strangers' ? `${mailbox} hat plötzlich an sehr viele Adressen geschrieben, mit denen es\nnoch nie zu tun hatte.` : `sehr viel von dem, was ${mailbox} verschickt hat, kam zurück.`}

Oft heißt das, dass jemand Fremder das Passwort kennt. Darum halten wir
den Versand an: Was noch wartet, geht nicht verloren, und empfangen
können Sie wie immer.

Bitte ändern Sie das Passwort, wenn Sie das nicht selbst waren. In der
Verwaltung unter „Postfächer“ geben Inhaber und Administration den
Versand mit einem Klick wieder frei.

Postamt
`,
  }),
  en: (mailbox: string, reason: HoldReason) => ({
    subject: `Sending from ${mailbox} is on hold`,
    text: `Hello,

${reason === 'strangers' ? `${mailbox} suddenly wrote to very many addresses that it had never\nwritten to before.` : `Very much of what ${mailbox} sent came back.`}

Often this means that a stranger knows the password. So we hold what it
sends: nothing that waits is lost, and it receives as always.

Please change the password if it was not you. In the panel, under
“Mailboxes”, owners and administrators release sending with one click.

Postamt
`,
  }),
};

/** The letter that tells that a mailbox's sending is held, as it goes into the queue. */
export function holdNotice({ hostName, to, locale, mailbox, reason, at }: Notice): Buffer {
  const { subject, text } = words[locale === 'en' ? 'en' : 'de'](mailbox, reason);
  return houseLetter({ hostName, to, subject, text, at });
}
