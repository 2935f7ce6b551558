import type { Socket } from 'node:net';
import type { Session } from './session.ts';

// One set of listeners for all sockets instead of closures for each: thousands of connections idle most of their life.
const sessions = new WeakMap<Socket, Session>();

/** Routes what a socket receives to its session. */
export function attach(socket: Socket, session: Session): void {
  sessions.set(socket, session);
  socket.on('data', onData);
  socket.on('error', onError);
}

/** Ends that: the bytes that follow belong to a TLS handshake. */
export function detach(socket: Socket): void {
  sessions.delete(socket);
  socket.off('data', onData);
}

function onData(this: Socket, chunk: Buffer): void {
  sessions.get(this)?.receive(chunk);
}

/** Clients vanish, handshakes fail: the socket is done, its 'close' does the rest. */
export function onError(this: Socket): void {
  this.destroy();
}
