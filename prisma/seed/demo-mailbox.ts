import { ImapFlow } from 'imapflow';
import type { Credential } from './demo-customer.ts';
import type { Letter } from './letter.ts';

const READ_MS = 60_000;

/** A demo mailbox, seen through IMAP as any client sees it. */
export class DemoMailbox {
  readonly address: string;
  readonly #client: ImapFlow;

  constructor(address: string, client: ImapFlow) {
    this.address = address;
    this.#client = client;
  }

  static async open(place: { host: string; port: number; serverName: string; authority: Buffer }, login: Credential): Promise<DemoMailbox> {
    const client = new ImapFlow({
      host: place.host,
      port: place.port,
      secure: true,
      servername: place.serverName,
      tls: { ca: place.authority },
      auth: { user: login.address, pass: login.password },
      logger: false,
      socketTimeout: READ_MS,
    });
    client.on('error', () => {});
    await client.connect();
    return new DemoMailbox(login.address, client);
  }

  /** Message-ID → folder and UID, of all folders. */
  async messages(): Promise<Map<string, { folder: string; uid: number }>> {
    const found = new Map<string, { folder: string; uid: number }>();
    for (const folder of await this.#client.list()) {
      const status = await this.#client.status(folder.path, { messages: true });
      if (status === false || !status.messages) continue;
      await this.#within(folder.path, async () => {
        for await (const message of this.#client.fetch('1:*', { uid: true, envelope: true })) {
          if (message.envelope?.messageId) found.set(message.envelope.messageId, { folder: folder.path, uid: message.uid });
        }
      });
    }
    return found;
  }

  /** Puts a copy of a sent letter where mail programs put it. */
  async keepSent(raw: Buffer, at: Date): Promise<void> {
    await this.#client.append(await this.#special('\\Sent', 'Sent'), raw, ['\\Seen'], at);
  }

  /** Marks a letter of the inbox and files it. */
  async tidy(uid: number, letter: Letter): Promise<void> {
    const flags = (letter.marks ?? []).map((mark) => ({ seen: '\\Seen', answered: '\\Answered', flagged: '\\Flagged' })[mark]);
    const target = letter.folder === undefined ? null : await this.#folder(letter.folder);
    await this.#within('INBOX', async () => {
      if (flags.length > 0) await this.#client.messageFlagsAdd(String(uid), flags, { uid: true });
      if (target) await this.#client.messageMove(String(uid), target, { uid: true });
    });
  }

  async close(): Promise<void> {
    await this.#client.logout();
  }

  async #within(folder: string, work: () => Promise<void>): Promise<void> {
    const lock = await this.#client.getMailboxLock(folder);
    try {
      await work();
    } finally {
      lock.release();
    }
  }

  async #special(use: string, otherwise: string): Promise<string> {
    return (await this.#client.list()).find((folder) => folder.specialUse === use)?.path ?? otherwise;
  }

  async #folder(name: string): Promise<string> {
    if (name === 'Archive') return this.#special('\\Archive', 'Archive');
    const existing = (await this.#client.list()).find((folder) => folder.path === name);
    if (existing) return existing.path;
    const { path } = await this.#client.mailboxCreate(name.split('/'));
    await this.#client.mailboxSubscribe(path);
    return path;
  }
}
