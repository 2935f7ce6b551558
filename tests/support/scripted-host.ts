import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';

export interface ScriptedSession {
  /** 1 for the first connection */
  number: number;
  commands: string[];
}

export interface ScriptedHost {
  port: number;
  sessions: ScriptedSession[];
  /** contents that were answered with 250 */
  taken: string[];
  close(): Promise<void>;
}

/**
 * Another mail host that behaves as badly as a test needs it; `script` returns undefined for the usual answer. `mostData`: of a longer message it
 * says 552 in the middle, and no more.
 */
export async function startScriptedHost(
  script: (command: string, session: ScriptedSession) => string | undefined,
  {
    host = '127.0.0.1',
    port = 0,
    extensions = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN'],
    greeting = '220 scripted ESMTP',
    mostData = Number.POSITIVE_INFINITY,
  } = {},
): Promise<ScriptedHost> {
  const sessions: ScriptedSession[] = [];
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  const usual = (command: string): string => {
    if (/^EHLO/i.test(command))
      return ['scripted', ...extensions].map((line, at, all) => `250${at < all.length - 1 ? '-' : ' '}${line}`).join('\r\n');
    if (/^DATA/i.test(command)) return '354 go on';
    return /^QUIT/i.test(command) ? '221 bye' : '250 ok';
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    const session = { number: sessions.length + 1, commands: [] as string[] };
    sessions.push(session);
    let text = '';
    let inData = false;
    let accepted = 0;
    const answer = (command: string): void => {
      const none = /^DATA/i.test(command) && accepted === 0 ? '554 no valid recipients' : undefined;
      const said = script(command, session) ?? none ?? usual(command);
      if (/^RCPT/i.test(command) && said.startsWith('250')) accepted++;
      else if (!/^(RCPT|DATA)/i.test(command)) accepted = 0;
      if (said === 'hang up') socket.destroy();
      else socket.write(`${said}\r\n`);
      if (/^(QUIT|421)/.test(command) || /^421/.test(said)) socket.end();
      if (/^DATA/i.test(command)) inData = said.startsWith('354');
    };
    socket.write(`${greeting}\r\n`);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (inData && text.length > mostData) {
          // it reads on without a word, so that the system does not cut the connection before its reply was read
          if (socket.writable) socket.end('552 5.3.4 Too large\r\n');
          text = '';
          return;
        }
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          if ((script('.', session) ?? '250').startsWith('250')) taken.push(part.slice(2));
          answer('.');
        } else {
          session.commands.push(part);
          answer(part);
          // the end of data is a line of its own, also where nothing stands before it
          if (inData) text = `\r\n${text}`;
        }
      }
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    sessions,
    taken,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
