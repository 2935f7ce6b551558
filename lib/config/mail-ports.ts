/** The base numbers of the mail ports; POSTAMT_PORT_OFFSET is added. */
export const basePorts = {
  lmtp: 24,
  smtp: 25,
  pop3: 110,
  imap: 143,
  submissions: 465,
  submission: 587,
  imaps: 993,
  pop3s: 995,
  sieve: 4190,
} as const;
export type MailPort = keyof typeof basePorts;
