import { readFile } from 'node:fs/promises';
import { createTransport, type Transporter } from 'nodemailer';
import { basePorts } from '../lib/config/config.ts';
import { composeLetter, messageId, recipientsOf, writtenAt } from './seed/compose-letter.ts';
import type { Credential } from './seed/demo-customer.ts';
import { DemoMailbox } from './seed/demo-mailbox.ts';
import type { Letter } from './seed/letter.ts';
import { letters } from './seed/letters/all.ts';

const ARRIVAL_MS = 60_000;
const SMTP_MS = 60_000;

/** Where the running servers are and who the demo mailboxes belong to. */
export interface SeedTarget {
  host: string;
  /** name in the certificate */
  serverName: string;
  /** POSTAMT_PORT_OFFSET */
  offset: number;
  /** path of the authority's certificate */
  authority: string;
  mailboxes: Credential[];
}

/**
 * Delivers the letters of the demo: from outside through port 25, between Max and Erika through submission, copies of what they sent by
 * APPEND; then marks and files them. Looks into the mailboxes first and leaves out what is there, so it can be cut off and run again.
 * Returns how many letters the demo has. Throws what SMTP or IMAP throw.
 */
export async function deliverLetters(target: SeedTarget): Promise<number> {
  const now = new Date();
  const authority = await readFile(target.authority);
  const imap = { host: target.host, port: basePorts.imaps + target.offset, serverName: target.serverName, authority };
  const mailboxes = await Promise.all(target.mailboxes.map((login) => DemoMailbox.open(imap, login)));
  const senders = openSenders(target, authority);
  try {
    const present = new Map(await Promise.all(mailboxes.map(async (mailbox) => [mailbox.address, await mailbox.messages()] as const)));
    const inOrder = letters.toSorted((a, b) => writtenAt(a, now).getTime() - writtenAt(b, now).getTime());
    for (const letter of inOrder) {
      const raw = await composeLetter(letter, now);
      const isMissing = (address: string): boolean => present.get(address)?.has(messageId(letter)) === false;
      const missing = homesOf(letter, mailboxes).filter(isMissing);
      const sender = senders.get(letter.from.address) ?? senders.get('outside');
      if (missing.length > 0) await sender?.sendMail({ envelope: { from: envelopeSender(letter), to: missing }, raw });
      if (isMissing(letter.from.address)) {
        await mailboxes.find(({ address }) => address === letter.from.address)?.keepSent(raw, writtenAt(letter, now));
      }
    }
    for (const mailbox of mailboxes) await tidyMailbox(mailbox, mailboxes);
  } finally {
    for (const sender of senders.values()) sender.close();
    await Promise.all(mailboxes.map((mailbox) => mailbox.close().catch(() => {})));
  }
  return letters.length;
}

/** Transports by the sender's address: submission for each demo mailbox, "outside" for everybody else. */
function openSenders(target: SeedTarget, ca: Buffer): Map<string, Transporter> {
  const common = {
    host: target.host,
    tls: { ca, servername: target.serverName },
    pool: true as const,
    maxConnections: 1,
    connectionTimeout: SMTP_MS,
    socketTimeout: SMTP_MS,
  };
  const senders = new Map<string, Transporter>();
  senders.set('outside', createTransport({ ...common, port: basePorts.smtp + target.offset, name: 'mx.extern.example' }));
  for (const { address, password } of target.mailboxes) {
    const auth = { user: address, pass: password };
    senders.set(address, createTransport({ ...common, port: basePorts.submissions + target.offset, secure: true, auth }));
  }
  return senders;
}

/** The demo mailboxes that a letter comes to; a mailing list's comes to the first, Max. */
function homesOf(letter: Letter, mailboxes: DemoMailbox[]): string[] {
  const addresses = mailboxes.map((mailbox) => mailbox.address);
  const homes = recipientsOf(letter).flatMap(({ address }) => (addresses.includes(address) ? [address] : []));
  const isFromList = letter.headers?.['List-Post'] !== undefined;
  return homes.length === 0 && isFromList ? addresses.slice(0, 1) : homes;
}

const envelopeSender = (letter: Letter): string => letter.headers?.['Sender'] ?? letter.from.address;

/** Waits until all letters have come, then marks and files each as its owner did. Whoever only got a copy has read the older ones. */
async function tidyMailbox(mailbox: DemoMailbox, mailboxes: DemoMailbox[]): Promise<void> {
  const expected = letters.filter((letter) => homesOf(letter, mailboxes).includes(mailbox.address));
  const deadline = Date.now() + ARRIVAL_MS;
  let found = await mailbox.messages();
  while (!expected.every((letter) => found.has(messageId(letter)))) {
    if (Date.now() > deadline) throw new Error(`not all letters have reached ${mailbox.address} within ${ARRIVAL_MS / 1000} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    found = await mailbox.messages();
  }
  for (const letter of expected) {
    const place = found.get(messageId(letter));
    if (place?.folder !== 'INBOX') continue;
    const isOwner = homesOf(letter, mailboxes)[0] === mailbox.address;
    const isOld = typeof letter.at !== 'number' && letter.at[0] > 1;
    await mailbox.tidy(place.uid, isOwner ? letter : { ...letter, marks: isOld ? ['seen'] : [], folder: undefined });
  }
}
