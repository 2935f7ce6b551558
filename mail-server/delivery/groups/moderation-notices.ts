import type { GroupSettings } from '../../../lib/targets/lookup-addresses.ts';
import { automaticLetter, encodePhrase, houseLetter } from '../automatic-letter.ts';

interface Waiting {
  hostName: string;
  webUrl: string;
  to: string;
  locale: string;
  /** named as the group's moderator; where nobody is, the customer's people release */
  isNamed: boolean;
  group: Pick<GroupSettings, 'name' | 'address'>;
  cause: 'not_allowed' | 'moderated';
  from: string;
  subject: string;
  preview: string;
  /** it is certain that the author wrote it */
  isProved: boolean;
  /** letters to the group, with this one */
  waiting: number;
  days: number;
}

/** What a stranger wrote, as one line of our letter: without what would change how the rest is read, or would be a link of his in it. */
export const shown = (text: string, most: number): string =>
  text
    .slice(0, most * 2)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\S+/g, (word) => (becomesLink.test(word) ? '[Link]' : word))
    .trim()
    .slice(0, most)
    .toWellFormed();

/** Of these mail programs make links. A host alone stays: it says where somebody is from. */
const becomesLink = /https?:\/\/|\bwww\.|\.[a-z]{2,}(?::\d+)?\//i;

const subjectOf = (text: string, most: number, german: boolean): string =>
  shown(text, most) || (german ? '(kein Betreff)' : '(no subject)');

/** The letter that tells a moderator that somebody's waits. */
export function waitingNotice({
  hostName,
  webUrl,
  to,
  locale,
  isNamed,
  group,
  cause,
  waiting,
  days,
  isProved,
  ...letter
}: Waiting): Buffer {
  const german = locale !== 'en';
  const [from, subject, preview, name] = [
    shown(letter.from, 200),
    subjectOf(letter.subject, 200, german),
    shown(letter.preview, 300),
    shown(group.name, 120),
  ];
  const link = `${webUrl}${isNamed ? '/mail-settings/moderation' : '/panel/quarantine'}`;
  const text = german
    ? `Guten Tag,

eine E-Mail an die Gruppe „${name}“ (${group.address}) wartet auf Ihre
Freigabe${cause === 'not_allowed' ? ': Wer sie geschrieben hat, darf an die Gruppe nicht schreiben' : ''}.

Von:     ${from}
Betreff: ${subject}
Beginn:  ${preview}
${isProved ? '' : '\nOb sie wirklich von dieser Adresse kommt, ist nicht bestätigt.\n'}
Freigeben oder verwerfen (nach der Anmeldung):
${link}

${waiting === 1 ? 'Es wartet nur diese eine.' : `Insgesamt warten ${waiting} E-Mails.`} Was niemand freigibt, wird nach ${days} Tagen gelöscht.

Postamt
`
    : `Hello,

a message to the group “${name}” (${group.address}) waits for your
approval${cause === 'not_allowed' ? ': its author may not write to the group' : ''}.

From:    ${from}
Subject: ${subject}
Begins:  ${preview}
${isProved ? '' : '\nIt is not confirmed that it really comes from this address.\n'}
Release or discard it (after signing in):
${link}

${waiting === 1 ? 'It is the only one.' : `${waiting} messages wait in all.`} What nobody releases is deleted after ${days} days.

Postamt
`;
  const title = german ? `Freigabe nötig: ${subject}` : `Approval needed: ${subject}`;
  return houseLetter({ hostName, to, subject: title, text });
}

/** The letter that tells its author that his waits. Whoever writes to the group may speak either language. */
export function waitsNotice(given: {
  hostName: string;
  group: Pick<GroupSettings, 'name' | 'address'>;
  to: string;
  subject: string;
  messageId: string | null;
}): Buffer {
  const { hostName, group, to, messageId } = given;
  const subject = shown(given.subject, 200);
  const text = `Ihre E-Mail „${subject}“ an ${group.address} ist angekommen. Sie geht
an die Gruppe, sobald sie jemand freigibt. Sie müssen nichts tun.

Your message “${subject}” to ${group.address} has arrived. It goes to the
group as soon as somebody approves it. You need not do anything.
`;
  return automaticLetter({
    hostName,
    from: `${encodePhrase(shown(group.name, 120))} <${group.address}>`,
    to,
    subject: 'Ihre E-Mail wartet auf Freigabe - your message waits for approval',
    text,
    submitted: 'auto-replied',
    answers: messageId,
  });
}

