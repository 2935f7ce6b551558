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
 * Why a message came back and what can be done, in words for people. The first rule that fits is taken: its enhanced status code
 * (RFC 3463) or, since many hosts give only a general one, words that are common in replies.
 */
const rules: readonly Rule[] = [
  {
    code: 'domain-unknown',
    status: /^5\.(1\.2|4\.4)$/,
    german: ({ domain }) => `Die Domain ${domain} gibt es nicht, oder sie hat keinen Mailserver. Bitte prüfen Sie die Schreibweise.`,
    english: ({ domain }) => `The domain ${domain} does not exist, or it has no mail server. Please check the spelling.`,
  },
  {
    code: 'no-mail',
    status: /^5\.1\.10$/,
    german: ({ domain }) => `Die Domain ${domain} nimmt keine E-Mails an. Bitte erreichen Sie den Empfänger auf anderem Weg.`,
    english: ({ domain }) => `The domain ${domain} does not accept mail. Please reach the recipient in another way.`,
  },
  {
    code: 'loop',
    status: /^5\.4\.6$/,
    text: /\bloop|too many hops/i,
    german: ({ domain }) =>
      `Die Nachricht läuft im Kreis: Die DNS-Einträge oder Weiterleitungen von ${domain} sind falsch eingerichtet. Das kann nur beheben, wer ${domain} betreut.`,
    english: ({ domain }) =>
      `The message goes round in circles: the DNS records or forwards of ${domain} are not set up correctly. Only whoever looks after ${domain} can mend this.`,
  },
  {
    code: 'internationalized',
    status: /^5\.6\.7$/,
    german: () =>
      'Der Mailserver des Empfängers kann mit Adressen, die Umlaute oder andere besondere Zeichen enthalten, nicht umgehen. Bitte verwenden Sie Adressen ohne solche Zeichen.',
    english: () => 'The recipient’s mail server cannot handle addresses with non-English characters. Please use addresses without them.',
  },
  {
    code: 'eight-bit',
    status: /^5\.6\.[13]$/,
    german: () =>
      'Der Mailserver des Empfängers kann die Zeichenkodierung dieser Nachricht nicht annehmen. Bitte senden Sie sie mit dem Webmail oder einem anderen Mailprogramm.',
    english: () =>
      'The recipient’s mail server cannot take the character encoding of this message. Please send it with the webmail or another mail program.',
  },
  {
    code: 'too-large',
    status: /^5\.(2\.3|3\.4)$/,
    text: /too (large|big)|size (limit|exceed)|exceeds.{0,100}(size|limit)|maximum.{0,100}size/i,
    german: () => 'Die Nachricht ist dem Empfänger zu groß. Bitte verkleinern oder teilen Sie die Anhänge.',
    english: () => 'The message is too large for the recipient. Please make the attachments smaller or split them.',
  },
  {
    code: 'mailbox-full',
    status: /^[45]\.2\.2$/,
    text: /quota|(mailbox|inbox) (is )?full|insufficient (system )?storage|out of storage/i,
    german: ({ address }) =>
      `Das Postfach ${address} ist voll – mailbox full. Bitte versuchen Sie es später noch einmal oder erreichen Sie den Empfänger auf anderem Weg.`,
    english: ({ address }) => `The mailbox ${address} is full. Please try again later or reach the recipient in another way.`,
  },
  {
    code: 'tls',
    status: /^[45]\.7\.(5|10|11)$/,
    text: /must issue a starttls|(tls|encryption) (is )?(required|needed)/i,
    german: () =>
      'Mit dem Mailserver des Empfängers kam keine verschlüsselte Verbindung zustande, die er verlangt. Bitte melden Sie das Ihrem Administrator.',
    english: () => 'The recipient’s mail server demands an encrypted connection, and none could be made. Please tell your administrator.',
  },
  {
    code: 'not-authentic',
    status: /^5\.7\.(2[0-9]|30|509|515)$/,
    text: /dmarc|\bspf\b|dkim|unauthenticated|authentication level/i,
    german: () =>
      'Der Mailserver des Empfängers konnte nicht bestätigen, dass die Absenderadresse echt ist (SPF, DKIM, DMARC). Bitte lassen Sie die DNS-Einträge Ihrer Domain prüfen.',
    english: () =>
      'The recipient’s mail server could not confirm that the sender address is genuine (SPF, DKIM, DMARC). Please have the DNS records of your domain checked.',
  },
  {
    code: 'rate-limited',
    status: /^[45]\.7\.28$/,
    text: /rate.?limit|too (many|much) (messages|mail|connections|emails)|throttl|unexpected volume|sending limit|limit exceeded/i,
    german: () =>
      'Der Mailserver des Empfängers nimmt von uns zurzeit nicht so viele Nachrichten an. Bitte versuchen Sie es später noch einmal.',
    english: () => 'The recipient’s mail server does not take so many messages from us at present. Please try again later.',
  },
  {
    code: 'content',
    text: /virus|malware|phish|(attachment|file type|content).{0,40}(not allowed|blocked|rejected|prohibited|security)|potential security/i,
    german: () =>
      'Der Mailserver des Empfängers lässt den Inhalt oder einen Anhang aus Sicherheitsgründen nicht durch. Bitte senden Sie die Nachricht ohne den Anhang oder ohne Links.',
    english: () =>
      'The recipient’s mail server does not let the content or an attachment pass, for security. Please send the message without the attachment or without links.',
  },
  {
    code: 'our-server',
    text: /\bptr\b|reverse (dns|lookup|hostname)|\brdns\b|helo/i,
    german: () =>
      'Der Mailserver des Empfängers nimmt von unserem Server nichts an, weil dessen Name im DNS nicht stimmt. Bitte melden Sie das Ihrem Administrator.',
    english: () =>
      'The recipient’s mail server takes nothing from our server, since the name of ours is not right in the DNS. Please tell your administrator.',
  },
  {
    code: 'spam',
    text: /spam|junk|block(ed|ing|list)|block list|black ?list|reputation|spamhaus|barracuda|dnsbl|\brbl\b|listed (at|by|on|in)|unsolicited/i,
    german: () =>
      'Der Mailserver des Empfängers hält die Nachricht für unerwünschte Werbung (Spam) oder sperrt unseren Server. Bitte erreichen Sie den Empfänger auf anderem Weg und melden Sie es Ihrem Administrator.',
    english: () =>
      'The recipient’s mail server takes the message for spam, or blocks our server. Please reach the recipient in another way, and tell your administrator.',
  },
  {
    code: 'mailbox-disabled',
    status: /^5\.2\.1$/,
    text: /(mailbox|account|user).{0,20}(disabled|inactive|suspended|deactivated)/i,
    german: ({ address }) => `Das Postfach ${address} ist gesperrt und nimmt nichts an. Bitte erreichen Sie den Empfänger auf anderem Weg.`,
    english: ({ address }) => `The mailbox ${address} is disabled and takes no mail. Please reach the recipient in another way.`,
  },
  {
    code: 'address-unknown',
    status: /^5\.1\.(0|1|3|6)$/,
    text: /(user|recipient|mailbox|address|account).{0,30}(unknown|not found|does ?n.t (exist|have)|not exist|no such|invalid|rejected|unavailable)|(unknown|no such|invalid) (user|recipient|mailbox|address|local|person)|no mailbox here/i,
    german: ({ address }) => `Die Adresse ${address} gibt es nicht – Adresse unbekannt. Bitte prüfen Sie die Schreibweise.`,
    english: ({ address }) => `The address ${address} does not exist – address unknown. Please check the spelling.`,
  },
  {
    code: 'relaying',
    text: /relay/i,
    german: ({ domain }) =>
      `Der Mailserver, der für ${domain} eingetragen ist, fühlt sich für diese Domain nicht zuständig. Bitte prüfen Sie die Schreibweise; stimmt sie, so kann das nur beheben, wer ${domain} betreut.`,
    english: ({ domain }) =>
      `The mail server listed for ${domain} is not responsible for this domain. Please check the spelling; if it is right, only whoever looks after ${domain} can mend this.`,
  },
  {
    code: 'refused',
    status: /^5\.7\./,
    german: () =>
      'Der Mailserver des Empfängers lehnt die Nachricht ab; vielleicht nimmt der Empfänger nur von bestimmten Absendern etwas an. Bitte erreichen Sie ihn auf anderem Weg.',
    english: () =>
      'The recipient’s mail server refuses the message; perhaps the recipient takes mail from certain senders only. Please reach him or her in another way.',
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

/** Codes that say little; hosts also use 5.4.1 for an address that they do not know. */
const general = /^([45]\.(0\.0|1\.0|7\.0|7\.1|3\.0|6\.0|5\.0)|5\.4\.1)$/;

export function reasonFor(failure: Failure): Reason {
  if (failure.status === '5.4.7' && !/^5\d\d[ -]5\.4\.7\b/.test(failure.reply)) return whenGivenUp(failure);
  // words first where the code says little, the code first where it says it exactly
  const byStatus = rules.find((rule) => rule.status?.test(failure.status));
  const byText = rules.find((rule) => rule.text?.test(failure.reply));
  const rule = general.test(failure.status) ? (byText ?? byStatus) : (byStatus ?? byText);
  return rule ? { code: rule.code, german: rule.german(failure), english: rule.english(failure) } : otherwise;
}

/** RFC 3463: 5.4.7, the delivery time has expired. Why is in the last reply. */
function whenGivenUp(failure: Failure): Reason {
  const status = /^[45]\d\d[ -]([45]\.\d{1,3}\.\d{1,3})\b/.exec(failure.reply)?.[1] ?? '4.0.0';
  // "later" would hide what the words say
  const why = reasonFor({ ...failure, status: /^4\.(2\.0|4\.7)$/.test(status) ? '4.0.0' : status });
  return {
    code: 'gave-up',
    german: `${why.german} Wir haben es tagelang immer wieder versucht und geben jetzt auf.`,
    english: `${why.english} We have tried again and again for days and give up now.`,
  };
}
