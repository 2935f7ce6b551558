import { LineClient } from './line-client.ts';

/** A client of SMTP or LMTP that sends what it is told to, right or wrong. */
export class SmtpClient {
  readonly lines: LineClient;

  private constructor(lines: LineClient) {
    this.lines = lines;
  }

  /** Connected, greeted, and through EHLO (or another greeting; "" for none). */
  static async open(port: number, options: { tls?: boolean; greeting?: string } = {}): Promise<SmtpClient> {
    const client = new SmtpClient(await LineClient.open(port, { tls: options.tls ?? false }));
    await client.reply();
    const greeting = options.greeting ?? 'EHLO client.test';
    if (greeting !== '') await client.ask(greeting);
    return client;
  }

  /** The next reply, its lines joined by newlines; null when the server has closed. */
  async reply(): Promise<string | null> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.lines.line();
      if (line === null) return null;
      lines.push(line);
      if (line[3] !== '-') return lines.join('\n');
    }
  }

  async ask(command: string): Promise<string | null> {
    this.lines.send(`${command}\r\n`);
    return this.reply();
  }

  async startTls(): Promise<void> {
    await this.ask('STARTTLS');
    await this.lines.startTls();
    await this.ask('EHLO client.test');
  }

  async signIn(user: string, password: string | Buffer): Promise<string | null> {
    return this.ask(`AUTH PLAIN ${Buffer.concat([Buffer.from(`\0${user}\0`), Buffer.from(password)]).toString('base64')}`);
  }

  /** A whole message; resolves to the last reply: of MAIL or RCPT if they refused it, else of the data. */
  async send(sender: string, recipients: readonly string[], content: string | Buffer): Promise<string | null> {
    const mail = await this.ask(`MAIL FROM:<${sender}>`);
    if (!mail?.startsWith('250')) return mail;
    let accepted = 0;
    let refusal: string | null = null;
    for (const recipient of recipients) {
      const answer = await this.ask(`RCPT TO:<${recipient}>`);
      if (answer?.startsWith('250')) accepted++;
      else refusal = answer;
    }
    if (accepted === 0) return refusal;
    return this.data(content);
  }

  /** DATA with dots stuffed; the content keeps its bytes. */
  async data(content: string | Buffer): Promise<string | null> {
    const go = await this.ask('DATA');
    if (!go?.startsWith('354')) return go;
    this.lines.send(stuffed(content));
    return this.reply();
  }

  close(): void {
    this.lines.destroy();
  }
}

/** The wire form of a message behind DATA. */
export function stuffed(content: string | Buffer): Buffer {
  const text = (typeof content === 'string' ? Buffer.from(content) : content).toString('latin1');
  const ended = text.endsWith('\r\n') ? text : `${text}\r\n`;
  return Buffer.from(`${ended.replace(/(^|\r\n)\./g, '$1..')}.\r\n`, 'latin1');
}
