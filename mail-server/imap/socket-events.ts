import type { Socket } from 'node:net';

/** Who hears what a socket has to say. */
interface Heard {
  receive(chunk: Buffer): void;
  inputEnded(): void;
  closed(): void;
}

// One set of listeners for all sockets instead of closures for each: thousands of connections idle most of their life.
const sessions = new WeakMap<Socket, Heard>();

/** Routes a socket's events to its session. */
export function attach(socket: Socket, session: Heard): void {
  sessions.set(socket, session);
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('error', onError);
  socket.on('close', onClose);
}

/** Ends that: what follows belongs to a TLS handshake. */
export function detach(socket: Socket): void {
  sessions.delete(socket);
  socket.off('data', onData);
  socket.off('end', onEnd);
  socket.off('close', onClose);
}

function onData(this: Socket, chunk: Buffer): void {
  sessions.get(this)?.receive(chunk);
}

function onEnd(this: Socket): void {
  sessions.get(this)?.inputEnded();
}

/** Clients vanish: the socket is done, its 'close' does the rest. */
function onError(this: Socket): void {
  this.destroy();
}

function onClose(this: Socket): void {
  sessions.get(this)?.closed();
}
