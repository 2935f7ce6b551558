import { connect } from 'node:net';

const chunkBytes = 65_536;
const longestAnswer = 4_096;

/** "127.0.0.1:3310", "[::1]:3310" or the path of a socket. */
function placeOf(where: string): { path: string } | { host: string; port: number } {
  if (where.startsWith('/')) return { path: where };
  const colon = where.lastIndexOf(':');
  return { host: where.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(where.slice(colon + 1)) };
}

/**
 * Has clamd look at a letter (INSTREAM of its protocol). The name of what was found, or null. Rejects when clamd is away, refuses, or does not
 * answer in time.
 */
export function askClamav(where: string, letter: Buffer, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(placeOf(where));
    let answer = '';
    const end = (error: Error | null, found: string | null = null): void => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      if (error) reject(error);
      else resolve(found);
    };
    const late = (): void => end(new Error('clamd did not answer in time'));
    signal.addEventListener('abort', late);
    socket.on('error', (error) => end(error));
    socket.on('connect', () => {
      socket.write('zINSTREAM\0');
      for (let at = 0; at < letter.length; at += chunkBytes) {
        const chunk = letter.subarray(at, at + chunkBytes);
        const size = Buffer.alloc(4);
        size.writeUInt32BE(chunk.length);
        socket.write(size);
        socket.write(chunk);
      }
      socket.write(Buffer.alloc(4));
    });
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      if (answer.length > longestAnswer) end(new Error('clamd says too much'));
      else if (answer.includes('\0')) conclude();
    });
    socket.on('close', () => conclude());
    const conclude = (): void => {
      const said = answer.replaceAll('\0', '').trim();
      const found = /^stream: (.{1,200}) FOUND$/.exec(said)?.[1];
      if (found !== undefined) end(null, found);
      else if (said === 'stream: OK') end(null);
      else end(new Error(said === '' ? 'clamd closed the connection' : `clamd: ${said.slice(0, 200)}`));
    };
  });
}
