import { connect } from 'node:net';
import { connect as secure } from 'node:tls';

/** Ten rules as people have them. None is true of the letters of the benchmark, so all are asked and the letter stays in the inbox. */
const tenRules = `require ["fileinto", "imap4flags", "copy", "envelope", "subaddress", "body", "relational", "comparator-i;ascii-numeric"];
if header :contains "list-id" ["<dev.example.org>", "<users.example.org>"] { fileinto "Lists"; stop; }
if address :is "from" ["chef@firma.test", "buero@firma.test"] { addflag "\\\\Flagged"; }
if header :matches "subject" ["*Rechnung * von Firma Beispiel*", "*invoice * of Example Ltd*"] { fileinto "Rechnungen"; stop; }
if allof (header :contains "x-mailer" "Newsletter", not exists "in-reply-to") { fileinto "Newsletter"; stop; }
if address :domain :is "from" ["bank.test", "versicherung.test", "steuer.test"] { fileinto "Wichtig"; stop; }
if envelope :detail "to" "shop" { fileinto "Shop"; stop; }
if size :over 20M { fileinto "Gross"; stop; }
if header :value "ge" :comparator "i;ascii-numeric" "x-priority-number" "5" { addflag "wichtig"; }
if header :contains ["to", "cc"] ["team@firma.test", "alle@firma.test"] { fileinto "Team"; stop; }
if anyof (header :is "precedence" "bulk", header :contains "subject" "[Ticket#99") { fileinto "Tickets"; stop; }
`;

/** Makes these ten rules the active script of some mailboxes, through ManageSieve as any editor does. */
export async function giveRules(port: number, addresses: readonly string[], password: string): Promise<void> {
  for (const address of addresses) {
    const plain = connect({ host: '127.0.0.1', port });
    await answerOf(plain);
    plain.write('STARTTLS\r\n');
    await answerOf(plain);
    const socket = secure({ socket: plain, rejectUnauthorized: false });
    await answerOf(socket);
    const script = tenRules.replaceAll('\n', '\r\n');
    for (const command of [
      `AUTHENTICATE "PLAIN" "${Buffer.from(`\0${address}\0${password}`).toString('base64')}"`,
      `PUTSCRIPT "ten" {${Buffer.byteLength(script)}+}\r\n${script}`,
      'SETACTIVE "ten"',
    ]) {
      socket.write(`${command}\r\n`);
      const answer = await answerOf(socket);
      if (!/^OK\b/m.test(answer)) throw new Error(`${address}: ${answer}`);
    }
    socket.end();
  }
}

/** What came up to the line that ends an answer. */
function answerOf(socket: NodeJS.ReadWriteStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!/^(?:OK|NO|BYE)\b.*\r\n/m.test(text)) return;
      socket.off('data', onData);
      socket.off('error', reject);
      resolve(text);
    };
    socket.on('data', onData);
    socket.on('error', reject);
  });
}
