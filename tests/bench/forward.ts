import { setTimeout as wait } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { mintCustomerScope } from '#lib/auth/customer-scope.ts';
import { customerId } from '#lib/db/ids.ts';
import { openDatabase } from '#lib/db/prisma.ts';
import { setForward } from '#lib/provisioning/addresses/set-forward.ts';
import { benchCustomer } from './provision.ts';
import { outsideDomain, type Sink } from './outside.ts';

export const forwarded = { from: 'weiter@muster.test', to: `hinaus@${outsideDomain}` };
const letters = 1000;
const connections = 8;

/** An address that leads to one outside. */
export async function giveForward(databaseUrl: string): Promise<void> {
  const scope = mintCustomerScope({
    customerId: customerId(await benchCustomer(databaseUrl)),
    role: 'owner',
    actor: 'user:1',
    remote: null,
  });
  const prisma = openDatabase(databaseUrl, 2);
  try {
    const set = await setForward(prisma, scope, { localPart: 'weiter', domain: 'muster.test', targets: [forwarded.to] });
    if (!set.ok) throw new Error(`no forward: ${JSON.stringify(set)}`);
  } finally {
    await prisma.$disconnect();
  }
}

/** Sends letters to the address on several connections, and waits until the host outside has each of them, once. */
export async function measureForward(smtp: number, sink: Sink): Promise<Record<string, unknown>> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: smtp,
    ignoreTLS: true,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  const run = Date.now();
  const letter = (number: number): string =>
    [
      'From: Chef <chef@firma.test>',
      `To: <${forwarded.from}>`,
      `Subject: Bench ${number}`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <${run}.${number}@firma.test>`,
      `X-Bench-Id: ${run}.${number}`,
      '',
      'Guten Morgen!\r\n'.repeat(100),
    ].join('\r\n');
  sink.taken = [];
  try {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: letters }, (_, number) =>
        transport.sendMail({ envelope: { from: 'chef@firma.test', to: forwarded.from }, raw: letter(number) }),
      ),
    );
    const accepted = performance.now();
    while (sink.taken.length < letters) {
      if (performance.now() - accepted > 120_000) throw new Error(`${letters - sink.taken.length} letters have not come out`);
      await wait(5);
    }
    const end = performance.now();
    const once = new Set(sink.taken);
    if (once.size !== letters || sink.taken.length !== letters) throw new Error('a letter came out twice');
    if ([...once].some((each) => !each.startsWith(`${run}.`) || !each.endsWith(` ${forwarded.to}`)))
      throw new Error('a letter went astray');
    return { letters_per_s: (letters * 1000) / (end - start), behind_ms: end - accepted };
  } finally {
    transport.close();
  }
}
