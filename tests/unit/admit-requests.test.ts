import { once } from 'node:events';
import { createServer, IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseEmailAddress } from '#lib/addresses/email-address.ts';
import { cookieNames } from '#lib/auth/session/cookie-settings.ts';
import { knownCookies, noteWhose, whoseCookie } from '#lib/auth/session/known-cookies.ts';
import { webLimits } from '#lib/config/web-limits.ts';
import { standBefore } from '#lib/http/admit-requests.ts';
import { refusalOf } from '#lib/http/refuse-odd.ts';
import { watchRequests } from '#lib/http/watch-requests.ts';
import { unsubscribeToken } from '#lib/targets/unsubscribe-token.ts';

const few = { running: 4, ofOne: 2, waitingOfOne: 3, waiting: 100 };

const readTree = (field: unknown): void => {
  if (field === 'odd') throw new Error('nobody can read it');
};

/** Whoever asks for /slow is not answered; the others hear how many bytes they sent. */
async function openServer(most: Partial<Parameters<typeof standBefore>[1]> = {}) {
  const working: string[] = [];
  const server = createServer((asked: IncomingMessage, response: ServerResponse) => {
    working.push(`${asked.headers['x-forwarded-for']} ${asked.url}`);
    server.emit('working');
    if (asked.url === '/slow') return;
    if (asked.url === '/events') return response.setHeader('Content-Type', 'text/event-stream').write('retry: 1');
    if (asked.url === '/api/mail/uploads?refused') return response.writeHead(401).end();
    if (asked.url === '/large') return response.end(Buffer.alloc(64_000_000));
    let bytes = 0;
    asked.on('error', () => undefined).on('data', (chunk: Buffer) => (bytes += chunk.length));
    asked.on('end', () => response.end(String(bytes)));
  });
  const whose = (cookie: string | undefined): string | null => cookie?.replace('who=', '') ?? null;
  standBefore(server, { ...webLimits, people: few, strangers: few, turnMs: 600_000, ...most }, whose, readTree);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const ask = (from: string, path: string, more: { body?: string; who?: string; keepAlive?: boolean } = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        'x-forwarded-for': from,
        ...(more.who && { cookie: `who=${more.who}` }),
        ...(more.keepAlive && { connection: 'keep-alive' }),
      };
      const asked = request({ port, host: '127.0.0.1', agent: false, method: more.body ? 'POST' : 'GET', path, headers });
      asked
        .on('error', reject)
        .on('response', (response) => resolve(response.resume()))
        .end(more.body);
    });
  /** Sends a request as it is written here; `first` is the first piece of the answer. */
  const write = (...pieces: string[]): { socket: Socket; first: Promise<string> } => {
    const socket = connect(port, '127.0.0.1')
      .setEncoding('latin1')
      .on('error', () => undefined);
    for (const piece of pieces) socket.write(piece);
    onTestFinished(() => void socket.destroy());
    return { socket, first: once(socket, 'data').then(([text]) => String(text)) };
  };
  const form = (from: string, length: number): string =>
    `POST / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${from}\r\nContent-Length: ${length}\r\n\r\n`;
  return { server, working, ask, write, form };
}

test('where all connections are taken, whoever has the most loses his oldest, but not one of somebody who is signed in', async () => {
  const { server } = await openServer({ connections: 4 });
  const connectFrom = (remoteAddress: string, cookie = ''): Duplex => {
    const socket = Object.assign(new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() }), { remoteAddress });
    server.emit('connection', socket);
    if (cookie !== '' && !socket.destroyed) socket.push(`GET /slow HTTP/1.1\r\nHost: a\r\nCookie: who=${cookie}\r\n\r\n`);
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  const lost = (sockets: readonly Duplex[]): boolean[] => sockets.map(({ destroyed }) => destroyed);
  const known = connectFrom('198.51.100.1', 'max');
  await once(server, 'working');
  const idle = [1, 2, 3].map(() => connectFrom('198.51.100.1'));
  const newcomers = ['203.0.113.1', '2001:db8::1'].map((address) => connectFrom(address));
  expect(lost([known, ...idle, ...newcomers])).toEqual([false, true, true, false, false, false]);
  // who has no fewer than others is refused, in IPv6 by his network
  expect(lost([connectFrom('2001:db8::2'), known, ...newcomers])).toEqual([true, false, false, false]);
  idle[2]?.destroy();
  await once(idle[2] ?? server, 'close');
  expect(lost([connectFrom('203.0.113.2')])).toEqual([false]);
});

