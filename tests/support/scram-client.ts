import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

const xor = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

export interface ScramClientOptions {
  user: string;
  password: string;
  /** "n,,", "y,,", "p=tls-exporter,," */
  gs2Header?: string;
  bindingData?: Buffer;
  nonce?: string;
}

/** The client's half of RFC 5802, written from the RFC and apart from the server's. */
export class ScramClient {
  readonly first: string;
  readonly #bare: string;
  readonly #options: ScramClientOptions;
  #expected = '';

  constructor(options: ScramClientOptions) {
    this.#options = options;
    this.#bare = `n=${options.user},r=${options.nonce ?? 'rOprNGfwEbeRWgbNEkqO'}`;
    this.first = (options.gs2Header ?? 'n,,') + this.#bare;
  }

  /** client-final-message for a server-first-message. */
  final(challenge: string): string {
    const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(challenge) ?? [];
    const { password, gs2Header = 'n,,', bindingData = Buffer.alloc(0) } = this.#options;
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=${Buffer.concat([Buffer.from(gs2Header), bindingData]).toString('base64')},r=${nonce}`;
    const authMessage = `${this.#bare},${challenge},${withoutProof}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage);
    this.#expected = `v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}`;
    return `${withoutProof},p=${xor(clientKey, signature).toString('base64')}`;
  }

  /** Whether the server has shown that it knows the password too. */
  trusts(serverFinal: string): boolean {
    return this.#expected !== '' && serverFinal === this.#expected;
  }
}
