import { limits } from './limits.ts';
import type { ResponseWriter } from './serializer/response-writer.ts';

interface Asked {
  readonly ended: boolean;
  readonly busy: boolean;
  readonly writer: ResponseWriter;
}

/** A client that closed its socket and one that only has nothing more to say look the same until something is written: asks while it waits. */
export function askWhetherGone(session: Asked, left: number = limits.goneProbes): void {
  if (session.ended || !session.busy || left === 0) return;
  setTimeout(() => {
    if (session.ended || !session.busy) return;
    const { writer } = session;
    if (writer.untouched) {
      writer.untagged('OK Still working');
      writer.flush();
      writer.mark();
    }
    askWhetherGone(session, left - 1);
  }, limits.goneProbeMs).unref();
}