test('requests of one address that are never answered hold up neither other addresses nor the signed in', async () => {
  const { server, working, ask } = await openServer();
  const stuck = ['192.0.2.1', '2001:db8:0:101::1', '2001:db8:0:1ff::2'].flatMap((from) => [ask(from, '/slow'), ask(from, '/slow')]);
  stuck.push(
    ask('192.0.2.7', '/slow', { who: 'max' }),
    ask('192.0.2.8', '/slow', { who: 'max' }),
    ask('192.0.2.9', '/slow', { who: 'max' }),
  );
  for (const answer of stuck) answer.catch(() => undefined);
  while (working.length < 6) await once(server, 'working');
  // two of an address and two of a network of IPv6, which are all that strangers have here, and two of a person
  expect(working.sort()).toEqual(
    ['192.0.2.1', '192.0.2.1', '192.0.2.7', '192.0.2.8', '2001:db8:0:101::1', '2001:db8:0:101::1'].map((from) => `${from} /slow`),
  );
  expect((await ask('192.0.2.1', '/', { who: 'erika' })).statusCode).toBe(200);
});

test('another address has its turn before a crowd that came first, and beyond the line it is told to come again', async () => {
  const { server, working, ask, write } = await openServer();
  write('GET /slow HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n'.repeat(5));
  while (working.length < 2) await once(server, 'working');
  expect((await ask('192.0.2.2', '/')).statusCode).toBe(200);
  const refused = await ask('192.0.2.1', '/');
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
});

test('a company behind one address that opens the page of the sign-in at the same moment is answered', async () => {
  const { ask } = await openServer({ strangers: webLimits.strangers });
  const answers = await Promise.all(Array.from({ length: 700 }, () => ask('192.0.2.1', '/')));
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
});

test('what takes longer than a turn gives its place to the next', async () => {
  const { ask } = await openServer({ turnMs: 1 });
  for (const answer of [ask('192.0.2.1', '/slow'), ask('192.0.2.1', '/slow')]) answer.catch(() => undefined);
  expect((await ask('192.0.2.1', '/')).statusCode).toBe(200);
});

