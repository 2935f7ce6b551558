export interface Reason {
  code: string;
  german: string;
  english: string;
}

export interface Failure {
  address: string;
  domain: string;
  status: string;
  reply: string;
}

interface Rule {
  code: string;
  status?: RegExp;
  text?: RegExp;
  german: (failure: Failure) => string;
  english: (failure: Failure) => string;
}

/**
 * Why a message came back, in words for people. The first rule that fits is taken: its enhanced status code (RFC 3463) or, since many
 * hosts give only a general one, words that are common in replies.
 */
const rules: readonly Rule[] = [
  {
    code: 'gave-up',
    status: /^[45]\.4\.7$/,
    german: ({ domain }) => `Der Mailserver von ${domain} hat die Nachricht die ganze Zeit über nicht angenommen. Wir haben aufgegeben.`,
    english: ({ domain }) => `The mail server of ${domain} did not take the message in all that time. We have given up.`,
  },
  {
    code: 'domain-unknown',
    status: /^5\.(1\.2|4\.4)$/,
    german: ({ domain }) => `Die Domain ${domain} gibt es nicht, oder sie hat keinen Mailserver. Bitte prüfen Sie die Schreibweise.`,
    english: ({ domain }) => `The domain ${domain} does not exist, or it has no mail server. Please check the spelling.`,
  },
  {
    code: 'no-mail',
    status: /^5\.1\.10$/,
    german: ({ domain }) => `Die Domain ${domain} nimmt keine E-Mails an.`,
    english: ({ domain }) => `The domain ${domain} does not accept mail.`,
  },
  {
    code: 'loop',
    status: /^5\.4\.6$/,
    text: /\bloop/i,
    german: ({ domain }) => `Die Nachricht läuft im Kreis: Die DNS-Einträge oder Weiterleitungen von ${domain} sind falsch eingerichtet.`,
    english: ({ domain }) => `The message goes round in circles: the DNS records or forwards of ${domain} are not set up correctly.`,
  },
  {
    code: 'internationalized',
    status: /^5\.6\.7$/,
    german: () => 'Der Mailserver des Empfängers kann mit Adressen, die Umlaute oder andere besondere Zeichen enthalten, nicht umgehen.',
    english: () => 'The recipient’s mail server cannot handle addresses with non-English characters.',
  },
  {
    code: 'eight-bit',
    status: /^5\.6\.[13]$/,
    german: () => 'Der Mailserver des Empfängers kann die Zeichenkodierung dieser Nachricht nicht annehmen.',
    english: () => 'The recipient’s mail server cannot take the character encoding of this message.',
  },
  {
    code: 'too-large',
    status: /^5\.(2\.3|3\.4)$/,
    text: /too (large|big)|size (limit|exceed)|exceeds.*(size|limit)|maximum.*size/i,
    german: () => 'Die Nachricht ist dem Empfänger zu groß. Bitte verkleinern oder teilen Sie die Anhänge.',
    english: () => 'The message is too large for the recipient. Please make the attachments smaller or split them.',
  },
  {
    code: 'mailbox-full',
    status: /^[45]\.2\.2$/,
    text: /quota|mailbox (is )?full|over ?quota|insufficient (system )?storage/i,
    german: ({ address }) => `Das Postfach ${address} ist voll – mailbox full.`,
    english: ({ address }) => `The mailbox ${address} is full.`,
  },
  {
    code: 'spam',
    text: /spam|junk|block(ed|list)|black ?list|reputation|spamhaus|barracuda|dnsbl|\brbl\b|listed (at|by|on)/i,
    german: () => 'Der Mailserver des Empfängers hält die Nachricht für unerwünschte Werbung (Spam) oder sperrt unseren Server.',
    english: () => 'The recipient’s mail server takes the message for spam, or blocks our server.',
  },
  {
    code: 'not-authentic',
    status: /^5\.7\.(2[0-9]|30)$/,
    text: /dmarc|\bspf\b|dkim|unauthenticated/i,
    german: () => 'Der Mailserver des Empfängers konnte nicht bestätigen, dass die Absenderadresse echt ist (SPF, DKIM, DMARC).',
    english: () => 'The recipient’s mail server could not confirm that the sender address is genuine (SPF, DKIM, DMARC).',
  },
  {
    code: 'mailbox-disabled',
    status: /^5\.2\.1$/,
    text: /(mailbox|account|user).{0,20}(disabled|inactive|suspended|deactivated)/i,
    german: ({ address }) => `Das Postfach ${address} ist gesperrt und nimmt nichts an.`,
    english: ({ address }) => `The mailbox ${address} is disabled and takes no mail.`,
  },
  {
    code: 'address-unknown',
    status: /^5\.1\.(0|1|3|6)$/,
    text: /(user|recipient|mailbox|address|account).{0,30}(unknown|not found|does ?n.t exist|not exist|no such|invalid|rejected)|(unknown|no such|invalid) (user|recipient|mailbox|address|local|person)/i,
    german: ({ address }) => `Die Adresse ${address} gibt es nicht – Adresse unbekannt. Bitte prüfen Sie die Schreibweise.`,
    english: ({ address }) => `The address ${address} does not exist – address unknown. Please check the spelling.`,
  },
  {
    code: 'relaying',
    text: /relay/i,
    german: ({ domain }) => `Der Mailserver, der für ${domain} eingetragen ist, fühlt sich für diese Domain nicht zuständig.`,
    english: ({ domain }) => `The mail server listed for ${domain} is not responsible for this domain.`,
  },
  {
    code: 'refused',
    status: /^5\.7\./,
    german: () => 'Der Mailserver des Empfängers lehnt die Nachricht ab.',
    english: () => 'The recipient’s mail server refuses the message.',
  },
  {
    code: 'unreachable',
    status: /^[45]\.4\.[1-3]$/,
    german: ({ domain }) => `Der Mailserver von ${domain} ist derzeit nicht erreichbar.`,
    english: ({ domain }) => `The mail server of ${domain} cannot be reached at present.`,
  },
  {
    code: 'later',
    status: /^4\./,
    german: () => 'Der Mailserver des Empfängers nimmt die Nachricht derzeit nicht an.',
    english: () => 'The recipient’s mail server does not take the message at present.',
  },
];

const otherwise: Reason = {
  code: 'other',
  german: 'Der Mailserver des Empfängers nimmt die Nachricht nicht an. Seine Antwort steht unten.',
  english: 'The recipient’s mail server does not take the message. Its reply stands below.',
};

export function reasonFor(failure: Failure): Reason {
  const general = /^[45]\.(0\.0|1\.0|7\.0|7\.1|3\.0|6\.0|5\.0)$/;
  // words first where the code says little, the code first where it says it exactly
  const byStatus = rules.find((rule) => rule.status?.test(failure.status));
  const byText = rules.find((rule) => rule.text?.test(failure.reply));
  const rule = general.test(failure.status) ? (byText ?? byStatus) : (byStatus ?? byText);
  return rule ? { code: rule.code, german: rule.german(failure), english: rule.english(failure) } : otherwise;
}