/** The letter that tells a moderator that nobody released what waited. */
export function expiredNotice(given: {
  hostName: string;
  to: string;
  locale: string;
  name: string;
  address: string;
  letters: readonly { from: string; subject: string }[];
  days: number;
}): Buffer {
  const { hostName, to, locale, address, letters, days } = given;
  const german = locale !== 'en';
  const name = shown(given.name, 120);
  const lines = letters.slice(0, mostNamed).map(({ from, subject }) => `- ${shown(from, 100)}: ${subjectOf(subject, 100, german)}`);
  const more = letters.length - lines.length;
  const text = german
    ? `Guten Tag,

was an die Gruppe „${name}“ (${address}) kam und in ${days} Tagen
niemand freigab, haben wir gelöscht:

${lines.join('\n')}${more > 0 ? `\nund ${more} weitere` : ''}

Postamt
`
    : `Hello,

what came for the group “${name}” (${address}) and nobody released
within ${days} days was deleted:

${lines.join('\n')}${more > 0 ? `\nand ${more} more` : ''}

Postamt
`;
  const subject = german
    ? `Nicht freigegeben und gelöscht: ${letters.length} an ${address}`
    : `Not released and deleted: ${letters.length} for ${address}`;
  return houseLetter({ hostName, to, subject, text });
}

const mostNamed = 30;

/** What is new in a customer's quarantine, for its people. */
export function quarantineSummary(given: {
  hostName: string;
  webUrl: string;
  to: string;
  locale: string;
  count: number;
  letters: readonly { cause: string; detail: string; from: string; subject: string; recipient: string }[];
  isFull: boolean;
  days: number;
}): Buffer {
  const { hostName, webUrl, to, locale, count, isFull, days } = given;
  const german = locale !== 'en';
  const why = (cause: string, detail: string): string => {
    const what = shown(detail, 80);
    if (cause === 'virus') return german ? `Schadsoftware (${what})` : `malware (${what})`;
    return german ? `Programm im Anhang (${what})` : `program attached (${what})`;
  };
  const lines = given.letters
    .slice(0, mostNamed)
    .map(
      ({ cause, detail, from, subject, recipient }) =>
        `- ${german ? 'an' : 'to'} ${shown(recipient, 100)}, ${german ? 'von' : 'from'} ${shown(from, 100)}:\n  ${subjectOf(subject, 100, german)}\n  ${why(cause, detail)}`,
    );
  const more = count - lines.length;
  const link = `${webUrl}/panel/quarantine`;
  const text = german
    ? `Guten Tag,

neu in der Quarantäne:

${lines.join('\n\n')}${more > 0 ? `\n\nund ${more} weitere` : ''}

Ansehen, freigeben oder löschen:
${link}

Was niemand freigibt, wird nach ${days} Tagen gelöscht.${isFull ? '\nDie Quarantäne ist fast voll: Bitte löschen Sie, was Sie nicht brauchen,\nsonst kommen weitere solche E-Mails erst später an.' : ''}

Postamt
`
    : `Hello,

new in quarantine:

${lines.join('\n\n')}${more > 0 ? `\n\nand ${more} more` : ''}

Look at it, release or delete it:
${link}

What nobody releases is deleted after ${days} days.${isFull ? '\nThe quarantine is nearly full: please delete what you do not need, or\nmore of such letters come only later.' : ''}

Postamt
`;
  const subject = german ? `Quarantäne: ${count} neu` : `Quarantine: ${count} new`;
  return houseLetter({ hostName, to, subject, text });
}