test('windows that listen hold no turn of the others behind their address', async () => {
  const { ask } = await openServer();
  const headers = await Promise.all(Array.from({ length: 5 }, () => ask('192.0.2.1', '/events')));
  expect(headers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
  expect((await ask('192.0.2.1', '/')).statusCode).toBe(200);
});

test('forms that stand still take no turns, and whoever holds most of the memory loses the oldest', async () => {
  const { working, ask, write, form } = await openServer({ heldBytes: 100_000 });
  const oldest = write(form('192.0.2.1', 50_000), 'x'.repeat(40_000));
  for (let count = 0; count < 6; count++) write(form('192.0.2.1', 50_000), 'x'.repeat(5000));
  const own = write(form('192.0.2.2', 40_000), 'y'.repeat(35_000));
  expect(await oldest.first).toMatch(/^HTTP\/1\.1 408 /);
  expect(working).toEqual([]);
  own.socket.write('y'.repeat(5000));
  expect(await own.first).toMatch(/^HTTP\/1\.1 200 /);
  expect((await ask('192.0.2.3', '/', { body: 'z' })).statusCode).toBe(200);
});

test('a form behind answers that do not come loses its connection, refused already or not', async () => {
  const { server, working, ask, write, form } = await openServer({ heldBytes: 100_000 });
  const slow = 'GET /slow HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n';
  const connected: Promise<Socket[]> = once(server, 'connection');
  // five have a turn or wait for one, so the form is told to come again behind them
  write(slow.repeat(5), form('192.0.2.1', 90_000), 'x'.repeat(80_000));
  const [refused] = await connected;
  while (working.length < 2) await once(server, 'working');
  const closed = refused && once(refused, 'close');
  expect((await ask('192.0.2.2', '/', { body: 'y'.repeat(60_000) })).statusCode).toBe(200);
  await closed;
});

test('answers that nobody reads are bounded too', async () => {
  const { server, write } = await openServer({ heldBytes: 2_000_000 });
  const connected: Promise<Socket[]> = once(server, 'connection');
  write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n').socket.pause();
  for (const connection of await connected) await once(connection, 'close');
});

test('what is sent more slowly than anybody sends is ended, a file that is uploaded too', async () => {
  const { write } = await openServer({ bodyMs: 1 });
  const forms = ['/sign-in', '/api/mail/uploads?name=a'].map((path) =>
    write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\nx`),
  );
  for (const { first } of forms) expect(await first).toMatch(/^HTTP\/1\.1 408 /);
});

const asking = (method: string, path: string, ...fields: string[]): string =>
  [`${method} ${path} HTTP/1.1`, ...fields, '', ''].join('\r\n');
const own = 'Host: mail.muster.at';

test.each([
  ['two Host fields', asking('GET', '/', 'Host: a', 'Host: a'), 400],
  ['a Host that is none', asking('GET', '/', 'Host: a b'), 400],
  ['a Host with a name before it', asking('GET', '/', 'Host: max@muster.at'), 400],
  ['a Host with a path', asking('GET', '/', 'Host: muster.at/panel'), 400],
  ['an address of another kind', asking('GET', 'ftp://muster.at/', own), 400],
  ['TRACE', asking('TRACE', '/', own, 'Cookie: b'), 405],
  ['a method of other protocols', asking('PROPFIND', '/mail', own), 405],
  ['PUT of a page', asking('PUT', '/mail', own), 405],
  ['which methods a page takes', asking('OPTIONS', '/mail', own), 204],
  ['a form of another site', asking('POST', '/sign-in', own, 'Sec-Fetch-Site: cross-site'), 403],
  [
    'a form of another host below the domain',
    asking('POST', '/sign-in', own, 'Origin: https://www.muster.at', 'Sec-Fetch-Site: same-site'),
    403,
  ],
  ['a form of another site, by an old browser', asking('POST', '/sign-in', own, 'Origin: https://elsewhere.example'), 403],
  ['a form of a page without an origin', asking('POST', '/sign-in', own, 'Origin: null'), 403],
  ['an Origin that is none', asking('POST', '/sign-in', own, 'Origin: %%', 'Sec-Fetch-Site: same-origin'), 403],
  ['a change in the mailbox by another site', asking('PUT', '/api/mail/flags', own, 'Sec-Fetch-Site: same-site'), 403],
  ['a form beside the link of a letter', asking('POST', '/unsubscribe/..', own, 'Sec-Fetch-Site: cross-site'), 403],
  ['a form behind the link of a letter', asking('POST', '/unsubscribe/a.b.c/..', own, 'Sec-Fetch-Site: cross-site'), 403],
  ['a form larger than any', asking('POST', '/sign-in', own, 'Content-Length: 1048577'), 413],
  ['parts of a page that nobody can read', asking('GET', '/mail', own, 'RSC: 1', 'Next-Router-State-Tree: odd'), 400],
])('%s: nobody is asked', async (_, text, status) => {
  const { write, working } = await openServer();
  const answer = await write(text).first;
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  if (status === 405 || status === 204) expect(answer).toContain('\r\nAllow: GET, HEAD, POST, OPTIONS\r\n');
  expect(working).toEqual([]);
});

test.each([
  ['a form of our own page', asking('POST', '/sign-in', own, 'Origin: https://mail.muster.at', 'Sec-Fetch-Site: same-origin')],
  [
    'the same behind a proxy that asks by another name',
    asking('POST', '/', 'Host: web:3000', 'Origin: https://a.at', 'X-Forwarded-Host: a.at'),
  ],
  ['a form of our own page, by an old browser', asking('POST', '/sign-in', own, 'Origin: https://mail.muster.at')],
  ['a program', asking('POST', '/autodiscover/autodiscover.xml', own)],
  ['a link from elsewhere', asking('GET', '/mail', own, 'Sec-Fetch-Site: cross-site')],
  ['a change in the mailbox', asking('DELETE', '/api/mail/uploads', own, 'Sec-Fetch-Site: same-origin')],
  ['an upload', `${asking('POST', '/api/mail/uploads', own, 'Content-Length: 2')}ab`],
  ['an address of IPv6', asking('GET', '/', 'Host: [2001:db8::1]:3000')],
  ['HTTP/1.0, which names no host', 'GET / HTTP/1.0\r\n\r\n'],
])('%s is answered', async (_, text) => {
  const { write, working } = await openServer();
  expect(await write(text).first).toMatch(/^HTTP\/1\.1 200 /);
  expect(working).toHaveLength(1);
});

test('every link of a letter may be followed by any page, however its secret part ends', async () => {
  const members = Array.from({ length: 300 }, (_, index) => parseEmailAddress(`max${index}@muster.at`)).filter((one) => one !== null);
  const tokens = members.map((member) => unsubscribeToken('secret', { group: 12, member }));
  expect(new Set(tokens.map((token) => /\w$/.test(token)))).toEqual(new Set([true, false]));
  const refused = tokens.filter((token) => {
    const headers = { host: 'mail.muster.at', origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    const asked = Object.assign(new IncomingMessage(new Socket()), { method: 'POST', url: `/unsubscribe/${token}`, headers });
    return refusalOf(asked, readTree) !== null;
  });
  expect(refused).toEqual([]);
});

test('who comes now is answered before two hundred addresses that ask without end', async () => {
  const { working, ask, write } = await openServer({ strangers: webLimits.strangers });
  const crowd = Array.from({ length: 200 }, (_, index) => `GET /page HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.${index + 1}\r\n\r\n`);
  for (const text of crowd) write(text.repeat(6));
  while (working.length < 300) await new Promise((resolve) => setImmediate(resolve));
  const before = working.length;
  await ask('203.0.113.1', '/');
  const waited = working.indexOf('203.0.113.1 /') - before;
  // one that is being made when it comes, and what its own connection takes; the round of all is 200, those that have a turn are 24
  expect(waited).toBeLessThan(12);
});

const much = 'x'.repeat(200_000);

test.each([
  ['too much', { restBytes: 200_000, restMs: 60_000 }],
  ['too long', { restBytes: 1_000_000_000, restMs: 50 }],
])('who goes on sending what was refused is not read without end: %s', async (_, most) => {
  const { write } = await openServer(most);
  const { socket, first } = write('POST /api/mail/uploads?refused HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000000\r\n\r\n', much);
  expect(await first).toMatch(/^HTTP\/1\.1 401 /);
  const sending = setInterval(() => socket.write('x'.repeat(50_000)), 5);
  onTestFinished(() => clearInterval(sending));
  await closed(socket);
});

test('what was refused and then came to its end costs its connection nothing', async () => {
  const { write } = await openServer({ restMs: 3000 });
  const { socket, first } = write('POST /api/mail/uploads?refused HTTP/1.1\r\nHost: a\r\nContent-Length: 200002\r\n\r\n', much);
  await first;
  socket.write('ab');
  await new Promise((resolve) => setTimeout(resolve, 4500));
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
});

test('who leaves while he sends what was refused is forgotten', async () => {
  const watch = watchRequests({ ...webLimits, restMs: 0 });
  const server = createServer((asked, response) => {
    void watch.arrived({ request: asked, response, party: 'x', isHeld: false, end: () => undefined });
    response.writeHead(401, { 'Content-Length': '0' }).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const client = connect(await portOf(server), '127.0.0.1', () =>
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nabc'),
  );
  const [socket] = (await once(server, 'connection')) as [Socket];
  await once(client, 'data');
  client.destroy();
  await closed(socket);
  const ended = vi.spyOn(socket, 'destroy');
  watch.look();
  ended.mockClear();
  watch.look();
  expect(ended).not.toHaveBeenCalled();
});

/** Whether or not it ends with an error, which whoever sends at that moment may see. */
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.once('close', () => resolve()));

const portOf = async (server: Server): Promise<number> => {
  if (!server.listening) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

test('files of pages do not wait behind pages', async () => {
  const { working, ask } = await openServer();
  for (const from of ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.2']) ask(from, '/slow').catch(() => undefined);
  while (working.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await ask('192.0.2.3', '/_next/static/a.js')).statusCode).toBe(200);
});

test('a cookie is somebody’s once the database said so, and a name that only ends alike is another cookie', () => {
  onTestFinished(() => knownCookies.clear());
  const cookie = { key: 'k', untilMs: 0, who: null, saidAtMs: 0 };
  knownCookies.set('abc.def', cookie);
  expect(whoseCookie('locale=de; session=abc.def', 'session')).toBe(null);
  noteWhose(cookie, 'max@muster.at');
  expect(whoseCookie('locale=de; session=abc.def', 'session')).toBe('max@muster.at');
  expect([whoseCookie('my-session=abc.def', 'session'), whoseCookie('session=abc', 'session'), whoseCookie(undefined, 'session')]).toEqual([
    null,
    null,
    null,
  ]);
  // another host below the domain can give a browser cookies: ours are of this very host, and what only begins alike is not joined to them
  expect(whoseCookie('session.0=evil; sessionX=evil; session=abc.def; session=evil', 'session')).toBe('max@muster.at');
  const { name, callbackName } = cookieNames('https://mail.muster.at');
  expect([name, callbackName].filter((one) => !one.startsWith('__Host-'))).toEqual([]);
  // its session may have been ended from elsewhere since
  cookie.saidAtMs -= 3_600_000;
  expect(whoseCookie('session=abc.def', 'session')).toBe(null);
});

test('a connection is kept longer than a proxy keeps it, which else sends into one that is just being closed', async () => {
  const { ask } = await openServer();
  const { headers } = await ask('10.0.0.1', '/', { keepAlive: true });
  expect(headers['keep-alive']).toBe('timeout=75');
});
