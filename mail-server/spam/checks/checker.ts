import type { Services } from '../../services.ts';

/** after a checker did not answer in time, letters flow past it for so long */
const sulkMs = 10_000;
const warnEveryMs = 60_000;

interface State {
  awayUntil: number;
  warnedAt: number;
}
const states = new Map<string, State>();

/**
 * Asks another program about a letter. Null when it is away, too slow or answers nonsense: mail flows, the operator reads it in the log (once a
 * minute) and in the metrics. `where` is its address, so that one which hangs or whose host is off is not waited for by each letter. Any other
 * failure says nothing about the next letter: one that is too large for the scanner must not open the door for those behind it.
 */
export async function askChecker<T>(
  { log, metrics }: Pick<Services, 'log' | 'metrics'>,
  { name, where, deadlineMs }: { name: string; where: string; deadlineMs: number },
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const key = `${name} ${where}`;
  const state = states.get(key) ?? { awayUntil: 0, warnedAt: -Infinity };
  states.set(key, state);
  if (state.awayUntil > performance.now()) {
    metrics.checks.inc({ checker: name, result: 'skipped' });
    return null;
  }
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const answer = await ask(deadline);
    metrics.checks.inc({ checker: name, result: 'answered' });
    return answer;
  } catch (error) {
    metrics.checks.inc({ checker: name, result: 'away' });
    const now = performance.now();
    if (deadline.aborted || isUnreachable(error)) state.awayUntil = now + sulkMs;
    if (now - state.warnedAt >= warnEveryMs) {
      state.warnedAt = now;
      log.warn({ err: error, checker: name, where }, 'a checker does not answer: letters are delivered without it');
    }
    return null;
  }
}

/** Which takes the network some seconds to find out, each time. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && unreachable.has(String(error.code))) || isUnreachable(error.cause);
}

const unreachable: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ETIMEDOUT']);
